import errno
import hashlib
import re
from pathlib import Path

import pytest

from songpop.errors import BusyError, CheckError, InputError
from songpop.warehouse.checks import Finding
from songpop.warehouse.doctor import examine, examine_private
from songpop.warehouse.lock import writer_lock
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.sqlfiles import list_sql, read_sql
from tests.builders import week_number
from tests.songpop.warehouse.make_warehouse import make_healthy


def examine_after(tmp_path: Path, *statements: str) -> list[Finding]:
    paths, con = make_healthy(tmp_path)
    for statement in statements:
        con.execute(statement)
    con.close()
    return examine(paths)


def errors_of(findings: list[Finding]) -> list[str]:
    return [finding.message for finding in findings if finding.severity == "error"]


def test_older_tables_are_the_only_finding_since_checks_are_written_for_the_newest(
    tmp_path: Path,
) -> None:
    last = max(list_sql("migrations"))
    findings = examine_after(
        tmp_path,
        f"delete from main.schema_migrations where name = '{last}'",
        "update ml.models set status = 'champion'",
    )

    assert errors_of(findings) == [
        f"sql/{last}.sql: expected applied, got not applied; run `songpop run`, which applies it"
    ]


def test_missing_private_file_is_the_only_finding(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    con.close()
    paths.private.unlink()

    [finding] = examine(paths)

    wanted = f"{paths.private}: expected the writer's database, got none; "
    assert (finding.severity, finding.check) == ("error", "private file")
    assert finding.message.startswith(f"{wanted}run `songpop restore latest`; ")


def test_private_file_without_its_migrations_is_told_of_once(tmp_path: Path) -> None:
    (finding,) = examine_after(tmp_path, "drop table main.schema_migrations")

    path = str(tmp_path / "warehouse" / "private" / "songpop.duckdb")
    assert (finding.severity, finding.check, finding.subject) == ("error", "private file", path)
    assert finding.message.startswith(f"{path}: expected a readable database, got Catalog Error: ")
    assert finding.message.endswith(
        "; restore it from a backup, or move it away and run `songpop backfill` on all exports"
    )


def test_migrations_that_differ_are_told_by_their_files(tmp_path: Path) -> None:
    first, second, *_ = list_sql("migrations")
    findings = examine_after(
        tmp_path,
        f"delete from main.schema_migrations where name in ('{first}', '{second}')",
        "insert into main.schema_migrations values ('migrations/9999_new', 'ab', now())",
    )

    wanted = "expected applied, got"
    remedies = {
        f"sql/{first}.sql": "not applied; run `songpop run`, which applies it",
        f"sql/{second}.sql": "not applied; run `songpop run`, which applies it",
        "sql/migrations/9999_new.sql": (
            "applied, but unknown here; install the newer songpop that applied it"
        ),
    }
    assert findings == [
        Finding("error", "migrations", subject, f"{subject}: {wanted} {remedy}")
        for subject, remedy in remedies.items()
    ]


def test_tables_and_models_can_be_examined_without_what_is_published(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    paths.snapshot.unlink()
    (paths.models / "us" / "us-2" / "manifest.json").unlink()
    con.execute("update ml.drift set check_name = 'hunch'")

    findings = examine_private(con, paths)

    assert [finding.check for finding in findings] == ["ml.drift.words", "model artefacts"]
    con.close()


def test_audit_that_cannot_read_a_table_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    findings = examine_after(tmp_path, "drop table core.matured_losses cascade")

    (broken,) = [finding for finding in findings if finding.severity == "error"]
    path = str(tmp_path / "warehouse" / "private" / "songpop.duckdb")
    assert (broken.check, broken.subject) == ("private file", path)
    assert broken.message.startswith(f"{path}: expected a readable database, got Catalog Error: ")
    assert [finding.check for finding in findings if finding.severity == "note"] == [
        "refused exports"
    ]


def test_doctor_waits_in_the_place_of_a_writer_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths, con = make_healthy(tmp_path)
    con.close()
    asked: list[tuple[object, ...]] = []

    def refuse(*args: object) -> None:
        asked.append(args)
        raise CheckError("damaged")

    monkeypatch.setattr("songpop.warehouse.doctor.open_private", refuse)

    (finding,) = examine(paths, 2.5)
    examine(paths)

    assert finding == Finding("error", "private file", str(paths.private), "damaged")
    assert asked == [(paths, "songpop doctor", seconds) for seconds in (2.5, 0.0)]


def test_migration_that_was_changed_shows_twelve_digits_of_both_digests(tmp_path: Path) -> None:
    last = max(list_sql("migrations"))
    shipped = hashlib.sha256(read_sql(last).encode()).hexdigest()
    findings = examine_after(
        tmp_path, f"update main.schema_migrations set sha256 = 'ab' || sha256 where name = '{last}'"
    )

    (message,) = errors_of(findings)
    got = f"applied as ab{shipped[:10]}…, now {shipped[:12]}…"
    remedy = "restore the file and put the change into a new migration"
    assert message == f"sql/{last}.sql: expected applied, got {got}; {remedy}"


def test_folder_without_a_warehouse_is_the_mistake_of_a_person(tmp_path: Path) -> None:
    message = (
        f"warehouse {tmp_path}: expected a warehouse, got none; "
        "run `songpop run` first, or pass --warehouse"
    )

    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        examine(WarehousePaths(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_running_writer_is_named(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    con.close()

    with writer_lock(paths.lock, "songpop run", 0), pytest.raises(BusyError, match="songpop run"):
        examine(paths)


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (
            PermissionError(errno.EACCES, "Permission denied"),
            "run the doctor as the user who runs songpop",
        ),
        (
            OSError(errno.EROFS, "Read-only file system"),
            "mount it for writing; nothing is said of the file itself",
        ),
        (
            OSError(errno.ENOSPC, "No space left on device"),
            "make room on its disk; nothing is said of the file itself",
        ),
        (
            OSError(errno.EDQUOT, "Disk quota exceeded"),
            "make room on its disk; nothing is said of the file itself",
        ),
    ],
)
def test_file_that_may_not_be_opened_is_an_error_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, remedy: str
) -> None:
    paths, con = make_healthy(tmp_path)
    con.close()

    def refuse(*args: object) -> None:
        del args
        raise error

    monkeypatch.setattr("songpop.warehouse.doctor.open_private", refuse)

    message = f"{paths.private}: expected permission to open it, got {error}; {remedy}"
    assert examine(paths) == [Finding("error", "private file", str(paths.private), message)]


def test_healthy_warehouse_has_only_the_note_about_the_refused_export(tmp_path: Path) -> None:
    findings = examine_after(tmp_path)

    assert findings == [
        Finding(
            "note",
            "refused exports",
            "feed gb",
            "feed gb: expected no refused export, got 1: bad.csv; see `songpop quarantine list`; "
            "mend and land them again, or `songpop accept` them",
        )
    ]


def test_stale_weeks_are_a_note_with_the_command_that_mends_them(tmp_path: Path) -> None:
    findings = examine_after(
        tmp_path, "update core.weeks set is_stale = true, stale_because = 'x' where feed = 'us'"
    )
    note = next(finding for finding in findings if finding.check == "stale weeks")

    weeks = ", ".join(str(week_number(number)) for number in range(1, 6))
    assert note == Finding(
        "note",
        "stale weeks",
        "feed us",
        f"feed us: expected no stale week, got 6: {weeks}, …; "
        f"run `songpop backfill --feed us --from {week_number(1)}`",
    )


def test_week_of_unusual_size_is_a_note(tmp_path: Path) -> None:
    findings = examine_after(
        tmp_path,
        f"update core.weeks set rows_count = 9 where feed = 'us' and week = '{week_number(6)}'",
    )

    (note,) = [finding for finding in findings if finding.check == "volume"]
    wanted = "expected as many rows a week as usual, within 30 %, got 1"
    message = f"feed us: {wanted}: {week_number(6)}; check the exports of these weeks"
    assert note == Finding("note", "volume", "feed us", message)


def test_missing_week_is_a_note_with_the_week_before_it(tmp_path: Path) -> None:
    findings = examine_after(
        tmp_path, f"delete from core.weeks where feed = 'us' and week = '{week_number(4)}'"
    )

    (note,) = [finding for finding in findings if finding.check == "freshness"]
    before = week_number(3)
    wanted = "expected a week every seven days, up to the newest of all feeds, got 1"
    remedy = f"land what followed {before}, then run `songpop backfill --feed us --from {before}`"
    assert note == Finding("note", "freshness", "feed us", f"feed us: {wanted}: {before}; {remedy}")


def test_quarantined_week_is_no_missing_one_and_is_told_with_the_way_out(tmp_path: Path) -> None:
    held = week_number(7)
    findings = examine_after(
        tmp_path,
        f"""
        insert into ml.drift_weeks by name
        select feed, '{held}'::date as week, 'quarantine' as decision, ['units'] as reasons
        from (values ('us'), ('gb')) as feeds (feed)
        """,
        f"update raw.exports set week = '{held}' where sha256 = 'bad'",
    )

    notes = {note.subject: note.message for note in findings if note.check == "quarantined weeks"}
    assert notes["feed gb"] == (
        f"feed gb: expected no quarantined week, got 1: {held}; see `songpop quarantine list "
        f"--feed gb`; mend and land them again, or, if it is true, `songpop accept gb {held}`"
    )
    assert not [note for note in findings if note.check == "refused exports"]
    assert "feed us" not in {note.subject for note in findings if note.check == "freshness"}
