"""Paired intervals: whole artists are drawn, since the tracks of one resemble each other."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from songpop.reproduce.measure import row_losses

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_ENDS: Final = (2.5, 97.5)


@dataclass(frozen=True)
class Difference:
    """One model's figure less another's on the same rows, with its 95 % interval."""

    mean: float
    low: float
    high: float


class Bootstrap:
    """Draws of artists with replacement, the same for every comparison.

    The percentile bootstrap over clusters (Efron and Tibshirani, "An Introduction to the
    Bootstrap", 1993, sections 8.4 and 13.3). Models stay as they were fitted: the interval is
    about the tracks they are compared on.

    Args:
        artists: (n,) number of each row's artist.
        draws_count: bootstrap samples.
        seed: of the draws.
    """

    def __init__(self, artists: NDArray[np.intp], draws_count: int, seed: int) -> None:
        _, self._artists = np.unique(artists, return_inverse=True)
        count = int(self._artists.max()) + 1
        rng = np.random.default_rng(seed)
        self._draws = rng.multinomial(count, np.full(count, 1 / count), draws_count)

    def compare_log_loss(self, y: Bools, one: Floats, other: Floats) -> Difference:
        """Return the mean log loss of *one* less that of *other*, in nats."""
        gaps = row_losses(y, one) - row_losses(y, other)
        rows = np.bincount(self._artists)
        sums = np.bincount(self._artists, weights=gaps)
        return _interval(float(gaps.mean()), (self._draws @ sums) / (self._draws @ rows))

    def compare_auc(self, y: Bools, one: Floats, other: Floats) -> Difference:
        """Return the area under the ROC curve of *one* less that of *other*."""
        areas = [_WeightedAuc(y, p) for p in (one, other)]
        whole = np.ones(y.size)
        drawn = np.array(
            [areas[0](w) - areas[1](w) for w in (d[self._artists] for d in self._draws)]
        )
        return _interval(areas[0](whole) - areas[1](whole), drawn)


class _WeightedAuc:
    """The Mann–Whitney statistic with a weight a row; ties count half."""

    def __init__(self, y: Bools, p: Floats) -> None:
        self._y = y
        _, self._place = np.unique(p, return_inverse=True)

    def __call__(self, weights: NDArray[np.floating] | NDArray[np.integer]) -> float:
        high = np.bincount(self._place, weights=weights * self._y)
        low = np.bincount(self._place, weights=weights * ~self._y)
        below = np.cumsum(low) - low / 2
        return float(high @ below / (high.sum() * low.sum()))


def _interval(mean: float, drawn: Floats) -> Difference:
    low, high = np.percentile(drawn, _ENDS)
    return Difference(mean, float(low), float(high))
