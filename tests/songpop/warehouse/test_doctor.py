import errno
import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from songpop.errors import BusyError, CheckError, InputError
from songpop.warehouse.checks import Finding
from songpop.warehouse.doctor import examine, examine_private
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


def test_missing_private_file_is_the_only_finding(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    con.close()
    paths.private.unlink()

    message = f"{paths.private}: expected the writer's database, got none; restore a backup"
    assert examine(paths) == [Finding("error", "private file", str(paths.private), message)]


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
