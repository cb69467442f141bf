"""What is known about how good a model is."""

import numpy as np
import polars as pl
from pydantic import BaseModel, ConfigDict

from songpop.evaluate.report import Evaluation
from songpop.model import metrics
from songpop.model.scorer import Scorer


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class GridResult(_Frozen):
    """One penalty that was tried."""

    strength: float
    """λ of a network; scikit-learn's C of a logistic model."""
    learning_rate: float | None = None
    """Of a network's first epochs; null for a logistic model."""
    log_loss: float | None
    """Nats, on the block that chose; null where nothing was left to choose."""
    epochs_count: int | None
    """Epochs up to its lowest log loss; null for a logistic model."""
    teacher_share: float = 0.0
    """Of a network's targets, how much boosting said; see ``songpop.model.teacher``."""


class EpochLosses(_Frozen):
    """Log losses after one epoch, in nats."""

    fit: float
    """Mean over the epoch's batches, with dropout, without the penalty."""
    judge: float | None
    """On the rows that choose the penalty; null where there are none."""


class BlockMetrics(_Frozen):
    """How good a model is on its test block; nothing was fitted on these rows."""

    rows_count: int
    base_rate: float
    """Share of rows that are high (dimensionless)."""
    log_loss: float
    brier: float
    auc: float | None
    """Null where the block has one class."""
    accuracy: float
    calibration_error: float | None
    """Expected calibration error over ten bins of equal mass (dimensionless)."""
    reliability: tuple[metrics.ReliabilityBin, ...]
    interval_coverage: float
    """Share of outcomes inside their 80 % interval."""
    interval_width: float
    """Mean width of the intervals, in percentiles of [0, 1]."""


class ModelMetrics(_Frozen):
    """What is known about a model once it is fitted."""

    test: BlockMetrics | None
    """Null where the test block is empty."""
    grid: tuple[GridResult, ...]
    chosen_strength: float
    curve: tuple[EpochLosses, ...] = ()
    """Of the trial that was chosen, which learned from the fit block alone, and not of the network
    that is kept, which was fitted with its settings on the stop block too; empty for a logistic
    model."""
    evaluation: Evaluation | None = None
    """Beside its baselines, on the test block; null where that is empty or was not compared."""
    rows_counts: dict[str, int]
    """Rows of each block, as they were used: fit, stop, calibrate, test."""


def measure(scorer: Scorer, features: pl.DataFrame, labels: pl.DataFrame) -> BlockMetrics | None:
    """Return how good *scorer* is on rows that it has not seen; null without rows.

    Args:
        scorer: the model, calibrated.
        features: Features, (n, keys + features).
        labels: (n, 2), is_high and outcome_percentile, row by row.
    """
    if features.height == 0:
        return None
    y = labels.get_column("is_high").to_numpy()
    outcome = labels.get_column("outcome_percentile").to_numpy()
    scores = scorer.score(features, with_reasons=False)
    p, low, high = (scores.get_column(name).to_numpy() for name in scores.columns)
    table = metrics.reliability(y, p)
    return BlockMetrics(
        rows_count=y.size,
        base_rate=float(y.mean()),
        log_loss=metrics.log_loss(y, p),
        brier=metrics.brier(y, p),
        auc=metrics.auc(y, p),
        accuracy=metrics.accuracy(y, p),
        calibration_error=metrics.expected_calibration_error(table),
        reliability=table,
        interval_coverage=float(np.mean((low <= outcome) & (outcome <= high))),
        interval_width=float(np.mean(high - low)),
    )
