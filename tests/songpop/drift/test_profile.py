import datetime as dt
import random

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from songpop.drift import profile as profile_module
from songpop.drift.bins import AGE_GROUPS_COUNT, FELL_BIN, STILL_BIN
from songpop.drift.profile import profile_week, thin_tracks
from tests.builders import week_number
from tests.songpop.drift.builders import (
    FOLLOWERS,
    LIKES,
    METRICS,
    RANK,
    SPEC,
    STREAMS,
    make_rows,
    make_spec,
    same_profile,
)

FIRST, SECOND = week_number(1), week_number(2)


def test_gaps_and_changes_are_counted_against_the_week_before() -> None:
    before = make_rows([10, 10, 10, 10, None, 10])
    now = make_rows([10, 11, 9, None, 5, 20, 7])

    column = profile_week(now, before, SPEC, week=SECOND, before_week=FIRST).columns[STREAMS]

    assert (column.missing_count, column.lost_count, column.gained_count) == (1, 1, 1)
    assert (column.compared_count, column.equal_count, column.fallen_count) == (4, 1, 1)
    assert column.change.sum(axis=0)[[FELL_BIN, STILL_BIN]].tolist() == [1, 1]
    assert column.level.sum() == 6


def test_median_change_is_that_of_tracks_with_a_value_in_both_weeks() -> None:
    before, now = make_rows([9, 9, 9, None]), make_rows([9, 19, 99, 5, 5])

    column = profile_week(now, before, SPEC, week=SECOND, before_week=FIRST).columns[STREAMS]

    assert column.median_log_ratio == pytest.approx(np.log(2))


def test_tracks_are_paired_by_their_id_and_not_by_their_place() -> None:
    before = make_rows([1, 2, 3]).reverse()

    found = profile_week(make_rows([1, 2, 3, 4]), before, SPEC, week=SECOND, before_week=FIRST)

    assert found.columns[STREAMS].equal_count == 3
    assert (found.common_count, found.tracks_count, found.rows_count) == (3, 4, 4)


def test_first_week_has_levels_and_no_changes() -> None:
    found = profile_week(make_rows([1, 2, None]), None, SPEC, week=FIRST, before_week=None)

    column = found.columns[STREAMS]
    assert (found.before_week, found.common_count) == (None, 0)
    assert (column.compared_count, column.median_log_ratio) == (0, None)
    assert (column.lost_count, column.change.any()) == (0, False)
    assert column.level.sum() == 2


def test_metrics_that_the_layout_lacks_are_no_gaps() -> None:
    found = profile_week(
        make_rows([1]),
        None,
        SPEC,
        week=FIRST,
        before_week=None,
        absent=frozenset({LIKES, RANK}),
    )

    assert list(found.columns) == [STREAMS, FOLLOWERS]
    assert found.columns[STREAMS].associations.shape == (2,)


@pytest.mark.parametrize(("days", "gain"), [(7, 100), (10, 100), (4, 100), (14, 200), (21, 300)])
def test_growth_is_by_the_week_even_if_a_week_is_missing_or_a_few_days_off(
    days: int, gain: int
) -> None:
    usual = profile_week(
        make_rows([1_100]), make_rows([1_000]), SPEC, week=SECOND, before_week=FIRST
    )

    found = profile_week(
        make_rows([1_000 + gain]),
        make_rows([1_000]),
        SPEC,
        week=SECOND,
        before_week=SECOND - dt.timedelta(days=days),
    )

    assert np.array_equal(found.columns[STREAMS].change, usual.columns[STREAMS].change)


@pytest.mark.parametrize(("days", "weeks"), [(4, 1), (7, 1), (10, 1), (11, 2), (14, 2), (21, 3)])
def test_weeks_between_are_whole_and_at_least_one(days: int, weeks: int) -> None:
    before_week = SECOND - dt.timedelta(days=days)

    found = profile_week(make_rows([1]), make_rows([1]), SPEC, week=SECOND, before_week=before_week)
    first = profile_week(make_rows([1]), None, SPEC, week=SECOND, before_week=None)

    assert found.weeks_apart == weeks
    assert first.weeks_apart is None


def test_ages_count_from_the_release() -> None:
    rows = make_rows([1, 2, 3], age_days=[3, 400, -1], week=SECOND)

    found = profile_week(rows, None, SPEC, week=SECOND, before_week=None)

    assert found.ages.tolist() == [1, 0, 0, 1, 0, 1]
    assert found.columns[STREAMS].level.sum(axis=1).tolist() == found.ages.tolist()


def test_ages_count_from_the_first_sighting_where_a_format_has_no_release() -> None:
    spec = make_spec(has_release=False)
    seen = pl.Series("first_seen_week", [SECOND, SECOND - dt.timedelta(weeks=10), None])
    rows = make_rows([1, 2, 3]).drop("release_date")

    known = profile_week(rows.with_columns(seen), None, spec, week=SECOND, before_week=None)
    unknown = profile_week(rows, None, spec, week=SECOND, before_week=None)

    assert known.ages.tolist() == [1, 1, 0, 0, 0, 1]
    assert unknown.ages.tolist() == [0] * (AGE_GROUPS_COUNT - 1) + [3]


def test_associations_stand_in_the_order_of_the_metrics() -> None:
    up = list(range(1, 61))
    rows = make_rows(up, metrics={LIKES: up, FOLLOWERS: up[::-1], RANK: up[::-1]})

    columns = profile_week(rows, None, SPEC, week=FIRST, before_week=None).columns

    assert list(columns) == list(METRICS)
    assert columns[LIKES].associations == pytest.approx(np.array([1, 1, -1, -1]))


def test_large_week_is_profiled_from_the_same_part_of_its_tracks_each_week(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(profile_module, "MOST_TRACKS", 500)
    now, before = make_rows([2] * 2_000), make_rows([1] * 2_000).reverse()

    found = profile_week(now, before, SPEC, week=SECOND, before_week=FIRST)

    assert found.rows_count == 2_000
    assert 400 < found.tracks_count < 600
    assert found.common_count == found.tracks_count == found.columns[STREAMS].compared_count


def test_thinned_tracks_are_those_of_the_key_alone() -> None:
    rows = make_rows(range(1_000))

    kept = thin_tracks(rows, 4)
    later = thin_tracks(make_rows([0] * 900, first=100).reverse(), 4)

    listed_later = [f"t{number}" for number in range(100, 1_000)]
    assert set(kept["track_id"]) & set(listed_later) == set(later["track_id"])
    assert 150 < kept.height < 350
    assert thin_tracks(rows, 1).equals(rows)


WEEKS = st.lists(
    st.tuples(st.none() | st.integers(0, 10**12), st.none() | st.integers(0, 99)),
    min_size=1,
    max_size=50,
)


@given(WEEKS, WEEKS, st.randoms(use_true_random=False))
def test_profile_does_not_depend_on_the_order_of_rows(
    now: list[tuple[int | None, int | None]],
    before: list[tuple[int | None, int | None]],
    source: random.Random,
) -> None:
    frames = [
        make_rows([row[0] for row in rows], metrics={FOLLOWERS: [row[1] for row in rows]})
        for rows in (now, before)
    ]
    shuffled = [frame[source.sample(range(frame.height), frame.height)] for frame in frames]

    one = profile_week(frames[0], frames[1], SPEC, week=SECOND, before_week=FIRST)
    other = profile_week(shuffled[0], shuffled[1], SPEC, week=SECOND, before_week=FIRST)

    assert same_profile(one, other)
