import datetime as dt
import math
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from songpop.errors import CheckError
from songpop.features.build import build_feature_parts, build_features
from songpop.features.kinds import SISTER_FEATURES, feature_names
from tests.songpop.features.make_weeks import WEEK, make_spec, make_weeks

SPEC = make_spec()


def days_before(days: int) -> dt.date:
    return WEEK - dt.timedelta(days=days)


def build(*rows: dict[str, Any], exclude_leaking: bool = False) -> pl.DataFrame:
    weeks = make_weeks(*rows)
    return build_features(weeks, SPEC, WEEK, exclude_leaking=exclude_leaking)


def feature_of(frame: pl.DataFrame, name: str) -> float | None:
    """Return the feature of the frame's first track."""
    value: float | None = frame.get_column(name)[0]
    return value


def test_a_counter_gives_its_log_its_share_and_its_rate_per_day_of_age() -> None:
    frame = build(
        {"track_id": "a", "streams_count": 99, "release_date": days_before(9)},
        {"track_id": "b", "streams_count": 900},
    )

    assert feature_of(frame, "streams_count__log") == pytest.approx(math.log(100))
    assert feature_of(frame, "streams_count__share") == pytest.approx(math.log(100 / 1000))
    assert feature_of(frame, "streams_count__rate") == pytest.approx(math.log(100 / 10))


def test_growth_is_the_difference_of_logs_to_each_look_back_week() -> None:
    frame = build(
        {"track_id": "a", "streams_count": 799},
        {"track_id": "a", "streams_count": 399, "weeks_ago": 1},
        {"track_id": "a", "streams_count": 199, "weeks_ago": 2},
        {"track_id": "a", "streams_count": 99, "weeks_ago": 4},
    )

    assert feature_of(frame, "streams_count__growth_1w") == pytest.approx(math.log(2))
    assert feature_of(frame, "streams_count__growth_2w") == pytest.approx(math.log(4))
    assert feature_of(frame, "streams_count__growth_4w") == pytest.approx(math.log(8))


def test_a_falling_gauge_and_a_better_rank_change_downwards() -> None:
    frame = build(
        {"track_id": "a", "playlists_count": 9, "all_time_rank": 4},
        {"track_id": "a", "playlists_count": 99, "all_time_rank": 9, "weeks_ago": 1},
    )

    assert feature_of(frame, "playlists_count__change_1w") == pytest.approx(-math.log(10))
    assert feature_of(frame, "all_time_rank__change_1w") == pytest.approx(math.log(5 / 10))


def test_growth_is_null_where_the_earlier_week_the_track_or_the_value_is_absent() -> None:
    frame = build(
        {"track_id": "a", "streams_count": 1},
        {"track_id": "a", "streams_count": None, "weeks_ago": 1},
        {"track_id": "b", "streams_count": 1, "weeks_ago": 2},
    )

    assert feature_of(frame, "streams_count__growth_1w") is None
    assert feature_of(frame, "streams_count__growth_2w") is None
    assert feature_of(frame, "streams_count__growth_4w") is None


def test_growth_follows_track_ids_not_row_order() -> None:
    frame = build(
        {"track_id": "b", "streams_count": 7, "weeks_ago": 1},
        {"track_id": "b", "streams_count": 7},
        {"track_id": "a", "streams_count": 99, "weeks_ago": 1},
        {"track_id": "a", "streams_count": 9},
    )

    assert frame.get_column("track_id").to_list() == ["a", "b"]
    assert frame.get_column("streams_count__growth_1w").to_list() == pytest.approx(
        [-math.log(10), 0]
    )


def test_age_steps_say_how_young_a_track_is() -> None:
    frame = build(
        {"track_id": "a", "release_date": days_before(28)},
        {"track_id": "b", "release_date": days_before(27)},
    )

    assert frame.get_column("age_days__log").to_list() == pytest.approx(
        [math.log(29), math.log(28)]
    )
    assert frame.get_column("age_days__under_28").to_list() == [0, 1]
    assert frame.get_column("age_days__under_91").to_list() == [1, 1]


def test_a_release_on_the_last_day_of_the_week_has_age_zero() -> None:
    frame = build({"track_id": "a", "release_date": WEEK, "streams_count": 9})

    assert feature_of(frame, "age_days__log") == 0
    assert feature_of(frame, "streams_count__rate") == pytest.approx(math.log(10))


