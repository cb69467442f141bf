"""Exported is what the snapshot holds: a table, a feed, a week."""

import datetime as dt
from pathlib import Path

import duckdb
import polars as pl
import pytest

from songpop.errors import CheckError, InputError
from songpop.export.tables import Wanted, read_frames
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.query import explain_damage, open_snapshot, run_query
from tests.builders import week_number
from tests.songpop.warehouse.make_warehouse import make_healthy


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> WarehousePaths:
    found, con = make_healthy(tmp_path_factory.mktemp("export"))
    con.close()
    return found


def read(
    paths: WarehousePaths,
    table: str | None = None,
    feed: str | None = None,
    week: dt.date | None = None,
) -> pl.DataFrame:
    with open_snapshot(paths) as con:
        return pl.concat(read_frames(con, Wanted(table, feed, week)))


def test_scores_are_those_of_the_newest_scored_week_by_rank(paths: WarehousePaths) -> None:
    df = read(paths)

    assert df.select("week", "track_id").rows() == [(week_number(6), track) for track in "abc"]
    assert df.columns == run_query(paths, "from mart.weekly_scores").columns


@pytest.mark.parametrize("table", [None, "mart.weekly_scores"])
def test_scores_that_are_stored_backwards_come_by_rank(tmp_path: Path, table: str | None) -> None:
    paths, con = make_healthy(tmp_path)
    con.close()
    paths.snapshot.chmod(0o644)
    with duckdb.connect(str(paths.snapshot)) as con:
        con.execute("create table backwards as from mart.weekly_scores order by week, rank desc")
        con.execute("delete from mart.weekly_scores")
        con.execute("insert into mart.weekly_scores from backwards")

    df = read(paths, table, week=week_number(6))

    assert df.select("rank", "track_id").rows() == [(1, "a"), (2, "b"), (3, "c")]


def test_week_can_be_named(paths: WarehousePaths) -> None:
    df = read(paths, feed="us", week=week_number(2))

    assert df.select("week", "score").rows() == [(week_number(2), s) for s in (0.9, 0.6, 0.1)]


def test_named_table_is_whole_and_in_order_of_weeks(paths: WarehousePaths) -> None:
    df = read(paths, "mart.weekly_scores")

    assert df["week"].to_list() == [week_number(n) for n in (2, 3, 6) for _ in "abc"]


def test_loaded_week_without_scores_has_no_rows_but_columns(paths: WarehousePaths) -> None:
    assert read(paths, week=week_number(5)).is_empty()
    assert read(paths, feed="gb").columns == read(paths).columns


def test_every_published_table_and_view_can_be_exported_as_text(paths: WarehousePaths) -> None:
    tables = run_query(paths, "select schema || '.' || name as name from (show all tables)")[
        "name"
    ].to_list()

    for name in tables:
        rows = run_query(paths, f"select count(*) as rows_count from {name}")
        df = read(paths, name)

        assert df.height == rows["rows_count"][0], name
        assert not any(kind.is_nested() for kind in df.dtypes), name
        df.write_csv()


def test_lists_are_json_and_times_are_utc(paths: WarehousePaths) -> None:
    models = read(paths, "ml.models").row(0, named=True)
    quality = read(paths, "mart.data_quality", "us", week_number(5)).row(0, named=True)

    assert models["trained_on_weeks"] == f'["{week_number(2)}"]'
    assert models["created_at"] == dt.datetime(2024, 7, 1, 6, tzinfo=dt.UTC)
    assert quality["drift_reasons"] is None


def test_backtest_may_be_of_a_format_that_is_no_feed(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    con.close()
    paths.snapshot.chmod(0o644)
    with duckdb.connect(str(paths.snapshot)) as con:
        con.execute("update ml.backtests set feed = 'spotify_charts'")

    assert read(paths, "ml.backtests", "spotify_charts").height == 1


@pytest.mark.parametrize(
    ("wanted", "pattern"),
    [
        (("movers",), r"table movers: expected a published table or view, got none of that name; "),
        (("core.weeks",), r"there are [0-9]+: mart\.accepted_weeks, .*, …; warehouse/README\.md"),
        (
            ("mart.movers; drop table ml.runs",),
            r"table mart\.movers; drop .*: expected a published",
        ),
        ((None, "uk"), r"feed uk: expected a feed, got none of that name; there are 2: gb, us"),
        (
            (None, "us", dt.date(2031, 1, 2)),
            r"week 2031-01-02: .* got none; there are 6, the newest",
        ),
        (
            ("ml.champions", None, week_number(2)),
            r"--week: expected a table with a column week, got",
        ),
    ],
)
def test_what_does_not_exist_is_refused_with_what_does(
    paths: WarehousePaths, wanted: tuple[str], pattern: str
) -> None:
    with pytest.raises(InputError, match=pattern):
        read(paths, *wanted)


def test_snapshot_of_an_older_songpop_is_named_with_what_to_do(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    con.close()
    paths.snapshot.chmod(0o644)
    with duckdb.connect(str(paths.snapshot)) as con:
        con.execute("drop view mart.movers; alter table mart.weekly_scores drop column run_id")

    with (
        pytest.raises(InputError, match="expected the tables of this songpop"),
        explain_damage(paths),
    ):
        read(paths)


def test_damaged_snapshot_is_named_with_what_to_do(paths: WarehousePaths) -> None:
    with pytest.raises(CheckError, match="expected a readable database"), explain_damage(paths):
        raise duckdb.IOException("bad block")
    with (
        pytest.raises(CheckError, match="got too big; free memory on this machine"),
        explain_damage(paths),
    ):
        raise duckdb.OutOfMemoryException("too big")
