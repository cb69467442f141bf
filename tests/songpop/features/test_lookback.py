import datetime as dt

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from songpop.features.build import build_features
from songpop.features.lookback import (
    ALL_TRACKS,
    find_lag_weeks,
    find_ranges,
    read_lookback,
    read_track_metrics,
)
from tests.songpop.features.make_weeks import (
    FEED,
    WEEK,
    build_by_ranges,
    load_weeks,
    make_spec,
    make_weeks,
    open_warehouse,
)

SPEC = make_spec()
TRACKS = ["a", "b", "c", "d"]


def make_history(weeks_ago: range) -> pl.DataFrame:
    """Return weeks of growing counters; track d appears three weeks before WEEK only."""
    return make_weeks(
        *(
            {
                "weeks_ago": ago,
                "track_id": track,
                "streams_count": 10_000 * (index + 1) - 137 * ago * (index + 2),
                "playlists_count": 50 + (ago * 7 + index) % 13,
                "popularity_index": 40 + (ago + index) % 9,
                "score_points": 20.5 - ago / 8 + index,
                "all_time_rank": 1 + index,
                "release_date": dt.date(2024, 1, 1 + index),
                "is_explicit": index % 2 == 0,
            }
            for ago in weeks_ago
            for index, track in enumerate(TRACKS)
            if track != "d" or ago <= 3
        )
    )


def make_warehouse(weeks_ago: range) -> duckdb.DuckDBPyConnection:
    con = open_warehouse(SPEC)
    load_weeks(con, make_history(weeks_ago))
    return con


def features_of(con: duckdb.DuckDBPyConnection, week: dt.date = WEEK) -> pl.DataFrame:
    weeks = read_lookback(con, FEED, week, SPEC)
    return build_features(weeks, SPEC, week, exclude_leaking=False)


def bits_of(frame: pl.DataFrame) -> list[bytes]:
    return [column.to_numpy().tobytes() for column in frame.drop("feed", "week", "track_id")]


def test_the_lags_are_single_weeks_of_the_year_before() -> None:
    weeks = read_lookback(make_warehouse(range(60)), FEED, WEEK, SPEC)
    read = weeks.select("weeks_ago", "week").unique().sort("weeks_ago")

    assert read.rows() == [(ago, WEEK - dt.timedelta(weeks=ago)) for ago in (0, 1, 2, 4, 13, 52)]


def test_week_104_reads_as_many_rows_as_week_53() -> None:
    short = read_lookback(make_warehouse(range(53)), FEED, WEEK, SPEC)
    long = read_lookback(make_warehouse(range(104)), FEED, WEEK, SPEC)

    assert long.height == short.height == 4 + 4 + 4 + 3 + 3 + 3


def test_features_read_from_the_warehouse_equal_those_of_the_literal_rows() -> None:
    literal = build_features(
        make_history(range(5)).with_columns(
            first_seen_week=pl.when(pl.col("track_id") == "d")
            .then(pl.lit(WEEK - dt.timedelta(weeks=3)))
            .otherwise(pl.lit(WEEK - dt.timedelta(weeks=4)))
        ),
        SPEC,
        WEEK,
        exclude_leaking=False,
    )

    assert_frame_equal(features_of(make_warehouse(range(5))), literal, check_exact=True)


def test_nothing_after_the_week_changes_its_features_by_a_bit() -> None:
    con = make_warehouse(range(-6, 10))
    before = features_of(con)
    con.execute(
        "update core.track_weeks set streams_count = 1, release_date = null where week > $week",
        {"week": WEEK},
    )
    con.execute(
        "delete from core.track_weeks where week > $week and track_id = 'b'", {"week": WEEK}
    )
    con.execute(
        "insert into core.track_weeks (feed, week, track_id, sha256, line, streams_count) "
        "values ($feed, $week + 2, 'a', '', 1, 5), ($feed, $week + 7, 'z', '', 1, 5)",
        {"feed": FEED, "week": WEEK},
    )
    con.execute(
        "insert into core.weeks by name select * replace (week + 2 as week) "
        "from core.weeks where week = $week",
        {"week": WEEK},
    )
    con.execute("delete from core.weeks where week > $week + 14", {"week": WEEK})
    con.execute(
        "update core.track_history set first_seen_week = first_seen_week + 70 "
        "where first_seen_week > $week",
        {"week": WEEK},
    )
    con.execute(
        "insert into core.track_history values ($feed, 'z', $week + 7)",
        {"feed": FEED, "week": WEEK},
    )

    after = features_of(con)

    assert_frame_equal(after, before, check_exact=True)
    assert bits_of(after) == bits_of(before)


def test_a_change_in_a_look_back_week_does_change_the_features() -> None:
    con = make_warehouse(range(5))
    before = features_of(con)
    con.execute(
        "update core.track_weeks set streams_count = 1 where week = $week - 14", {"week": WEEK}
    )

    assert bits_of(features_of(con)) != bits_of(before)


