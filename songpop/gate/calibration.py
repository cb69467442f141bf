"""How far probabilities are off, and how far they demonstrably are."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from songpop.evaluate.clusters import ClusterBootstrap, Difference
from songpop.model.metrics import BINS_COUNT

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def bound_calibration_error(bootstrap: ClusterBootstrap, y: Bools, p: Floats) -> Difference:
    """Return the expected calibration error over ten bins of equal mass, with its 95 % interval.

    A mean of absolute values, the error is above 0 for a perfect model as well, and once more so
    in each bootstrap sample. So the interval is the basic one, the percentile one mirrored at the
    figure (Davison and Hinkley, "Bootstrap Methods and their Application", 1997, section 5.2):
    what the samples lie above the figure, the figure is taken to lie above the truth. Its ends
    are kept in [0, 1].

    Args:
        bootstrap: of the rows' artists and weeks.
        y: (n,) true for high.
        p: (n,) probabilities of high.
    """
    drawn = bootstrap.interval_of(make_binned_error(y, p))
    low, high = (2 * drawn.mean - end for end in (drawn.high, drawn.low))
    return Difference(mean=drawn.mean, low=max(low, 0.0), high=min(max(high, 0.0), 1.0))


def make_binned_error(y: Bools, p: Floats) -> Callable[[Floats], float]:
    """Return the function of the rows' weights (n,) that gives the binned error.

    The bins are those of the rows as they are: with bins drawn anew an interval would take in
    how they fall as well.
    """
    bins = np.empty(y.size, dtype=np.intp)
    for number, rows in enumerate(np.array_split(np.argsort(p, kind="stable"), BINS_COUNT)):
        bins[rows] = number
    gaps = p - y

    def error(weights: Floats) -> float:
        sums = np.bincount(bins, weights=weights * gaps, minlength=BINS_COUNT)
        return float(np.abs(sums).sum() / weights.sum())

    return error
