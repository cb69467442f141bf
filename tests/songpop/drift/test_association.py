import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import rankdata

from songpop.drift import association
from songpop.drift.association import FEWEST_PAIRS, rank_associations

RISING = np.arange(100.0)
GAP = np.where(RISING < FEWEST_PAIRS, RISING, np.nan)


def test_order_alone_decides() -> None:
    found = rank_associations([RISING, np.exp(RISING / 9), -RISING])

    assert found == pytest.approx(np.array([[1, 1, -1], [1, 1, -1], [-1, -1, 1]]))


def test_correlation_is_near_spearmans() -> None:
    rng = np.random.default_rng(1)
    one = rng.normal(size=2_000)
    other = one + rng.normal(size=2_000)

    spearman = np.corrcoef(rankdata(one), rankdata(other))[0, 1]

    found = rank_associations([one, np.exp(other)])[0, 1]

    assert found == pytest.approx(spearman, abs=0.03)


def test_pairs_are_the_tracks_that_have_both() -> None:
    disturbed = np.where(RISING < FEWEST_PAIRS, RISING, -RISING)

    assert rank_associations([GAP, disturbed])[0, 1] > 0.95
    assert rank_associations([RISING, disturbed])[0, 1] < 0


def test_too_few_pairs_and_constants_say_nothing() -> None:
    short = np.where(RISING < FEWEST_PAIRS - 1, RISING, np.nan)

    found = rank_associations([RISING, short, np.ones(100), GAP])

    assert np.isnan(found[0, 1])
    assert np.isnan(found[0, 2])
    assert np.isfinite(found[0, 3])


@pytest.mark.parametrize("columns", [[], [np.array([])], [np.array([]), np.array([])]])
def test_nothing_gives_a_table_of_nothing(columns: list[np.ndarray]) -> None:
    found = rank_associations(columns)

    assert found.shape == (len(columns), len(columns))
    assert np.isnan(found).all()


def test_of_many_tracks_an_even_part_is_ranked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(association, "MOST_RANKED", 50)
    odd = np.where(np.arange(100) % 2 == 0, RISING, -1_000.0)

    assert rank_associations([RISING, odd])[0, 1] == pytest.approx(1)


@given(arrays(np.float64, (3, 60), elements=st.sampled_from([np.nan, 0.0, 1.0, 2.0, 3.0, 7.0])))
def test_correlations_are_bounded_symmetric_and_blind_to_scale(values: np.ndarray) -> None:
    found = rank_associations(list(values))
    stretched = rank_associations([values[0] ** 3 + 5, values[1] * 1_000, values[2]])

    known = found[np.isfinite(found)]
    assert ((known >= -1) & (known <= 1)).all()
    assert np.array_equal(found, found.T, equal_nan=True)
    assert np.array_equal(found, stretched, equal_nan=True)
