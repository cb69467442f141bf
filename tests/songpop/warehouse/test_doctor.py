import errno
import hashlib
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from songpop.errors import BusyError, InputError
from songpop.warehouse.checks import Finding
from songpop.warehouse.doctor import examine
from songpop.warehouse.lock import writer_lock
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.sqlfiles import list_sql, read_sql
from tests.builders import week_number
from tests.songpop.warehouse.make_warehouse import make_healthy


def examine_after(
    tmp_path: Path, *statements: str, then: Callable[[WarehousePaths], object] | None = None
) -> list[Finding]:
    paths, con = make_healthy(tmp_path)
    for statement in statements:
        con.execute(statement)
    con.close()
    if then is not None:
        then(paths)
    return examine(paths)


def errors_of(findings: list[Finding]) -> list[str]:
    return [finding.message for finding in findings if finding.severity == "error"]


def test_healthy_warehouse_has_only_the_note_about_the_refused_export(tmp_path: Path) -> None:
    findings = examine_after(tmp_path)

    assert [(finding.severity, finding.check) for finding in findings] == [
        ("note", "refused exports")
    ]
    assert findings[0].message == (
        "feed gb: expected no refused export, got 1: bad.csv; see `songpop quarantine list`; "
        "mend and land them again, or `songpop accept` them"
    )


def test_stale_weeks_are_a_note_with_the_command_that_mends_them(tmp_path: Path) -> None:
    findings = examine_after(
        tmp_path, "update core.weeks set is_stale = true, stale_because = 'x' where feed = 'us'"
    )
    note = next(finding for finding in findings if finding.check == "stale weeks")

    assert note.severity == "note"
    assert "feed us: expected no stale week, got 6: 2024-01-04, 2024-01-11, " in note.message
    assert "run `songpop backfill --feed us --from 2024-01-04`" in note.message


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("update raw.exports set loaded = 9 where feed = 'gb'", "check raw.exports.counts: "),
        ("update ml.models set status = 'champion'", "check ml.models.status: "),
        ("delete from ml.models where version = 'us-1'", "check mart.weekly_scores.model: "),
        (
            "update mart.weekly_scores set score = 0.65 where rank = 1 and score = 0.7",
            "parquet: expected us 2024-02-08 with 3 rows, got altered ones",
        ),
        ("update mart.publication set revision = 7", "expected revision 7, got revision 1"),
        (
            "update schema_migrations set sha256 = 'ab' where name = 'migrations/0001_raw'",
            "sql/migrations/0001_raw.sql: expected applied, got applied as ab…, now ",
        ),
        (
            "delete from schema_migrations where name = 'migrations/0001_raw'",
            "sql/migrations/0001_raw.sql: expected applied, got not applied; run `songpop run`",
        ),
        (
            "insert into schema_migrations values ('migrations/9999_new', 'ab', now())",
            "sql/migrations/9999_new.sql: expected applied, got applied, but unknown here; install",
        ),
        ("drop table schema_migrations", "songpop.duckdb: expected a readable database, got Cat"),
    ],
)
def test_broken_invariant_is_an_error(tmp_path: Path, statement: str, message: str) -> None:
    errors = errors_of(examine_after(tmp_path, statement))

    assert any(message in error for error in errors), errors


DAMAGES: dict[str, Callable[[WarehousePaths], object]] = {
    "private/songpop.duckdb": lambda paths: paths.private.write_bytes(b"noise" * 9_000),
    "private/songpop.duckdb: expected the writer's database, got none": (
        lambda paths: paths.private.unlink()
    ),
    "songpop.duckdb: expected a published warehouse": lambda paths: paths.snapshot.unlink(),
    "week=2024-02-08.parquet": (
        lambda paths: paths.parquet("us", week_number(6)).write_bytes(b"noise")
    ),
    "us-2/manifest.json: expected SHA-256": (
        lambda paths: (paths.models / "us" / "us-2" / "manifest.json").write_text("{}")
    ),
    "us-1/manifest.json: expected a file": (
        lambda paths: (paths.models / "us" / "us-1").rename(paths.root / "us-1")
    ),
}


@pytest.mark.parametrize("message", sorted(DAMAGES))
def test_damaged_or_missing_file_is_an_error_and_no_traceback(tmp_path: Path, message: str) -> None:
    errors = errors_of(examine_after(tmp_path, then=DAMAGES[message]))

    assert any(message in error for error in errors), errors
    assert all("; " in error and ": expected " in error for error in errors)


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


def test_every_block_of_the_private_file_is_read(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    con.execute("update core.track_weeks set streams_week_count = hash(track_id, week) // 3")
    con.execute("checkpoint")
    used = con.execute(
        "select distinct block_id from pragma_storage_info('core.track_weeks') "
        "where block_id >= 0 and column_name = 'streams_week_count'"
    ).fetchall()
    con.close()
    content = bytearray(paths.private.read_bytes())
    content[3 * 4096 + used[0][0] * 262_144 + 20_000] ^= 0xFF
    paths.private.write_bytes(content)

    errors = errors_of(examine(paths))

    assert any("private/songpop.duckdb: expected a readable database" in e for e in errors)


def test_warehouse_of_a_killed_writer_is_read_with_its_log(tmp_path: Path) -> None:
    def leave_log(paths: WarehousePaths) -> None:
        copy = paths.root / "copy.duckdb"
        with duckdb.connect(str(paths.private), config={"checkpoint_threshold": "1GB"}) as con:
            con.execute("update mart.publication set revision = 7")
            wal = paths.private.with_name("songpop.duckdb.wal")
            content = wal.read_bytes()
            copy.write_bytes(paths.private.read_bytes())
        copy.rename(paths.private)
        wal.write_bytes(content)

    errors = errors_of(examine_after(tmp_path, then=leave_log))

    assert any("expected revision 7, got revision 1" in error for error in errors), errors


def test_folder_without_a_warehouse_is_the_mistake_of_a_person(tmp_path: Path) -> None:
    pattern = r"warehouse .*: expected a warehouse, got none; run `songpop run` first, or pass"

    with pytest.raises(InputError, match=pattern):
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
        (PermissionError(errno.EACCES, "Permission denied"), "as the user who runs songpop"),
        (OSError(errno.EROFS, "Read-only file system"), "mount it for writing"),
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

    (told,) = errors_of(examine(paths))
    assert "expected permission to open it, got " in told
    assert remedy in told


def test_week_of_unusual_size_is_a_note(tmp_path: Path) -> None:
    findings = examine_after(
        tmp_path,
        f"update core.weeks set rows_count = 9 where feed = 'us' and week = '{week_number(6)}'",
    )

    (note,) = [finding for finding in findings if finding.check == "volume"]
    assert note.severity == "note"
    assert f"within 30 %, got 1: {week_number(6)}" in note.message


def test_missing_week_is_a_note_with_the_week_before_it(tmp_path: Path) -> None:
    findings = examine_after(
        tmp_path, f"delete from core.weeks where feed = 'us' and week = '{week_number(4)}'"
    )

    notes = {note.subject: note.message for note in findings if note.check == "freshness"}
    assert f"land what followed {week_number(3)}" in notes["feed us"]


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