def test_a_first_sighting_recorded_later_than_the_week_counts_as_none() -> None:
    con = make_warehouse(range(5))
    before = features_of(con).get_column("weeks_since_first_seen__log")
    con.execute(
        "update core.track_history set first_seen_week = $week + 7 where track_id = 'a'",
        {"week": WEEK},
    )

    read = read_lookback(con, FEED, WEEK, SPEC).filter(weeks_ago=0, track_id="a")
    after = features_of(con).get_column("weeks_since_first_seen__log")

    assert read.get_column("first_seen_week").to_list() == [None]
    assert before[0] > 0
    assert after[0] == 0
    assert after[1:].to_list() == before[1:].to_list()


def test_a_week_off_its_cadence_stands_in_for_a_lag() -> None:
    con = open_warehouse(SPEC)
    days_ago = (0, 5, 9, 17, 32)
    days = [WEEK - dt.timedelta(days=days) for days in days_ago]
    load_weeks(con, make_weeks(*({"track_id": "a", "week": day} for day in days)))

    # 5 and 9 days are equally near to 7; 17 is three days off 14; 32 is four days off 28.
    assert find_lag_weeks(con, FEED, WEEK, (1, 2, 4)) == {1: days[2], 2: days[3]}


def test_a_feed_reads_its_own_weeks_only() -> None:
    con = make_warehouse(range(5))
    load_weeks(con, make_history(range(5)).with_columns(feed=pl.lit("other"), streams_count=7))

    weeks = read_lookback(con, FEED, WEEK, SPEC)

    assert weeks.get_column("feed").unique().to_list() == [FEED]
    assert 7 not in weeks.get_column("streams_count")


def test_a_week_of_another_feed_is_no_look_back_week() -> None:
    con = make_warehouse(range(1))
    load_weeks(con, make_history(range(1, 2)).with_columns(feed=pl.lit("other")))

    assert find_lag_weeks(con, FEED, WEEK, (1, 2, 4)) == {}
    assert find_lag_weeks(con, "other", WEEK, (1, 2, 4)) == {1: WEEK - dt.timedelta(weeks=1)}


def test_a_snapshot_model_reads_the_week_alone() -> None:
    weeks = read_lookback(make_warehouse(range(5)), FEED, WEEK, SPEC, lags_weeks=())

    assert weeks.get_column("weeks_ago").unique().to_list() == [0]
    assert weeks.height == len(TRACKS)


def test_a_column_that_the_format_does_not_declare_is_not_read() -> None:
    con = make_warehouse(range(2))
    con.execute('alter table core.track_weeks add column "foreign_count" bigint')

    assert "foreign_count" not in read_lookback(con, FEED, WEEK, SPEC).columns


def test_an_unloaded_week_gives_no_rows() -> None:
    weeks = read_lookback(make_warehouse(range(1)), FEED, WEEK + dt.timedelta(weeks=9), SPEC)

    assert weeks.height == 0


@pytest.mark.parametrize("weeks_loaded", [1, 2, 3])
def test_a_short_history_leaves_the_missing_changes_null(weeks_loaded: int) -> None:
    frame = features_of(make_warehouse(range(weeks_loaded)))
    is_known = {
        lag: frame.get_column(f"streams_count__growth_{lag}w").is_not_null().all()
        for lag in (1, 2, 4)
    }

    assert is_known == {1: weeks_loaded > 1, 2: weeks_loaded > 2, 4: False}


def make_large(tracks_count: int) -> duckdb.DuckDBPyConnection:
    """Return a warehouse of two weeks of so many tracks, whose decimals add up to odd bits."""
    con = open_warehouse(SPEC)
    rows = (
        {
            "weeks_ago": ago,
            "track_id": f"t{place * 7919 % tracks_count:05}",
            "streams_count": 2**62 + place,
            "playlists_count": place % 40,
            "popularity_index": place % 100,
            "score_points": place / 7 if place % 9 else None,
            "all_time_rank": place + 1,
            "release_date": dt.date(2020, 1, 1) + dt.timedelta(days=place % 2_000),
            "is_explicit": place % 2 == 0,
        }
        for ago in (0, 1)
        for place in range(tracks_count)
    )
    load_weeks(con, make_weeks(*rows))
    return con


@pytest.mark.parametrize("range_rows", [100, 999, 1_000, 5_000])
def test_ranges_of_a_week_give_the_bits_of_the_whole(range_rows: int) -> None:
    con = make_large(1_000)
    whole = features_of(con)

    by_ranges = build_by_ranges(con, FEED, WEEK, SPEC, range_rows)

    assert_frame_equal(by_ranges, whole, check_exact=True)
    assert bits_of(by_ranges) == bits_of(whole)


def test_ranges_are_of_about_the_size_that_is_asked_for_and_miss_no_track() -> None:
    con = make_large(9_000)
    sizes = [
        read_track_metrics(con, FEED, WEEK, SPEC.metrics, tracks).height
        for tracks in find_ranges(con, FEED, WEEK, 9_000, 1_000)
    ]

    assert sum(sizes) == 9_000
    assert len(sizes) == 9
    assert max(sizes) < 1_600


def test_week_that_fits_is_one_range_for_which_nothing_is_read() -> None:
    con = make_large(50)
    con.close()

    assert [*find_ranges(con, FEED, WEEK, 50, 50)] == [ALL_TRACKS]
