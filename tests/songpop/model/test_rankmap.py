from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from songpop.model.rankmap import RankMap, fit_knots
from tests.songpop.model.builders import floats

Floats = NDArray[np.float32]


def scored(values: Floats, fitted_on: Floats) -> Floats:
    """Return the scores of *values* under the map fitted on other values."""
    out = np.empty_like(values)
    RankMap(*fit_knots(fitted_on)).apply(values, out)
    return out


def test_scores_are_about_standard_normal_whatever_the_distribution() -> None:
    values = np.random.default_rng(1).lognormal(3, 2, 20_000).astype(np.float32)
    scores = scored(values, values)

    assert abs(scores.mean()) < 0.01
    assert scores.std() == pytest.approx(1, abs=0.02)
    assert abs(np.quantile(scores, 0.9) - NormalDist().inv_cdf(0.9)) < 0.02


def test_tied_values_score_the_middle_of_their_ranks() -> None:
    values = floats([0, 0, 0, 0, 1, 2, 2, 5])
    knots, scores = fit_knots(values)

    assert knots.tolist() == [0, 1, 2, 5]
    assert scores.tolist() == pytest.approx(
        [NormalDist().inv_cdf(rank / 8) for rank in (2, 4.5, 6, 7.5)]
    )


def test_many_distinct_values_keep_128_knots_between_the_rarest() -> None:
    knots, _ = fit_knots(np.arange(10_001, dtype=np.float32))

    assert knots.size == 128
    assert knots[[0, -1]].tolist() == [10, 9_990]


def test_values_outside_the_knots_score_as_the_outermost() -> None:
    fitted_on = np.arange(100, dtype=np.float32)
    scores = scored(floats([-1e30, -np.inf, 0, 99, np.inf, 1e30]), fitted_on)

    assert scores[0] == scores[1] == scores[2]
    assert scores[3] == scores[4] == scores[5]


def test_missing_scores_the_median() -> None:
    assert scored(floats([np.nan, 3]), np.arange(7, dtype=np.float32)).tolist() == [0, 0]


def test_a_constant_scores_zero() -> None:
    assert scored(floats([1, 2, 3]), floats([2, 2])).tolist() == [0, 0, 0]


@pytest.mark.parametrize("scale", ["even", "crowded"])
def test_table_and_search_agree_at_every_knot(scale: str) -> None:
    rng = np.random.default_rng(2)
    even = rng.normal(0, 1, 5_000).astype(np.float32)
    # Half of the values within a millionth of the range: no table of equal cells can follow.
    crowded = np.concatenate([rng.normal(0, 1e-3, 2_500), rng.uniform(0, 1e6, 2_500)])
    values = even if scale == "even" else crowded.astype(np.float32)
    knots, scores = fit_knots(values)

    assert np.abs(scored(knots, values) - scores).max() <= 0.0101


@example([0.0, 1e-30], [0.0, 332_307.0])
@given(
    st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=300),
    st.lists(st.floats(-1e7, 1e7, width=32), min_size=2, max_size=50),
)
def test_scores_rise_with_values_and_stay_bounded(fit: list[float], new: list[float]) -> None:
    scores = scored(np.sort(floats(new)), floats(fit))

    assert (np.diff(scores) >= -1e-5).all()
    assert np.abs(scores).max() < 4
