import datetime as dt
import math
from collections.abc import Iterable, Mapping
from itertools import permutations
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from songpop.features.build import build_feature_parts, build_features
from songpop.features.kinds import SISTER_FEATURES
from songpop.features.lookback import read_lookback
from songpop.features.sisters import (
    SisterWeek,
    find_leading_feed,
    find_sister_weeks,
    known_features,
)
from songpop.labels.ranking import rank_tracks
from tests.songpop.features.make_weeks import (
    FEED,
    WEEK,
    build_by_ranges,
    load_weeks,
    make_spec,
    make_weeks,
    open_warehouse,
)

SPEC = make_spec(has_regions=True)
Sizes = Mapping[str, int | None]
"""Streams by track."""
Charts = Mapping[tuple[str, int], Sizes]
"""By feed and weeks ago."""

OWN: Charts = {(FEED, 0): {"a": 9, "b": 8, "z": 7}}


def make_rows(charts: Charts) -> pl.DataFrame:
    return make_weeks(
        *(
            {"feed": feed, "weeks_ago": ago, "track_id": track, "streams_count": size}
            for (feed, ago), sizes in charts.items()
            for track, size in sizes.items()
        )
    )


def make_warehouse(charts: Charts) -> duckdb.DuckDBPyConnection:
    con = open_warehouse(SPEC)
    load_weeks(con, make_rows(charts))
    return con