@pytest.mark.parametrize("release_date", [None, WEEK + dt.timedelta(days=1)])
def test_a_release_that_is_unknown_or_after_the_week_has_no_age(
    release_date: dt.date | None,
) -> None:
    frame = build({"track_id": "a", "release_date": release_date, "streams_count": 9})

    assert feature_of(frame, "age_days__log") is None
    assert feature_of(frame, "age_days__under_28") is None
    assert feature_of(frame, "streams_count__rate") is None
    assert feature_of(frame, "streams_count__log") is not None


def test_a_flag_is_one_zero_or_missing() -> None:
    frame = build(
        {"track_id": "a", "is_explicit": True},
        {"track_id": "b", "is_explicit": False},
        {"track_id": "c"},
    )

    assert frame.get_column("is_explicit__flag").to_list() == [1, 0, None]


def test_weeks_since_first_seen_is_zero_for_a_new_track_and_never_negative() -> None:
    frame = build(
        {"track_id": "a", "first_seen_week": days_before(21)},
        {"track_id": "b", "first_seen_week": WEEK},
        {"track_id": "c", "first_seen_week": WEEK + dt.timedelta(weeks=3)},
        {"track_id": "d"},
    )

    assert frame.get_column("weeks_since_first_seen__log").to_list() == pytest.approx(
        [math.log(4), 0, 0, 0]
    )


@pytest.mark.parametrize("points", [math.inf, -math.inf, math.nan, -1.0, -5.0])
def test_a_value_without_a_finite_log_is_missing(points: float) -> None:
    frame = build(
        {"track_id": "a", "score_points": points},
        {"track_id": "a", "score_points": 3.0, "weeks_ago": 1},
    )

    assert feature_of(frame, "score_points__log") is None
    assert feature_of(frame, "score_points__change_1w") is None


def test_a_week_whose_total_exceeds_a_bigint_still_has_shares() -> None:
    largest = 2**63 - 1
    frame = build(
        {"track_id": "a", "streams_count": largest}, {"track_id": "b", "streams_count": largest}
    )

    assert feature_of(frame, "streams_count__share") == pytest.approx(math.log(0.5))


def test_the_total_of_a_decimal_counter_is_its_finite_values() -> None:
    spec = make_spec(
        columns=[
            {"name": "track_id", "kind": "key", "headers": ["id"], "label": "id"},
            {
                "name": "score_points",
                "kind": "counter",
                "type": "decimal",
                "headers": ["points"],
                "label": "points",
            },
        ],
        size_metric="score_points",
    )
    weeks = make_weeks(
        {"track_id": "a", "score_points": 1.5},
        {"track_id": "b", "score_points": 2.5},
        {"track_id": "c", "score_points": math.inf},
    )

    frame = build_features(weeks, spec, WEEK, exclude_leaking=False)

    assert feature_of(frame, "score_points__share") == pytest.approx(math.log(2.5 / 5))


def test_a_format_whose_metrics_do_not_add_up_has_features_without_shares() -> None:
    spec = make_spec(["streams_count", "playlists_count"], size_metric="score_points")

    frame = build_features(
        make_weeks({"track_id": "a", "score_points": 1.0}), spec, WEEK, exclude_leaking=False
    )

    assert feature_of(frame, "score_points__log") == pytest.approx(math.log(2))
    assert not [name for name in frame.columns if name.endswith("__share")]


def test_features_are_float32_behind_the_keys_and_named_as_declared() -> None:
    for exclude_leaking in (True, False):
        frame = build({"track_id": "a"}, exclude_leaking=exclude_leaking)
        names = feature_names(SPEC, exclude_leaking=exclude_leaking)

        assert frame.columns == ["feed", "week", "track_id", *names]
        assert {frame.schema[name] for name in names} == {pl.Float32()}


def test_an_empty_week_gives_an_empty_frame_with_every_feature() -> None:
    frame = build({"track_id": "a", "weeks_ago": 1, "streams_count": 5})

    assert frame.height == 0
    assert frame.columns[3:] == feature_names(SPEC, exclude_leaking=False)


def test_a_snapshot_model_needs_no_first_sighting() -> None:
    weeks = make_weeks({"track_id": "a", "streams_count": 9}).drop("first_seen_week")

    frame = build_features(weeks, SPEC, WEEK, exclude_leaking=True)

    assert feature_of(frame, "streams_count__log") == pytest.approx(math.log(10))


