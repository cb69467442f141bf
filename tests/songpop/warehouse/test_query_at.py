"""Questions to a lake as it was; here a DuckDB file stands for what is attached."""

import datetime as dt
import os
from pathlib import Path

import duckdb
import polars as pl
import pytest

from songpop.errors import CheckError, InputError
from songpop.warehouse import query
from songpop.warehouse.lake import LakeLocation
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.query import run_query_at

AT = dt.datetime(2024, 7, 1, 6, tzinfo=dt.UTC)


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WarehousePaths:
    """Return a warehouse whose tables are said to be in a lake, of one table."""
    paths = WarehousePaths(tmp_path / "warehouse")
    data = tmp_path / "it's data"
    data.mkdir()
    paths.lake.parent.mkdir(parents=True)
    location = LakeLocation(catalog="ducklake:elsewhere", data=str(data))
    paths.lake.write_text(location.model_dump_json())
    with duckdb.connect(str(tmp_path / "stand-in.duckdb")) as con:
        con.execute("create table songs as select 'a' as track, 0.5 as score")
        con.execute(f"copy songs to '{tmp_path}/songs.parquet'")
    (data / "songs.parquet").write_bytes((tmp_path / "songs.parquet").read_bytes())

    def attach(
        con: duckdb.DuckDBPyConnection, asked: LakeLocation, *, read_only: bool, at: dt.datetime
    ) -> None:
        assert (asked, read_only, at) == (location, True, AT)
        con.execute(f"attach '{tmp_path / 'stand-in.duckdb'}' as lake (read_only)")
        con.execute("use lake")

    monkeypatch.setattr(query, "attach_lake", attach)
    return paths


def read_setting(paths: WarehousePaths, name: str) -> object:
    return run_query_at(paths, f"select current_setting('{name}')", AT).item()


def test_lake_is_read_as_of_the_time_in_utc(
    paths: WarehousePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "TZ", "Asia/Tokyo")

    assert run_query_at(paths, "from songs", AT).rows() == [("a", 0.5)]
    assert read_setting(paths, "TimeZone") == "UTC"


def test_files_of_the_lake_are_read_and_no_others(paths: WarehousePaths, tmp_path: Path) -> None:
    frame = pl.DataFrame({"secret": [1]})
    data = str(tmp_path / "it's data").replace("'", "''")

    assert run_query_at(paths, f"from '{data}/songs.parquet'", AT).height == 1
    for source in (f"'{tmp_path}/songs.parquet'", "frame"):
        with pytest.raises(InputError, match=r"^query: expected one that can be answered, got "):
            run_query_at(paths, f"from {source}", AT)
    assert frame.height == 1
    assert read_setting(paths, "lock_configuration") is True


def test_file_of_the_lake_that_is_gone_is_no_mistake_of_the_query(
    paths: WarehousePaths, tmp_path: Path
) -> None:
    data = str(tmp_path / "it's data").replace("'", "''")

    with pytest.raises(
        CheckError, match=r"^catalogue ducklake:elsewhere: expected one that answer"
    ):
        run_query_at(paths, f"from read_parquet('{data}/gone.parquet')", AT)


def test_query_is_looked_at_before_the_lake(paths: WarehousePaths) -> None:
    paths.lake.unlink()

    with pytest.raises(InputError, match="expected one that reads, got drop statement"):
        run_query_at(paths, "drop table songs", AT)


def test_query_that_cannot_be_answered_is_told_without_its_copy(paths: WarehousePaths) -> None:
    with pytest.raises(InputError) as told:
        run_query_at(paths, "select nothing\nfrom songs", AT)

    message = str(told.value)
    assert message.startswith("query: expected one that can be answered, got Binder Error: ")
    assert message.endswith('; mend the query; `songpop sql "show all tables"` lists what there is')
    assert "LINE" not in message


@pytest.mark.parametrize("is_kept", [True, False])
def test_time_of_which_nothing_is_kept_is_the_mistake_of_a_person(
    paths: WarehousePaths, monkeypatch: pytest.MonkeyPatch, *, is_kept: bool
) -> None:
    def fail(*args: object, **options: object) -> None:
        del args, options
        raise CheckError("unreachable" if is_kept else "got No snapshot found at timestamp")

    monkeypatch.setattr(query, "attach_lake", fail)

    with pytest.raises(CheckError if is_kept else InputError) as told:
        run_query_at(paths, "from songs", AT)

    remedy = "ask for a later time; [maintenance] lake_days says what is kept"
    message = f"2024-07-01 06:00 UTC: expected a state of it, got none that is kept; {remedy}"
    assert str(told.value) == ("unreachable" if is_kept else message)


def test_one_file_remembers_no_earlier_state(tmp_path: Path) -> None:
    with pytest.raises(InputError) as told:
        run_query_at(WarehousePaths(tmp_path), "select 1", AT)

    remedy = "see mart.superseded_scores for earlier scores, or move it with `songpop convert`"
    assert (
        str(told.value) == f"warehouse {tmp_path}: expected one in a lake, got one file; {remedy}"
    )
