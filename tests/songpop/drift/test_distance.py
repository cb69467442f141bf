import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import ndtr

from songpop.drift.bins import AGE_GROUPS_COUNT, LEVEL_BINS
from songpop.drift.distance import (
    FEWEST_IN_GROUP,
    NOTHING,
    compare_counts,
    kolmogorov_tail,
    share_tail,
    standard_gap,
)
from tests.songpop.drift.builders import make_counts, spread

TABLES = arrays(np.int64, (AGE_GROUPS_COUNT, 12), elements=st.integers(0, 200))


@given(TABLES)
def test_week_is_at_no_distance_from_itself(counts: np.ndarray) -> None:
    assert compare_counts(counts, counts, 1_000.0).statistic == pytest.approx(0, abs=1e-12)


@given(TABLES, TABLES)
def test_distance_is_a_share_and_its_chance_a_probability(
    now: np.ndarray, reference: np.ndarray
) -> None:
    found = compare_counts(now, reference, 500.0)

    assert 0 <= found.statistic <= 1 + 1e-12
    assert 0 <= found.p_value <= 1


@given(TABLES, TABLES, st.integers(2, 10))
def test_distance_does_not_depend_on_the_number_of_rows(
    now: np.ndarray, reference: np.ndarray, times: int
) -> None:
    reference += FEWEST_IN_GROUP  # an age that says nothing once may say something ten times over

    one = compare_counts(now, reference, 500.0)
    many = compare_counts(times * now, times * reference, 500.0)

    assert many.statistic == pytest.approx(one.statistic, abs=1e-12)


@pytest.mark.parametrize("moved", [7, -7])
def test_distance_is_the_largest_gap_and_knows_its_side(moved: int) -> None:
    found = compare_counts(spread(start=100 + moved), spread(), 1_000.0)

    assert found.statistic == pytest.approx(0.07)
    assert found.is_above is (moved > 0)
    assert found.rows_count == 1_000


def test_younger_tracks_alone_make_no_distance() -> None:
    young, old = spread(start=100), spread(start=300, group=4)

    found = compare_counts(9 * young + old, young + 9 * old, 10_000.0)

    assert found.statistic == pytest.approx(0, abs=1e-12)
    assert found.p_value == pytest.approx(1)


def test_values_that_are_usual_at_another_age_are_a_distance() -> None:
    young, old = spread(start=100), spread(start=300, group=4)

    found = compare_counts(spread(start=100, group=4), young + old, 2_000.0)

    assert found.statistic == pytest.approx(1)
    assert not found.is_above


def test_age_of_too_few_reference_tracks_is_left_out_on_both_sides() -> None:
    own = spread() + make_counts(LEVEL_BINS, {800: 500}, group=3)
    few = spread() + make_counts(LEVEL_BINS, {5: FEWEST_IN_GROUP - 1}, group=3)
    enough = spread() + make_counts(LEVEL_BINS, {5: FEWEST_IN_GROUP}, group=3)

    assert compare_counts(own, few, 1_000.0).rows_count == 1_000
    assert compare_counts(own, few, 1_000.0).statistic == pytest.approx(0, abs=1e-12)
    assert compare_counts(own, enough, 1_000.0).statistic == pytest.approx(1 / 3)


def test_weeks_without_a_common_age_cannot_be_compared() -> None:
    assert compare_counts(spread(), spread(group=2), 1_000.0) == NOTHING
    gap, rows = standard_gap(spread(), spread(group=2))
    assert (rows, gap.any()) == (0, False)


def test_chance_of_a_distance_falls_with_the_rows() -> None:
    few = compare_counts(spread(100, start=110), spread(100), 100.0)
    many = compare_counts(spread(10_000, start=110), spread(10_000), 10_000.0)

    assert few.statistic == pytest.approx(many.statistic)
    assert few.p_value > 0.5
    assert many.p_value < 1e-6


def test_chance_is_that_of_kolmogorovs_table() -> None:
    # The critical value of a large sample at 5 %, 1.358.
    assert kolmogorov_tail(1.358 / np.sqrt(1e6), 1e6) == pytest.approx(0.05, abs=0.001)


def test_chance_of_two_shares_is_that_of_the_pooled_z_test() -> None:
    z = 0.05 / np.sqrt(0.125 * 0.875 * (1 / 400 + 1 / 400))

    assert share_tail(0.15, 0.10, 400, 400) == pytest.approx(2 * ndtr(-z))
    assert share_tail(0.10, 0.15, 400, 400) == share_tail(0.15, 0.10, 400, 400)


@pytest.mark.parametrize(
    ("now", "reference", "rows", "chance"),
    [(0.5, 0.1, 0.0, 1.0), (0.0, 0.0, 9.0, 1.0), (1.0, 1.0, 9.0, 1.0), (0.3, 0.3, 9.0, 1.0)],
)
def test_equal_or_unknown_shares_are_no_surprise(
    now: float, reference: float, rows: float, chance: float
) -> None:
    assert share_tail(now, reference, rows, 10) == pytest.approx(chance)
