import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from songpop.drift.bins import (
    AGE_GROUPS_COUNT,
    CHANGE_BINS,
    FELL_BIN,
    LEVEL_BINS,
    STILL_BIN,
    bin_growth,
    bin_levels,
    bin_ratios,
    count_cells,
    group_ages,
)

UNKNOWN = AGE_GROUPS_COUNT - 1
NO_CHANGE = 150
LARGEST = float(2**63 - 1)


@pytest.mark.parametrize(
    ("age_days", "group"),
    [
        (0.0, 0),
        (27.0, 0),
        (28.0, 1),
        (90.0, 1),
        (91.0, 2),
        (365.0, 3),
        (1_825.0, 4),
        (40_000.0, 4),
        (-1.0, UNKNOWN),
        (np.nan, UNKNOWN),
    ],
)
def test_ages_fall_into_the_age_steps_and_the_unknown_ones_stand_apart(
    age_days: float, group: int
) -> None:
    assert group_ages(np.array([age_days])).tolist() == [group]


@given(st.lists(st.floats(0, LARGEST), min_size=2, max_size=20))
def test_levels_keep_their_order_and_stay_within_the_bins(values: list[float]) -> None:
    cells = bin_levels(np.array(sorted(values)))

    assert (np.diff(cells) >= 0).all()
    assert cells.min() >= 0
    assert cells.max() < LEVEL_BINS


def test_levels_a_bin_apart_differ_by_five_percent() -> None:
    values = np.expm1(np.array([5.01, 5.06]))

    assert np.diff(bin_levels(values)).tolist() == [1]


def test_largest_whole_number_has_a_bin_of_its_own_order() -> None:
    cells = bin_levels(np.array([LARGEST, LARGEST / 2]))

    assert cells[0] > cells[1]


def test_fallen_and_still_counters_are_told_from_growing_ones() -> None:
    now, before = np.array([9.0, 10.0, 11.0, 5.0]), np.array([10.0, 10.0, 10.0, 0.0])

    cells = bin_growth(now, before, 1.0)

    assert cells[:2].tolist() == [FELL_BIN, STILL_BIN]
    assert (cells[2:] > STILL_BIN).all()
    assert cells[3] > cells[2]


def test_growth_over_two_weeks_counts_by_the_week() -> None:
    before = np.array([1_000.0, 50.0])

    two_weeks = bin_growth(before + np.array([200.0, 8.0]), before, 2.0)
    one_week = bin_growth(before + np.array([100.0, 4.0]), before, 1.0)

    assert two_weeks.tolist() == one_week.tolist()


@given(st.floats(0, LARGEST), st.floats(0, LARGEST), st.floats(1, 8))
def test_every_change_has_a_bin(now: float, before: float, weeks: float) -> None:
    pair = np.array([now]), np.array([before])

    assert 0 <= bin_growth(*pair, weeks)[0] < CHANGE_BINS
    assert 0 <= bin_ratios(*pair)[0] < CHANGE_BINS


def test_ratios_stand_on_both_sides_of_no_change() -> None:
    now, before = np.array([10.0, 20.0, 10.0, 1e15]), np.array([10.0, 10.0, 20.0, 0.0])

    same, up, down, most = bin_ratios(now, before).tolist()

    assert same == NO_CHANGE
    assert up - same == same - down > 0
    assert most == 2 * NO_CHANGE


def test_cells_are_counted_by_age() -> None:
    counts = count_cells(np.array([0, 0, 5]), np.array([2, 2, 0]), bins=3)

    assert counts.shape == (AGE_GROUPS_COUNT, 3)
    assert (counts[0, 2], counts[5, 0], counts.sum()) == (2, 1, 3)
