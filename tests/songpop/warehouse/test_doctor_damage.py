from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from songpop.warehouse.checks import Finding
from songpop.warehouse.doctor import examine
from songpop.warehouse.paths import WarehousePaths
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
    ],
)
def test_broken_invariant_is_an_error(tmp_path: Path, statement: str, message: str) -> None:
    errors = errors_of(examine_after(tmp_path, statement))

    assert any(message in error for error in errors), errors


DAMAGES: dict[str, Callable[[WarehousePaths], object]] = {
    "private/songpop.duckdb": lambda paths: paths.private.write_bytes(b"noise" * 9_000),
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


def test_what_several_audits_cannot_read_is_told_once(tmp_path: Path) -> None:
    messages = errors_of(examine_after(tmp_path, "drop table raw.exports cascade"))

    assert len(messages) == len(set(messages))
    assert any("songpop.duckdb: expected a readable database" in message for message in messages)
