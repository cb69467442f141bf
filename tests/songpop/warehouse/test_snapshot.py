import stat
from pathlib import Path

import duckdb
import pytest

from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.publish import mark_revised
from songpop.warehouse.published import (
    Published,
    layout_sha256,
    published_tables,
    read_published,
    wal_beside,
)
from songpop.warehouse.snapshot import LONG_TEXTS, write_snapshot
from songpop.warehouse.writer import connect
from tests.builders import week_number
from tests.songpop.warehouse.make_warehouse import make_healthy

TABLES = [*published_tables("weekly"), *published_tables("whole")]


def relation_of(con: duckdb.DuckDBPyConnection, name: str) -> duckdb.DuckDBPyRelation:
    return con.sql(f"from {name}")


def rows_of(con: duckdb.DuckDBPyConnection, name: str) -> list[tuple[object, ...]]:
    return sorted(relation_of(con, name).fetchall(), key=repr)


def test_snapshot_holds_what_the_private_file_holds_and_no_more(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)

    with duckdb.connect(str(paths.snapshot), read_only=True) as snapshot:
        names = snapshot.execute(
            "select schema_name || '.' || table_name from duckdb_tables()"
        ).fetchall()
        assert {name for (name,) in names} == {*TABLES, "mart.publication", "mart.parquet_files"}
        for name in TABLES:
            assert rows_of(snapshot, name) == rows_of(con, name)
            assert rows_of(con, name)
    con.close()


def test_snapshot_is_for_reading_and_has_no_log(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)

    assert stat.S_IMODE(paths.snapshot.stat().st_mode) == 0o444
    assert not wal_beside(paths.snapshot).exists()
    con.close()


