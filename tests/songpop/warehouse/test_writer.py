from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from songpop.errors import BusyError, CheckError
from songpop.formats.registry import load_formats
from songpop.warehouse.lake import LakeLocation
from songpop.warehouse.leftovers import Removed
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.transaction import transaction
from songpop.warehouse.writer import (
    bring_up_to_date,
    connect,
    explained,
    hold_warehouse,
    open_writer,
)
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


def test_database_is_opened_with_limits_of_the_settings_and_loads_nothing(tmp_path: Path) -> None:
    paths = WarehousePaths(tmp_path)
    paths.scratch.mkdir(parents=True)
    names = ("memory_limit", "temp_directory", "storage_compatibility_version", "TimeZone")
    switches = ("autoinstall_known_extensions", "autoload_known_extensions")

    with connect(paths, "64MiB") as con:
        values = [
            con.execute(f"select current_setting('{name}')").fetchall()[0][0]
            for name in (*names, *switches)
        ]
        stored = con.execute("select tags from duckdb_databases() where database_name = 'songpop'")

        assert values == ["64.0 MiB", str(paths.scratch), "v1.4.0", "UTC", False, False]
        assert stored.fetchall() == [({"storage_version": "v1.4.0+"},)]


@pytest.mark.parametrize("begins", [True, False])
def test_lake_is_attached_where_there_is_one_or_one_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, begins: bool
) -> None:
    paths = WarehousePaths(tmp_path)
    paths.scratch.mkdir(parents=True)
    present, new = (LakeLocation(catalog=f"ducklake:{name}", data="/data") for name in "ab")
    paths.lake.write_text(present.model_dump_json())
    asked: list[object] = []

    def attach(con: duckdb.DuckDBPyConnection, place: LakeLocation, *, begins: bool) -> None:
        asked.append((con.execute("select current_database()").fetchall(), place, begins))

    monkeypatch.setattr("songpop.warehouse.writer.attach_lake", attach)

    connect(paths, "64MiB", new if begins else None).close()

    assert asked == [([("memory",)], new if begins else present, begins)]
    assert not paths.private.exists()


def test_place_is_held_by_name_without_opening_the_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make_settings(tmp_path, wait_seconds=2.5)
    paths = WarehousePaths(settings.warehouse)
    paths.scratch.mkdir(parents=True)
    (paths.scratch / "half").write_bytes(b"1234")
    asked: list[object] = []

    @contextmanager
    def note(*args: object) -> Generator[None]:
        asked.append(args)
        yield

    monkeypatch.setattr("songpop.warehouse.writer.writer_lock", note)

    with hold_warehouse(settings, "songpop restore") as removed:
        assert removed == Removed(1, 4)
        assert list(paths.scratch.iterdir()) == []
    assert asked == [(paths.lock, "songpop restore", 2.5)]
    assert not paths.private.exists()


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
    paths = WarehousePaths(tmp_path)

    with pytest.raises(CheckError) as told, explained(paths):
        raise duckdb.IOException("IO Error: disk full\nmore")

    assert str(told.value) == (
        f"{paths.private}: expected room, permission to write and whole files, got IO Error: disk "
        "full; put that right and try again; `songpop doctor` says more"
    )


def test_too_little_memory_is_told_with_what_gives_more(tmp_path: Path) -> None:
    paths = WarehousePaths(tmp_path)

    with pytest.raises(CheckError) as told, explained(paths):
        raise duckdb.OutOfMemoryException("Out of Memory Error: 1 GB\nmore")

    assert str(told.value) == (
        f"{paths.private}: expected memory, and room on the disk for what does not fit into it, "
        "got Out of Memory Error: 1 GB; raise memory_limit in the settings, or make room, and try "
        "again"
    )


@pytest.mark.parametrize(
    "error",
    [
        duckdb.IOException("Error: a"),
        duckdb.TransactionException("Error: a"),
        duckdb.OutOfMemoryException("Error: a"),
        duckdb.SerializationException("Error: a"),
        duckdb.FatalException("Error: a"),
        duckdb.BinderException("Error: a"),
    ],
)
def test_mistake_of_a_statement_is_not_blamed_on_the_machine(
    tmp_path: Path, error: duckdb.Error
) -> None:
    is_own = isinstance(error, duckdb.BinderException)

    with (
        pytest.raises(duckdb.BinderException if is_own else CheckError, match="Error: a"),
        open_writer(make_settings(tmp_path), FORMATS, "test", NOW) as con,
    ):
        raise error

    with pytest.raises(duckdb.ConnectionException):
        con.execute("select 1")


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
