import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from songpop.reasons.cohort import Cohort
from songpop.reasons.quantiles import EVERY_OTHER, Side, make_table, make_tables
from tests.songpop.model.builders import floats

VALUES = st.lists(st.integers(-3, 9) | st.floats(-9, 9, width=32), min_size=1, max_size=300)


@given(VALUES)
def test_percentages_are_exact_and_rounded_down_for_the_values_of_the_table(
    numbers: list[float],
) -> None:
    values = floats(numbers)
    count = values.size
    sides, percents = make_table(values, is_whole=True, is_partial=False).locate(values)
    for value, side, percent in zip(values, sides, percents, strict=True):
        below, above = int((values < value).sum()), int((values > value).sum())
        beaten = below if side == Side.ABOVE else above
        if count == 1:
            assert side == Side.ALONE
        elif side == Side.MEDIAN:
            assert below <= count / 2
            assert above <= count / 2
        elif percent == EVERY_OTHER:
            assert beaten == count - 1
        else:
            assert beaten < count - 1
            assert percent == min(100 * beaten // count, 99)
            assert percent >= 50


@given(VALUES)
def test_the_larger_share_is_stated(numbers: list[float]) -> None:
    values = floats(numbers)
    sides, _ = make_table(values, is_whole=True, is_partial=False).locate(values)
    for value, side in zip(values, sides, strict=True):
        rise = int((values < value).sum()) - int((values > value).sum())

        assert side != Side.ABOVE or rise >= 0
        assert side != Side.BELOW or rise <= 0


def test_of_a_sample_nobody_is_said_to_be_beyond_all_others() -> None:
    table = make_table(np.arange(100, dtype=np.float32), is_whole=False, is_partial=False)
    sides, percents = table.locate(floats([-5, 500]))

    assert sides.tolist() == [Side.BELOW, Side.ABOVE]
    assert percents.tolist() == [99, 99]


def test_equal_extremes_are_not_beyond_all_others() -> None:
    table = make_table(floats([1, 1, 2, 3, 3]), is_whole=True, is_partial=False)
    _, percents = table.locate(floats([1, 3]))

    assert percents.tolist() == [60, 60]


def make_cohort(*sizes: int) -> Cohort:
    """Return a cohort of age steps of *sizes* tracks, in order."""
    groups = np.repeat(np.arange(1, len(sizes) + 1), sizes).astype(np.uint8)
    steps = [np.flatnonzero(groups == number) for number in range(1, len(sizes) + 1)]
    return Cohort(groups, (np.arange(groups.size), *steps), (True,) * (len(sizes) + 1))


@pytest.mark.parametrize(("size", "is_own"), [(50, True), (49, False)])
def test_a_small_age_step_has_the_weeks_table(size: int, is_own: bool) -> None:  # noqa: FBT001 - a parameter
    column = np.arange(size + 100, dtype=np.float32)
    week, small, large = make_tables(column, make_cohort(size, 100), by_age=True)

    assert (small is not week) == is_own
    assert large is not week
    assert large.count == 100


def test_tracks_without_a_value_do_not_count() -> None:
    column = np.arange(200, dtype=np.float32)
    column[:60] = np.nan
    week, small, large = make_tables(column, make_cohort(100, 100), by_age=True)

    assert small is week
    assert (week.count, week.is_partial) == (140, True)
    assert (large.count, large.is_partial) == (100, False)


def test_by_the_week_every_step_has_one_table() -> None:
    column = np.arange(200, dtype=np.float32)
    week, *steps = make_tables(column, make_cohort(100, 100), by_age=False)

    assert all(table is week for table in steps)


def test_a_feature_that_hardly_any_track_has_is_read_from_all_of_them() -> None:
    column = np.full(1_000, np.nan, dtype=np.float32)
    column[[3, 500, 998]] = [1, 2, 3]
    sampled = Cohort(np.zeros(1_000, np.uint8), (np.arange(0, 1_000, 4),), (False,))
    (week,) = make_tables(column, sampled, by_age=True)

    assert week.count == 3
    assert week.locate(floats([3]))[1].tolist() == [EVERY_OTHER]


def test_no_values_at_all_make_a_table_that_is_never_read() -> None:
    (week,) = make_tables(floats([np.nan] * 3), make_cohort(), by_age=True)

    assert week.count == 0