def test_only_the_named_parts_are_renewed(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    con.execute("update mart.weekly_scores set run_id = 'new'")
    con.execute("delete from ml.labels")
    target = Published(9, layout_sha256())
    parts = [(name, "us", week_number(2)) for name in published_tables("weekly")]

    write_snapshot(con, paths, parts, target, {}, is_rebuilt=False)

    assert read_published(paths.snapshot) == target
    with duckdb.connect(str(paths.snapshot), read_only=True) as snapshot:
        runs = snapshot.execute(
            "select week, run_id, count(*) from mart.weekly_scores group by all order by all"
        ).fetchall()
        assert runs == [
            (week_number(2), "new", 3),
            (week_number(3), "run", 3),
            (week_number(6), "run", 3),
        ]
        assert snapshot.execute("select count(*) from ml.labels").fetchall() == [(0,)]
    con.close()


def test_rebuilt_snapshot_holds_the_named_parts_alone(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    parts = [("mart.weekly_scores", "us", week_number(2))]

    write_snapshot(con, paths, parts, Published(9, "x"), {}, is_rebuilt=True)

    with duckdb.connect(str(paths.snapshot), read_only=True) as snapshot:
        weeks = snapshot.execute("select distinct week from mart.weekly_scores").fetchall()
        assert weeks == [(week_number(2),)]
        assert snapshot.execute("select count(*) from ml.labels").fetchall() == [(0,)]
    con.close()


def files_of(paths: WarehousePaths) -> dict[object, object]:
    with duckdb.connect(str(paths.snapshot), read_only=True) as snapshot:
        rows = snapshot.execute("select week, file_sha256 from mart.parquet_files").fetchall()
    return dict(rows)


def test_digests_of_written_and_removed_files_are_renewed_in_a_copy(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    before = files_of(paths)
    files = {("us", week_number(2)): "new", ("us", week_number(3)): None}

    write_snapshot(con, paths, [], Published(9, "x"), files, is_rebuilt=False)

    six = week_number(6)
    assert set(before) == {week_number(2), week_number(3), six}
    assert files_of(paths) == {week_number(2): "new", six: before[six]}
    con.close()


def test_rebuilt_snapshot_holds_the_named_digests_alone(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    files = {("us", week_number(2)): "new", ("gb", week_number(3)): None}

    write_snapshot(con, paths, [], Published(9, "x"), files, is_rebuilt=True)

    assert files_of(paths) == {week_number(2): "new"}
    con.close()


def test_long_texts_are_stored_as_they_are_written_fastest(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    con.close()
    con = connect(paths, "1GB")
    parts = [(name, "us", week_number(6)) for name in published_tables("weekly")]

    write_snapshot(con, paths, parts, Published(9, "x"), {}, is_rebuilt=True)

    found: set[str] = set()
    with duckdb.connect(str(paths.snapshot), read_only=True) as snapshot:
        for name in published_tables("weekly"):
            stored = snapshot.execute(
                "select distinct column_name from pragma_storage_info($name) "
                "where segment_type = 'VARCHAR' and compression = 'ZSTD'",
                {"name": name},
            ).fetchall()
            assert {column for (column,) in stored} <= LONG_TEXTS
            found |= {column for (column,) in stored}
    assert found == LONG_TEXTS
    con.close()


@pytest.mark.parametrize("is_rebuilt", [True, False])
def test_what_a_kill_left_aside_is_in_nobodys_way(tmp_path: Path, *, is_rebuilt: bool) -> None:
    paths, con = make_healthy(tmp_path)
    aside = paths.scratch / "snapshot.duckdb"
    for leftover in (aside, wal_beside(aside)):
        leftover.write_bytes(b"noise" * 9_000)

    write_snapshot(con, paths, [], Published(9, "x"), {}, is_rebuilt=is_rebuilt)

    assert read_published(paths.snapshot) == Published(9, "x")
    assert list(paths.scratch.iterdir()) == []
    con.close()


def test_parts_of_one_week_and_feed_are_renewed_and_others_kept(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    con.execute(
        "insert into mart.weekly_scores select 'gb', * exclude (feed) from mart.weekly_scores"
    )
    mark_revised(con, [("gb", week_number(6))])
    parts = [("mart.weekly_scores", feed, week_number(6)) for feed in ("gb", "us")]

    write_snapshot(con, paths, parts, Published(9, "x"), {}, is_rebuilt=False)

    with duckdb.connect(str(paths.snapshot), read_only=True) as snapshot:
        rows = snapshot.execute(
            "select feed, count(*) from mart.weekly_scores group by feed order by feed"
        ).fetchall()
    assert rows == [("gb", 3), ("us", 9)]
    con.close()


def test_writer_keeps_its_own_database_and_can_publish_again(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    for revision in (8, 9):
        write_snapshot(con, paths, [], Published(revision, "x"), {}, is_rebuilt=False)

    assert con.execute("select current_catalog()").fetchall() == [("songpop",)]
    databases = con.execute("select database_name from duckdb_databases() where not internal")
    assert databases.fetchall() == [("songpop",)]
    assert list(paths.scratch.iterdir()) == []
    con.close()


def test_folder_with_a_quote_in_its_name_is_no_trouble(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path / "it's; drop")

    write_snapshot(con, paths, [], Published(9, "x"), {}, is_rebuilt=False)

    assert read_published(paths.snapshot) == Published(9, "x")
    con.close()


def test_reader_that_has_the_snapshot_open_keeps_its_own(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    with duckdb.connect(str(paths.snapshot), read_only=True) as reader:
        before = reader.execute("select revision from mart.publication").fetchall()
        write_snapshot(con, paths, [], Published(9, "x"), {}, is_rebuilt=False)

        assert reader.execute("select revision from mart.publication").fetchall() == before
    assert read_published(paths.snapshot) == Published(9, "x")
    con.close()


def test_snapshot_that_somebody_writes_to_shows_nothing(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    wal_beside(paths.snapshot).write_bytes(b"log")

    assert read_published(paths.snapshot) is None

    write_snapshot(con, paths, [], Published(9, "x"), {}, is_rebuilt=False)

    assert read_published(paths.snapshot) == Published(9, "x")
    con.close()


def test_failure_leaves_the_present_snapshot_and_nothing_attached(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    before = paths.snapshot.read_bytes()
    con.execute("drop view mart.weeks")
    con.execute("alter table core.weeks rename column rows_count to n")
    with pytest.raises(duckdb.BinderException, match="rows_count"):
        write_snapshot(con, paths, [], Published(9, "x"), {}, is_rebuilt=False)

    assert paths.snapshot.read_bytes() == before
    databases = con.execute("select database_name from duckdb_databases() where not internal")
    assert databases.fetchall() == [("songpop",)]
    con.close()
