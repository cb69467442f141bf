"""Profiles in the warehouse."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from songpop.drift.bins import CHANGE_BINS, LEVEL_BINS
from songpop.drift.performance import SCORE_BINS, MaturedLoss, ScoreProfile, profile_scores
from songpop.drift.profile import profile_week
from songpop.drift.store import (
    list_profiled,
    read_losses,
    read_profile,
    read_scores,
    write_losses,
    write_profile,
    write_scores,
)
from tests.builders import make_warehouse, week_number
from tests.songpop.drift.builders import (
    FEED,
    FOLLOWERS,
    LIKES,
    SPEC,
    make_column,
    make_counts,
    make_profile,
    make_rows,
    same_profile,
    spread,
)

WEEK, BEFORE = week_number(2), week_number(1)
VALUES = st.lists(st.none() | st.integers(0, 10**15), min_size=1, max_size=40)
con = make_warehouse()


@settings(max_examples=20)
@given(VALUES, VALUES)
def test_profile_read_back_is_the_one_that_was_written(
    now: list[int | None], before: list[int | None]
) -> None:
    ages = list(range(0, 100 * len(now), 100))
    rows = make_rows(now, age_days=ages, metrics={FOLLOWERS: now[::-1]})
    profile = profile_week(rows, make_rows(before), SPEC, week=WEEK, before_week=BEFORE)

    write_profile(con, FEED, profile, is_accepted=True)
    found = read_profile(con, FEED, WEEK)

    assert found is not None
    assert list(found.columns) == list(profile.columns)
    assert same_profile(found, profile)


def test_unknown_associations_are_stored_as_null_and_read_as_unknown() -> None:
    column = make_column(associations=np.array([1.0, np.nan]))
    write_profile(con, FEED, make_profile(3, column, make_column(LIKES)), is_accepted=True)

    stored = con.execute(
        "select associations from core.column_profiles where week = $week and place = 0",
        {"week": week_number(3)},
    ).fetchone()
    found = read_profile(con, FEED, week_number(3))

    assert stored == ([1.0, None],)
    assert found is not None
    assert np.array_equal(
        found.columns[column.name].associations, column.associations, equal_nan=True
    )


def test_counts_of_every_age_come_back_to_their_place() -> None:
    level = sum(make_counts(LEVEL_BINS, {group * 7: group + 1}, group) for group in range(6))
    change = spread(300, start=0, group=5, bins=CHANGE_BINS)
    profile = make_profile(4, make_column(level=level, change=change))

    write_profile(con, FEED, profile, is_accepted=False)
    found = read_profile(con, FEED, week_number(4))

    assert found is not None
    assert same_profile(found, profile)


def test_profile_written_again_replaces_the_former() -> None:
    write_profile(con, FEED, make_profile(5, make_column(), make_column(LIKES)), is_accepted=True)
    write_profile(con, FEED, make_profile(5, tracks=7), is_accepted=False)

    found = read_profile(con, FEED, week_number(5))

    assert found is not None
    assert (found.tracks_count, len(found.columns)) == (7, 1)
    assert (week_number(5), False) in list_profiled(con, FEED, week_number(6))


def test_feeds_and_weeks_are_kept_apart() -> None:
    write_profile(con, FEED, make_profile(6, tracks=1), is_accepted=True)
    write_profile(con, "other", make_profile(6, tracks=2), is_accepted=True)
    write_profile(con, FEED, make_profile(7, tracks=3), is_accepted=True)

    found = [
        profile.tracks_count
        for feed, week in ((FEED, 6), ("other", 6), (FEED, 7))
        if (profile := read_profile(con, feed, week_number(week))) is not None
    ]

    assert found == [1, 2, 3]
    assert read_profile(con, "other", week_number(7)) is None


def test_list_holds_earlier_weeks_alone_oldest_first() -> None:
    fresh = make_warehouse()
    for week, is_accepted in ((3, True), (1, True), (2, False)):
        write_profile(fresh, FEED, make_profile(week), is_accepted=is_accepted)

    assert list_profiled(fresh, FEED, week_number(3)) == [
        (week_number(1), True),
        (week_number(2), False),
    ]


@settings(max_examples=20)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_scores_read_back_are_those_that_were_written(scores: list[float]) -> None:
    profile = profile_scores(WEEK, "m", np.array(scores))

    write_scores(con, FEED, profile)
    (found,) = read_scores(con, FEED, week_number(3), "m")

    assert (found.week, found.model_version) == (WEEK, "m")
    assert found.estimated_loss == profile.estimated_loss
    assert np.array_equal(found.counts, profile.counts)


def test_scores_are_those_of_the_model_in_the_weeks_before() -> None:
    fresh = make_warehouse()
    counts = make_counts(SCORE_BINS, {5: 3})[:1]
    for week, version in ((3, "a"), (1, "a"), (2, "b"), (4, "a")):
        write_scores(fresh, FEED, ScoreProfile(week_number(week), version, counts, 0.1))

    found = read_scores(fresh, FEED, week_number(4), "a")

    assert [profile.week for profile in found] == [week_number(1), week_number(3)]


def test_week_that_another_model_scored_anew_keeps_one_profile() -> None:
    fresh = make_warehouse()
    counts = make_counts(SCORE_BINS, {5: 3})[:1]
    for version in ("a", "b"):
        write_scores(fresh, FEED, ScoreProfile(WEEK, version, counts, 0.1))

    assert read_scores(fresh, FEED, week_number(9), "a") == []
    assert len(read_scores(fresh, FEED, week_number(9), "b")) == 1


def test_losses_read_back_are_those_of_the_model_that_matured_before() -> None:
    fresh = make_warehouse()
    losses = {
        matured: MaturedLoss(week_number(matured - 4), version, 0.01 * matured, 0.002, 90)
        for matured, version in ((7, "a"), (6, "a"), (5, "b"), (8, "a"))
    }
    for matured, loss in losses.items():
        write_losses(fresh, FEED, week_number(matured), [loss])

    assert read_losses(fresh, FEED, week_number(8), "a") == [losses[6], losses[7]]


@pytest.mark.parametrize("again", [[], [MaturedLoss(BEFORE, "m", 0.5, 0.1, 3)]])
def test_losses_that_a_week_showed_are_replaced(again: list[MaturedLoss]) -> None:
    fresh = make_warehouse()
    write_losses(fresh, FEED, week_number(5), [MaturedLoss(BEFORE, "m", 0.1, 0.1, 9)])

    write_losses(fresh, FEED, week_number(5), again)

    assert read_losses(fresh, FEED, week_number(6), "m") == again
