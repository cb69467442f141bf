"""How good probabilities are, in numpy alone.

Throughout, ``y`` is (n,) boolean and ``p`` (n,) the probability of true, in [0, 1].
"""

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

BINS_COUNT = 10
_TINY = 1e-15


class ReliabilityBin(BaseModel):
    """One bin of a reliability table: rows of similar score, and how often they were true."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows_count: int
    score_mean: float
    """Mean score of the bin's rows, a probability."""
    true_share: float
    """Share of the bin's rows that are true (dimensionless)."""


def log_loss(y: Bools, p: Floats) -> float:
    """Return the mean negative log-likelihood in nats, with *p* kept 1e-15 away from 0 and 1."""
    p = np.clip(p, _TINY, 1 - _TINY)
    return float(-np.mean(np.where(y, np.log(p), np.log1p(-p))))


def brier(y: Bools, p: Floats) -> float:
    """Return the mean squared error (Brier, Monthly Weather Review 78, 1950; two-class form)."""
    return float(np.mean((p - y) ** 2))


def accuracy(y: Bools, p: Floats) -> float:
    """Return the share of rows on the right side of one half; exactly one half counts as true."""
    return float(np.mean((p >= 0.5) == y))  # noqa: PLR2004 - the design's threshold of "high"


def auc(y: Bools, p: Floats) -> float | None:
    """Return the area under the ROC curve; null where one class is absent.

    The Mann–Whitney statistic on average ranks, so that a tie counts one half (Hanley and McNeil,
    Radiology 143, 1982).
    """
    positives = int(y.sum())
    negatives = y.size - positives
    if not positives or not negatives:
        return None
    rank_sum = float(average_ranks(p)[y].sum())
    return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives)


def average_ranks(values: NDArray[np.floating]) -> Floats:
    """Return the 1-based rank of each of *values* (n,), ties sharing the mean of their ranks."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[inverse]


def reliability(y: Bools, p: Floats, bins: int = BINS_COUNT) -> tuple[ReliabilityBin, ...]:
    """Return *bins* rows of equal mass, by rising score; fewer where there are fewer rows."""
    order = np.argsort(p, kind="stable")
    parts = [part for part in np.array_split(order, bins) if part.size]
    return tuple(
        ReliabilityBin(
            rows_count=part.size,
            score_mean=float(p[part].mean()),
            true_share=float(y[part].mean()),
        )
        for part in parts
    )


def expected_calibration_error(table: tuple[ReliabilityBin, ...]) -> float | None:
    """Return the mean distance of score and truth over the bins, weighted by rows; null if empty.

    Equal-mass bins, as in Nixon et al., "Measuring Calibration in Deep Learning" (2019). A perfect
    model shows about 0.056 on 200 rows and 0.028 on 800, so read it with the number of rows.
    """
    rows = sum(bin_.rows_count for bin_ in table)
    if not rows:
        return None
    return sum(bin_.rows_count * abs(bin_.score_mean - bin_.true_share) for bin_ in table) / rows


def calibration_noise(table: tuple[ReliabilityBin, ...]) -> float:
    """Return the expected calibration error of a perfect model, rows being independent.

    A bin's share of true rows then lies about its mean score s with variance s (1 - s) / rows,
    and the mean distance of a normal variable is sqrt(2 / pi) standard deviations. Rows that
    resemble each other show more.
    """
    rows = sum(bin_.rows_count for bin_ in table)
    spreads = (np.sqrt(bin_.rows_count * bin_.score_mean * (1 - bin_.score_mean)) for bin_ in table)
    return float(np.sqrt(2 / np.pi) * sum(spreads) / rows) if rows else 0.0