def sister_features(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    weeks = read_lookback(con, FEED, WEEK, SPEC)
    frame = build_features(weeks, SPEC, WEEK, exclude_leaking=False)
    return frame.select("track_id", *SISTER_FEATURES)


def feature(charts: Charts, name: str) -> dict[str, float | None]:
    """Return one feature by track of the scored week, with OWN beside *charts*."""
    frame = sister_features(make_warehouse({**OWN, **charts}))
    return dict(frame.select("track_id", name).iter_rows())


def bits_of(frame: pl.DataFrame) -> list[bytes]:
    return [column.to_numpy().tobytes() for column in frame.select(SISTER_FEATURES)]


def test_count_and_best_are_of_the_sister_feeds_that_list_the_track() -> None:
    charts: Charts = {("x", 1): {"a": 5, "b": 4, "c": 3, "d": 2}, ("y", 1): {"c": 9, "a": 1}}

    assert feature(charts, "other_feeds__count") == {"a": 2, "b": 1, "z": 0}
    assert feature(charts, "other_feeds__best") == {"a": 1, "b": 0.75, "z": 0}


def test_changes_add_up_over_the_feeds_that_are_loaded_at_both_weeks() -> None:
    charts: Charts = {
        ("x", 1): {"a": 2, "b": 1},
        ("x", 2): {"b": 2, "a": 1},
        ("y", 1): {"a": 1},
        ("y", 5): {"b": 2, "a": 1},
        ("w", 2): {"z": 1},
    }

    assert feature(charts, "other_feeds__change_1w") == {"a": 0.5, "b": -0.5, "z": 0}
    assert feature(charts, "other_feeds__change_4w") == {"a": 0.5, "b": -1, "z": 0}


def test_the_leading_feed_is_the_largest_and_speaks_for_itself() -> None:
    charts: Charts = {
        ("large", 1): {"b": 90, "a": 10},
        ("large", 2): {"a": 5},
        ("large", 5): {"b": 5},
        ("small", 1): {"a": 50},
        ("small", 2): {"z": 500},
    }

    assert feature(charts, "leading_feed__level") == {"a": 0.5, "b": 1, "z": 0}
    assert feature(charts, "leading_feed__change_1w") == {"a": -0.5, "b": 1, "z": 0}
    assert feature(charts, "leading_feed__change_4w") == {"a": 0.5, "b": 0, "z": 0}


@pytest.mark.parametrize(("other", "leader"), [(99, "y"), (100, "x"), (None, "y")])
def test_of_equal_totals_the_first_name_leads(other: int | None, leader: str) -> None:
    con = make_warehouse({**OWN, ("y", 1): {"a": 60, "b": 40}, ("x", 1): {"a": other}})

    sisters = find_sister_weeks(con, FEED, WEEK, SPEC)

    assert find_leading_feed(con, sisters, SPEC) == leader


def test_what_no_loaded_sister_week_tells_is_null_for_every_track() -> None:
    only_before: Charts = {("x", 1): {"a": 1}}
    not_before: Charts = {("x", 2): {"a": 1}, ("x", 5): {"a": 1}}
    unknown = dict.fromkeys("abz")

    assert feature(only_before, "other_feeds__count") == {"a": 1, "b": 0, "z": 0}
    assert feature(only_before, "other_feeds__change_1w") == unknown
    assert feature(only_before, "leading_feed__change_4w") == unknown
    for name in SISTER_FEATURES:
        assert feature(not_before, name) == unknown
        assert feature({}, name) == unknown


def test_the_leading_feed_alone_decides_whether_its_changes_are_known() -> None:
    sisters = [
        SisterWeek(feed, WEEK, ago) for feed, ago in [("x", 1), ("y", 1), ("y", 2), ("z", 5)]
    ]

    assert known_features(sisters, "x") == {
        "other_feeds__count",
        "other_feeds__best",
        "other_feeds__change_1w",
        "leading_feed__level",
    }


def test_sister_weeks_are_the_nearest_of_other_feeds_and_before_the_week() -> None:
    con = open_warehouse(SPEC)
    days_ago = {"x": (0, 3, 5, 9, 17, 39), "y": (4, 38), FEED: (0, 7), "w": (-7, 0, 1)}
    rows = [
        {"feed": feed, "track_id": "a", "week": WEEK - dt.timedelta(days=days)}
        for feed, all_days in days_ago.items()
        for days in all_days
    ]
    load_weeks(con, make_weeks(*rows))

    found = find_sister_weeks(con, FEED, WEEK, SPEC)

    assert [(one.feed, (WEEK - one.week).days, one.weeks_ago) for one in found] == [
        ("x", 9, 1),
        ("x", 17, 2),
        ("y", 4, 1),
        ("y", 38, 5),
    ]


def test_feeds_of_another_format_or_without_regions_are_no_sisters() -> None:
    con = make_warehouse({**OWN, ("x", 1): {"a": 1}})

    assert find_sister_weeks(con, FEED, WEEK, make_spec()) == []
    con.execute("update core.weeks set format = 'other' where feed = 'x'")
    assert find_sister_weeks(con, FEED, WEEK, SPEC) == []


def test_without_sister_weeks_and_for_a_snapshot_nothing_is_joined() -> None:
    alone = read_lookback(make_warehouse(OWN), FEED, WEEK, SPEC)
    con = make_warehouse({**OWN, ("x", 1): {"a": 1}})
    snapshot = read_lookback(con, FEED, WEEK, SPEC, lags_weeks=())

    assert not {*SISTER_FEATURES} & {*alone.columns, *snapshot.columns}


def test_a_sister_week_ranks_its_tracks_as_labels_do() -> None:
    points = [3.5, math.nan, None, math.inf, 3.5, -1.0, 7.25, 0.0]
    spec = make_spec(has_regions=True, size_metric="score_points")
    tracks = [f"t{place}" for place in (3, 1, 0, 7, 2, 6, 4, 5)]
    sister = make_weeks(
        *(
            {"feed": "x", "weeks_ago": 1, "track_id": track, "score_points": value}
            for track, value in zip(tracks, points, strict=True)
        )
    )
    own = make_weeks(*({"track_id": track} for track in tracks))
    con = open_warehouse(spec)
    load_weeks(con, pl.concat([own, sister]))

    read = read_lookback(con, FEED, WEEK, spec).sort("track_id")

    wanted = rank_tracks(sister, "score_points").sort("track_id")
    assert read.get_column("leading_feed__level").to_list() == pytest.approx(
        wanted.get_column("percentile").to_list(), abs=1e-12
    )


def test_counts_beyond_a_floats_precision_still_rank() -> None:
    charts: Charts = {("x", 1): {"a": 2**62, "b": 2**62 + 1}, ("y", 1): {"a": 2**62, "z": 2**62}}

    assert feature(charts, "leading_feed__level") == {"a": 0.5, "b": 1, "z": 0}


def make_history() -> dict[tuple[str, int], dict[str, int | None]]:
    return {
        (feed, ago): {
            track: 1_000 * place + 37 * ago * (place + shift) % 997
            for place, track in enumerate("abcdefg")
            if (7 * place + 5 * ago * ago + 3 * shift) % 11 > 3
        }
        for shift, feed in enumerate([FEED, "x", "y", "w"])
        for ago in range(-6, 8)
    }


def test_no_sister_row_from_the_week_on_changes_a_feature_by_a_bit() -> None:
    con = make_warehouse(make_history())
    before = sister_features(con)
    assert all(before.get_column(name).n_unique() > 1 for name in SISTER_FEATURES)
    con.execute(
        "update core.track_weeks set streams_count = hash(track_id) % 1000 "
        "where feed <> $feed and week >= $week",
        {"feed": FEED, "week": WEEK},
    )
    con.execute(
        "delete from core.track_weeks where feed <> $feed and week >= $week and track_id < 'd'",
        {"feed": FEED, "week": WEEK},
    )
    con.execute(
        "insert into core.weeks by name select * replace (week - 3 as week) "
        "from core.weeks where feed <> $feed and week = $week",
        {"feed": FEED, "week": WEEK},
    )

    after = sister_features(con)

    assert_frame_equal(after, before, check_exact=True)
    assert bits_of(after) == bits_of(before)


@pytest.mark.parametrize("weeks_ago", [1, 2, 5])
def test_a_sister_row_of_the_weeks_before_does_change_the_features(weeks_ago: int) -> None:
    con = make_warehouse(make_history())
    before = sister_features(con)
    con.execute(
        "delete from core.track_weeks where feed = 'x' and week = $week and track_id > 'b'",
        {"week": WEEK - dt.timedelta(weeks=weeks_ago)},
    )

    assert bits_of(sister_features(con)) != bits_of(before)


def test_feeds_may_arrive_in_any_order() -> None:
    charts = make_history()
    found = []
    for order in permutations([FEED, "x", "y", "w"]):
        con = open_warehouse(SPEC)
        for feed in order:
            load_weeks(con, make_rows({key: one for key, one in charts.items() if key[0] == feed}))
        found.append(bits_of(sister_features(con)))

    assert all(bits == found[0] for bits in found)


KEYS = st.tuples(st.sampled_from([FEED, "x", "y", "w"]), st.sampled_from([0, 1, 2, 5]))
SIZES = st.dictionaries(
    st.sampled_from("abcdefgh"), st.none() | st.integers(0, 2**62), min_size=1, max_size=8
)


def shuffle(frame: pl.DataFrame, seed: int) -> pl.DataFrame:
    return frame.sample(fraction=1, shuffle=True, seed=seed)


def by_hand(charts: Charts, track: str) -> dict[str, Any]:
    """Return the features of one track, computed from the words of their description."""

    def place(feed: str, ago: int) -> float:
        ranked = rank_tracks(make_rows({(feed, ago): charts[feed, ago]}), "streams_count")
        at = dict(ranked.select("track_id", "percentile").iter_rows())
        return at.get(track, 0)

    def change(feeds: Iterable[str], ago: int) -> float | None:
        both = [feed for feed in feeds if {(feed, 1), (feed, ago)} <= {*charts}]
        return sum(place(feed, 1) - place(feed, ago) for feed in both) if both else None

    near = sorted(feed for feed, ago in charts if ago == 1 and feed != FEED)
    totals = {feed: sum(size or 0 for size in charts[feed, 1].values()) for feed in near}
    told = {feed for feed in near if any(one is not None for one in charts[feed, 1].values())}
    leading = sorted(near, key=lambda feed: (feed not in told, -totals[feed], feed))[:1]
    listing = [feed for feed in near if track in charts[feed, 1]]
    return {
        "other_feeds__count": len(listing) if near else None,
        "other_feeds__best": max((place(feed, 1) for feed in near), default=None),
        "other_feeds__change_1w": change(near, 2),
        "other_feeds__change_4w": change(near, 5),
        "leading_feed__level": place(leading[0], 1) if leading else None,
        "leading_feed__change_1w": change(leading, 2),
        "leading_feed__change_4w": change(leading, 5),
    }


@settings(max_examples=30)
@given(st.dictionaries(KEYS, SIZES), st.integers(0, 2**32), st.integers(1, 4))
def test_features_are_what_their_description_says_whatever_order_threads_and_parts(
    charts: dict[tuple[str, int], dict[str, int | None]], seed: int, part_rows: int
) -> None:
    charts.setdefault((FEED, 0), {"a": 1, "h": 2})
    con = make_warehouse(charts)
    frame = sister_features(con)
    shuffled = open_warehouse(SPEC)
    load_weeks(shuffled, shuffle(make_rows(charts), seed))
    shuffled.execute("set threads = 3")
    lookback = shuffle(read_lookback(shuffled, FEED, WEEK, SPEC), seed)
    parts = build_feature_parts(lookback, SPEC, WEEK, exclude_leaking=False, part_rows=part_rows)

    assert frame.get_column("track_id").to_list() == sorted(charts[FEED, 0])
    for row in frame.iter_rows(named=True):
        track = row.pop("track_id")
        assert row == pytest.approx(by_hand(charts, track), abs=1e-6)
    by_ranges = build_by_ranges(shuffled, FEED, WEEK, SPEC, range_rows=part_rows)
    for found in (pl.concat(parts), by_ranges):
        stacked = found.select("track_id", *SISTER_FEATURES)
        assert_frame_equal(stacked, frame, check_exact=True)
        assert bits_of(stacked) == bits_of(frame)
