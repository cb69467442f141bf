"""An 80 % interval for a track's outcome percentile, by split conformal prediction."""

import math

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

COVERAGE = 0.8
"""Share of outcomes (dimensionless) that the interval is made to hold, as the design fixes it."""

BIN_ROWS_COUNT = 50
"""Fewest calibration rows a score bin; below 9 the corrected bounds would leave the data."""

_MAX_BINS_COUNT = 20


class Interval(BaseModel):
    """One score bin's interval; the outcome lies in it with the promised probability."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    log_odds_from: float | None
    """Smallest raw log-odds of the bin; null for the first bin, which has no lower end."""
    low: float
    high: float
    rows_count: int


class Conformal(BaseModel):
    """Intervals by bins of the raw log-odds, which order rows as calibrated scores do."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    coverage: float = COVERAGE
    bins: tuple[Interval, ...] = (Interval(log_odds_from=None, low=0.0, high=1.0, rows_count=0),)

    def bounds(self, logits: NDArray[np.floating]) -> tuple[NDArray[np.float64], ...]:
        """Return outcome_low and outcome_high (n,), percentiles in [0, 1], of *logits* (n,)."""
        edges = np.array([bin_.log_odds_from for bin_ in self.bins[1:]], dtype=np.float64)
        which = np.searchsorted(edges, logits.astype(np.float64), side="right")
        low = np.array([bin_.low for bin_ in self.bins])
        high = np.array([bin_.high for bin_ in self.bins])
        return low[which], high[which]


def fit_conformal(logits: NDArray[np.floating], outcome: NDArray[np.float64]) -> Conformal:
    """Fit one interval for each bin of equal mass of the calibration block.

    Mondrian split conformal prediction (Vovk, Gammerman and Shafer, "Algorithmic Learning in a
    Random World", 2005, section 4.5) with the score bin as category. With n rows of a bin sorted,
    a new outcome lies below the k-th of them with probability at most k / (n + 1), so the bounds
    are the floor(0.1 (n + 1))-th from either end, which holds 80 % within the bin for every n.

    Args:
        logits: (n,) raw log-odds.
        outcome: (n,) percentile h weeks later in [0, 1], 0 where the track was absent.

    Returns:
        At most 20 bins of at least 50 rows; the whole range [0, 1] where there are fewer rows.
    """
    count = min(_MAX_BINS_COUNT, outcome.size // BIN_ROWS_COUNT)
    if count == 0:
        return Conformal()
    raw = logits.astype(np.float64)
    edges = np.unique(np.quantile(raw, np.arange(1, count) / count, method="higher"))
    which = np.searchsorted(edges, raw, side="right")
    starts: list[float | None] = [None, *(float(edge) for edge in edges)]
    bins = (_interval(start, outcome[which == place]) for place, start in enumerate(starts))
    return Conformal(bins=tuple(bins))


def fit_constant_interval(outcome: NDArray[np.float64]) -> tuple[float, float]:
    """Return one interval for every row, whatever its score: what bins have to beat."""
    interval = _interval(None, outcome)
    return interval.low, interval.high


def _interval(start: float | None, outcome: NDArray[np.float64]) -> Interval:
    ordered = np.sort(outcome)
    # The small number guards against 0.1 × 10 being taken for less than 1.
    place = math.floor((1 - COVERAGE) / 2 * (ordered.size + 1) + 1e-9)
    if place == 0:
        return Interval(log_odds_from=start, low=0.0, high=1.0, rows_count=ordered.size)
    low, high = np.clip(ordered[[place - 1, -place]], 0.0, 1.0)
    return Interval(log_odds_from=start, low=float(low), high=float(high), rows_count=ordered.size)
