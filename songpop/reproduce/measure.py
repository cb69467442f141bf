"""How good probabilities are: the published figures, and those that the design adds."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields

import numpy as np
from numpy.typing import NDArray

from songpop.model import metrics

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

THRESHOLD = 0.5
"""A track counts as high from here on (DESIGN, Which feed, which week)."""


@dataclass(frozen=True)
class Measures:
    """Figures of one model on one set of rows; shares but for log_loss, which is in nats."""

    accuracy: float
    precision: float
    recall: float
    f1: float
    log_loss: float
    auc: float
    brier: float


NAMES = tuple(field.name for field in fields(Measures))


@dataclass(frozen=True)
class Confusion:
    """Rows by truth and prediction."""

    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int


def measure(y: Bools, p: Floats) -> Measures:
    """Return the figures of probabilities *p* (n,) for labels *y* (n,), which have both classes.

    Precision and F1 are 0 where nothing is predicted high, as scikit-learn has it.
    """
    counts = count_confusion(y, p)
    predicted = counts.true_positives + counts.false_positives
    actual = counts.true_positives + counts.false_negatives
    area = metrics.auc(y, p)
    return Measures(
        accuracy=metrics.accuracy(y, p),
        precision=counts.true_positives / predicted if predicted else 0.0,
        recall=counts.true_positives / actual if actual else 0.0,
        f1=2 * counts.true_positives / (predicted + actual) if predicted + actual else 0.0,
        log_loss=metrics.log_loss(y, p),
        auc=float("nan") if area is None else area,
        brier=metrics.brier(y, p),
    )


def count_confusion(y: Bools, p: Floats) -> Confusion:
    """Count rows by label and by whether *p* is at least one half."""
    high = p >= THRESHOLD
    return Confusion(
        true_positives=int(np.sum(high & y)),
        false_positives=int(np.sum(high & ~y)),
        false_negatives=int(np.sum(~high & y)),
        true_negatives=int(np.sum(~high & ~y)),
    )


def mean_measures(several: Sequence[Measures]) -> Measures:
    """Return the mean of each figure."""
    return Measures(
        *(float(np.mean(values)) for values in zip(*(astuple(one) for one in several), strict=True))
    )


def spread_measures(several: Sequence[Measures]) -> Measures:
    """Return the sample standard deviation of each figure; 0 for one of them."""
    degrees = min(1, len(several) - 1)
    columns = zip(*(astuple(one) for one in several), strict=True)
    return Measures(*(float(np.std(values, ddof=degrees)) for values in columns))
