import numpy as np
import pytest

from songpop.simulate.columns import METRICS
from songpop.simulate.marginals import (
    AGE_SHARES,
    FACTORS_COUNT,
    FITS,
    KNOT_SCORES,
    RELEASE_DAY_SHARES,
    SCORE_BY_RANK,
    ColumnFit,
)


def test_each_metric_has_one_fit_in_file_order() -> None:
    assert tuple(fit.header for fit in FITS) == METRICS


@pytest.mark.parametrize("fit", FITS, ids=[fit.header for fit in FITS])
def test_a_fit_is_a_distribution(fit: ColumnFit) -> None:
    assert len(fit.knots) == len(KNOT_SCORES)
    assert np.all(np.diff(fit.knots) > 0)
    assert len(fit.loadings) == FACTORS_COUNT
    assert np.sum(np.square(fit.loadings)) <= 1.0


def test_counters_grow_ever_more_slowly() -> None:
    slopes = [fit.slope for fit in FITS if fit.is_counter]

    assert len(slopes) == 12
    assert all(0 < slope < 1 for slope in slopes)


def test_shares_add_up() -> None:
    assert sum(AGE_SHARES) == pytest.approx(1)
    assert sum(RELEASE_DAY_SHARES) == pytest.approx(1)


def test_score_falls_with_rank() -> None:
    ranks, scores = np.array(SCORE_BY_RANK).T

    assert np.all(np.diff(ranks) > 0)
    assert np.all(np.diff(scores) < 0)
