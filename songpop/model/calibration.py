"""Platt scaling: an affine map of the log-odds, so that reasons stay a sum."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

MIN_ROWS_COUNT = 200
"""Fewest rows that fit two parameters with less error than leaving the log-odds alone."""

_STEPS_COUNT = 100
_HALVINGS_COUNT = 30
_GRADIENT_SMALL = 1e-9
_RIDGE = 1e-12


class Calibration(BaseModel):
    """``log_odds × slope + intercept``; the identity where there was too little to fit on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: Literal["platt", "identity"] = "identity"
    slope: float = 1.0
    intercept: float = 0.0
    rows_count: int = 0
    """Rows of the calibration block, whether or not they were enough."""

    def log_odds(self, logits: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return calibrated log-odds (n,) of raw *logits* (n,)."""
        return logits.astype(np.float64) * self.slope + self.intercept

    def probability(self, logits: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return calibrated probabilities (n,) of raw *logits* (n,)."""
        return sigmoid(self.log_odds(logits))


def sigmoid(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probability of each of *log_odds*, without overflow at either end."""
    small = np.exp(-np.abs(log_odds))
    return np.where(log_odds >= 0, 1.0, small) / (1.0 + small)


def fit_calibration(logits: NDArray[np.floating], y: NDArray[np.bool_]) -> Calibration:
    """Fit slope and intercept on the calibration block.

    Maximum likelihood with Platt's smoothed targets ("Probabilistic Outputs for Support Vector
    Machines", 1999, section 2.2), by Newton steps with halving (Lin, Lin and Weng, "A Note on
    Platt's Probabilistic Outputs", Machine Learning 68, 2007, algorithm 1).

    Args:
        logits: (n,) raw log-odds of the block's rows.
        y: (n,) their labels.

    Returns:
        The identity where the block has fewer than 200 rows or one class, or where the best slope
        is not positive: a map that turns the ranking round would be no calibration. Of log-odds
        that are all equal no slope can be told: they are moved to the block's rate as they are.
    """
    identity = Calibration(rows_count=y.size)
    positives = int(y.sum())
    negatives = y.size - positives
    if y.size < MIN_ROWS_COUNT or not positives or not negatives:
        return identity
    target = np.where(y, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    start = np.array([0.0, np.log((positives + 1) / (negatives + 1))])
    raw = logits.astype(np.float64)
    if raw.min() == raw.max():
        share = target.mean()
        intercept = float(np.log(share / (1 - share)) - raw[0])
        return Calibration(method="platt", intercept=intercept, rows_count=y.size)
    slope, intercept = _newton(raw, target, start)
    if slope <= 0:
        return identity
    return Calibration(method="platt", slope=slope, intercept=intercept, rows_count=y.size)


def _newton(
    logits: NDArray[np.float64], target: NDArray[np.float64], start: NDArray[np.float64]
) -> tuple[float, float]:
    design = np.column_stack([logits, np.ones_like(logits)])  # (n, 2)
    point, loss = start, _loss(design @ start, target)
    for _ in range(_STEPS_COUNT):
        p = sigmoid(design @ point)
        gradient = design.T @ (p - target)
        if np.abs(gradient).max() < _GRADIENT_SMALL * target.size:
            break
        hessian = (design * (p * (1 - p))[:, None]).T @ design + _RIDGE * np.eye(2)
        step = np.linalg.solve(hessian, gradient)
        for _ in range(_HALVINGS_COUNT):
            if _loss(design @ (point - step), target) <= loss:
                break
            step = step / 2
        point = point - step
        loss = _loss(design @ point, target)
    return float(point[0]), float(point[1])


def _loss(log_odds: NDArray[np.float64], target: NDArray[np.float64]) -> float:
    return float(np.sum(np.logaddexp(0.0, log_odds) - target * log_odds))
