import duckdb
import polars as pl

from songpop.backtest.material import list_loaded, read_material
from songpop.backtest.plan import BacktestPlan
from songpop.training.gather import Target, TrainingSet, gather_forward
from tests.builders import week_number
from tests.songpop.training.make_charts import CHART, add_chart, make_chart, make_charts

PLAN = BacktestPlan()


def read(con: duckdb.DuckDBPyConnection, *feeds: str) -> TrainingSet:
    told: list[None] = []
    loaded = list_loaded(con, feeds)
    material = read_material(con, loaded, CHART, PLAN, lambda: told.append(None))

    assert material is not None
    assert len(told) == len(loaded)
    return material


def test_weeks_are_listed_oldest_first_and_of_the_feeds_alone() -> None:
    con = make_charts({"us": [2, 1], "gb": [1], "de": [1]})

    assert list_loaded(con, ["us", "gb"]) == [
        ("gb", week_number(1)),
        ("us", week_number(1)),
        ("us", week_number(2)),
    ]


def test_the_material_is_what_the_weekly_run_learns_from() -> None:
    con = make_charts({"us": range(1, 15)})
    weekly = gather_forward(con, "us", week_number(9), CHART, Target("level", 4))

    material = read(con, "us")

    assert weekly is not None
    known = material.labels["week"] <= week_number(5)
    assert material.features.filter(known).equals(weekly.features)
    assert material.labels.filter(known).equals(weekly.labels)
    assert material.facts.filter(known).equals(weekly.facts)
    assert material.weeks == tuple(week_number(n) for n in range(1, 11))


def test_stored_labels_are_not_needed() -> None:
    con = make_charts({"us": range(1, 10), "gb": range(1, 10)})
    before = read(con, "us", "gb")
    con.execute("delete from ml.labels")

    assert read(con, "us", "gb").labels.equals(before.labels)
    assert set(before.labels["feed"]) == {"us", "gb"}


def test_without_a_known_label_there_is_nothing_to_test() -> None:
    con = make_charts({"us": range(1, 5)})

    assert read_material(con, list_loaded(con, ["us"]), CHART, PLAN, lambda: None) is None
    assert read_material(con, [], CHART, PLAN, lambda: None) is None


def test_a_week_that_matures_twice_has_the_label_of_the_nearer_week() -> None:
    # Week 5 came twice: two days early, and on its day. Both show what became of week 1.
    con = make_charts({"us": [1, 2, 3, 4, 5]})
    early = make_chart("us", 5, 12, seed=9).with_columns(pl.col("week").dt.offset_by("-2d"))
    add_chart(con, "us", 5, early.with_columns(pl.col("week")))
    con.execute("delete from core.weeks where feed = 'us' and week = $1", [week_number(5)])
    con.execute(
        """
        insert into core.weeks by name
        select 'us' as feed, week, 'spotify_charts' as format, 1 as rows_count,
            'x' as content_sha256, false as is_stale, now() as loaded_at
        from (select distinct week from core.track_weeks where week > $1)
        """,
        [week_number(4)],
    )

    material = read(con, "us")

    stored = con.execute("select * from ml.labels order by track_id").pl()
    first = material.labels.filter(pl.col("week") == week_number(1))
    assert first.n_unique("track_id") == first.height == stored.height
    assert first["outcome_percentile"].to_list() == stored["outcome_percentile"].to_list()
