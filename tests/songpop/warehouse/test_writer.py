from pathlib import Path

import duckdb
import pytest

from songpop.errors import BusyError, CheckError
from songpop.formats.registry import load_formats
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.transaction import transaction
from songpop.warehouse.writer import bring_up_to_date, connect, explained, open_writer
from tests.builders import NOW, make_settings

FORMATS = load_formats()


def test_new_warehouse_has_every_table_and_leaves_no_log(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    paths = WarehousePaths(settings.warehouse)

    with open_writer(settings, FORMATS, "test", NOW) as con:
        assert con.execute("select count(*) from mart.weekly_scores").fetchall() == [(0,)]
        assert con.execute("select current_setting('TimeZone')").fetchall() == [("UTC",)]
        assert con.execute("select streams_week_count from core.track_weeks").fetchall() == []

    assert not paths.private.with_name("songpop.duckdb.wal").exists()


def test_what_a_killed_run_left_in_scratch_is_removed(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    leftover = WarehousePaths(settings.warehouse).scratch / "us-2024-06-13.parquet"
    leftover.parent.mkdir(parents=True)
    leftover.write_bytes(b"half")

    with open_writer(settings, FORMATS, "test", NOW):
        assert not leftover.exists()
        assert leftover.parent.is_dir()


def test_second_writer_is_refused_by_name(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)

    with (
        open_writer(settings, FORMATS, "songpop run", NOW),
        pytest.raises(BusyError, match=r"expected no other writer, got songpop run \(process"),
        open_writer(settings, FORMATS, "songpop backfill", NOW),
    ):
        pytest.fail("both write")


def test_damaged_private_file_is_named_with_its_remedy(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    paths = WarehousePaths(settings.warehouse)
    paths.private.parent.mkdir(parents=True)
    paths.private.write_bytes(b"no database" * 1_000)
    pattern = r"songpop\.duckdb: expected a readable database, got .*; restore it from a backup"

    with pytest.raises(CheckError, match=pattern):
        connect(paths, "100MB")


def test_error_inside_rolls_back_and_frees_the_warehouse(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)

    def fail_half_way() -> None:
        with open_writer(settings, FORMATS, "test", NOW) as con:
            con.begin()
            con.execute("update mart.publication set revision = 5")
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        fail_half_way()

    with open_writer(settings, FORMATS, "test", NOW) as con:
        assert con.execute("select revision from mart.publication").fetchall() == [(0,)]


def test_transaction_commits_all_or_nothing() -> None:
    con = duckdb.connect()
    con.execute("create table t (a integer)")

    with transaction(con):
        con.execute("insert into t values (1)")
    with pytest.raises(duckdb.ConversionException, match="two"), transaction(con):
        con.execute("insert into t values (2); insert into t values ('two')")

    assert con.execute("from t").fetchall() == [(1,)]


def test_what_duckdb_could_not_do_is_explained(tmp_path: Path) -> None:
    pattern = r"private/songpop\.duckdb: expected room, permission .*, got IO Error: disk full; put"
    with pytest.raises(CheckError, match=pattern), explained(WarehousePaths(tmp_path)):
        raise duckdb.IOException("IO Error: disk full\nmore")


def test_database_that_is_brought_up_to_date_has_tables_metrics_and_views() -> None:
    con = duckdb.connect()

    for _ in range(2):
        bring_up_to_date(con, FORMATS, NOW)

        for name in ("core.track_weeks", "core.tracks", "mart.weeks", "mart.movers"):
            assert con.execute(f"from {name}").fetchall() == []
        assert "spotify_streams_count" in con.table("core.track_weeks").columns
    con.close()


def test_too_little_memory_names_the_setting(tmp_path: Path) -> None:
    settings = make_settings(tmp_path, memory_limit="64MB")

    with (
        pytest.raises(CheckError, match=r"expected memory, .*; raise memory_limit in the settings"),
        open_writer(settings, FORMATS, "test", NOW) as con,
    ):
        # A list is one value, which cannot be spilled.
        con.execute("select len(list(n)) from range(100_000_000) as numbers (n)")