def test_what_sister_feeds_say_is_passed_on_to_the_track() -> None:
    said = pl.DataFrame({name: [0.25, None] for name in SISTER_FEATURES})
    weeks = make_weeks({"track_id": "b"}, {"track_id": "a"}).hstack(said)

    frame = build_features(weeks, make_spec(has_regions=True), WEEK, exclude_leaking=False)

    for name in SISTER_FEATURES:
        assert frame.get_column(name).to_list() == [None, 0.25]
        assert frame.schema[name] == pl.Float32()


def test_rows_without_sister_feeds_say_nothing_of_them() -> None:
    weeks = make_weeks({"track_id": "a"})

    frame = build_features(weeks, make_spec(has_regions=True), WEEK, exclude_leaking=False)

    assert frame.select(SISTER_FEATURES).row(0) == (None,) * len(SISTER_FEATURES)


def test_other_columns_cannot_change_a_feature() -> None:
    row = {"track_id": "a", "streams_count": 9}

    assert_frame_equal(build(row), build(row | {"title": "x", "artist_name": "y"}))


def test_a_row_of_a_later_week_is_refused() -> None:
    later = {"track_id": "a", "weeks_ago": 1, "week": WEEK + dt.timedelta(weeks=1)}

    with pytest.raises(CheckError, match=r"weeks before it, got 1 feeds, 1 rows of later weeks"):
        build({"track_id": "a"}, later)


def test_scored_rows_of_another_week_are_refused() -> None:
    with pytest.raises(CheckError, match="weeks_ago 0 in week 2024-06-06; read them with"):
        build({"track_id": "a", "week": days_before(7)})


def test_rows_of_two_feeds_are_refused() -> None:
    with pytest.raises(CheckError, match=r"expected rows of one feed, .* got 2 feeds"):
        build({"track_id": "a"}, {"track_id": "b", "feed": "other"})


@pytest.mark.parametrize("weeks_ago", [0, 2])
def test_a_repeated_key_is_refused(weeks_ago: int) -> None:
    repeated = {"track_id": "a", "weeks_ago": weeks_ago}

    with pytest.raises(CheckError, match=r"one row per .*, got repeated keys; run songpop doctor"):
        build({"track_id": "b"}, {"track_id": "a"}, repeated, repeated)


CELLS = st.fixed_dictionaries(
    {
        "streams_count": st.none() | st.integers(0, 2**62),
        "playlists_count": st.none() | st.integers(0, 10**6),
        "popularity_index": st.none() | st.integers(0, 100),
        "score_points": st.none() | st.floats(),
        "all_time_rank": st.none() | st.integers(1, 10**6),
        "release_date": st.none() | st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)),
        "first_seen_week": st.none() | st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)),
        "is_explicit": st.none() | st.booleans(),
    }
)
ROWS = st.dictionaries(
    st.tuples(st.sampled_from([0, 0, 1, 2, 4]), st.integers(0, 20)), CELLS, min_size=1, max_size=40
)


@settings(deadline=None)  # a busy machine is no failure
@given(ROWS, st.integers(0, 2**32), st.integers(1, 7), st.booleans())
def test_features_keep_the_tracks_are_finite_and_depend_on_neither_order_nor_parts(
    rows: dict[tuple[int, int], dict[str, Any]],
    seed: int,
    part_rows: int,
    exclude_leaking: bool,  # noqa: FBT001 - Hypothesis passes it
) -> None:
    weeks = make_weeks(
        *({"weeks_ago": ago, "track_id": f"t{key}"} | cells for (ago, key), cells in rows.items())
    )
    scored = sorted(f"t{key}" for ago, key in rows if ago == 0)
    shuffled = weeks.sample(fraction=1, shuffle=True, seed=seed)

    frame = build_features(weeks, SPEC, WEEK, exclude_leaking=exclude_leaking)
    parts = build_feature_parts(
        shuffled, SPEC, WEEK, exclude_leaking=exclude_leaking, part_rows=part_rows
    )

    assert frame.get_column("track_id").to_list() == scored
    assert all(frame.get_column(name).is_finite().all() for name in frame.columns[3:])
    assert_frame_equal(pl.concat(parts), frame, check_exact=True)
