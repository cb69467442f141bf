"""The figures by which models are compared."""

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from songpop.model import metrics

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SHORT_LIST, LONG_LIST = 20, 50
"""Lengths of the ranked lists that people read."""


class Measures(BaseModel):
    """Figures of one model on one set of rows; shares are dimensionless, in [0, 1]."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows_count: int
    base_rate: float
    """Share of rows that are high."""
    log_loss: float
    """Mean, in nats."""
    brier: float
    calibration_error: float
    """Expected calibration error over ten bins of equal mass."""
    accuracy: float
    auc: float | None
    """Area under the ROC curve; null where one class is absent."""
    average_precision: float | None
    """Area under the precision-recall curve; null where no row is high."""
    precision_at_20: float
    """Share of high rows among the 20 highest scores of a feed's week, mean over weeks."""
    precision_at_50: float
    """The same of 50."""
    lift_at_20: float | None
    """Precision at 20 over the base rate; null where no row is high."""
    lift_at_50: float | None
    """The same of 50."""


def measure(y: Bools, p: Floats, cohorts: NDArray[np.intp]) -> Measures:
    """Return the figures of probabilities *p* for labels *y*.

    Args:
        y: (n,) true for high, n ≥ 1.
        p: (n,) probabilities of high.
        cohorts: (n,) number of each row's (feed, week), which is one ranked list.
    """
    table = metrics.reliability(y, p)
    base_rate = float(y.mean())
    short, long = (precision_at(y, p, cohorts, count) for count in (SHORT_LIST, LONG_LIST))
    return Measures(
        rows_count=y.size,
        base_rate=base_rate,
        log_loss=metrics.log_loss(y, p),
        brier=metrics.brier(y, p),
        calibration_error=metrics.expected_calibration_error(table) or 0.0,
        accuracy=metrics.accuracy(y, p),
        auc=metrics.auc(y, p),
        average_precision=average_precision(y, p),
        precision_at_20=short,
        precision_at_50=long,
        lift_at_20=short / base_rate if base_rate else None,
        lift_at_50=long / base_rate if base_rate else None,
    )


def average_precision(y: Bools, p: Floats) -> float | None:
    """Return the area under the precision-recall curve; null where no row is high.

    The sum of precision times the gain in recall over the distinct scores, from the highest: no
    interpolation, which would flatter (Davis and Goadrich, "The Relationship between
    Precision-Recall and ROC Curves", ICML 2006).
    """
    if not y.any():
        return None
    order = np.argsort(-p, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(p[order])), y.size - 1)  # last row of each score
    hits = np.cumsum(y[order])[ends]
    gains = np.diff(hits, prepend=0)
    return float(np.sum(gains * hits / (ends + 1)) / hits[-1])


def precision_at(y: Bools, p: Floats, cohorts: NDArray[np.intp], count: int) -> float:
    """Return the share of high rows among the *count* highest scores, mean over cohorts.

    A cohort of fewer rows counts with all of them. Rows that tie for the last places share them,
    which is the mean over every order of the ties (McSherry and Najork, "Computing Information
    Retrieval Performance Measures Efficiently in the Presence of Tied Scores", ECIR 2008): the
    order of the rows, which may well say something about them, does not matter.
    """
    order = np.lexsort((-p, cohorts))
    _, starts, sizes = np.unique(cohorts[order], return_index=True, return_counts=True)
    is_first = np.append(True, (np.diff(p[order]) != 0) | (np.diff(cohorts[order]) != 0))
    ties = np.flatnonzero(is_first)  # first row of each group of ties
    tied = np.diff(ties, append=y.size)
    places_before = ties - np.repeat(starts, sizes)[ties]
    listed = np.clip(count - places_before, 0, tied)
    hits = np.add.reduceat(y[order].astype(np.float64), ties) * listed / tied
    by_cohort = np.add.reduceat(hits, np.searchsorted(ties, starts))
    return float(np.mean(by_cohort / np.minimum(sizes, count)))
