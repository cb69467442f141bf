"""A champion and a challenger whose difference is known: one is blurred, or told more."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from songpop.model.calibration import fit_calibration, sigmoid
from songpop.model.metrics import auc, average_ranks
from songpop.training.gather import TrainingSet

Floats = NDArray[np.float64]
GAIN = 0.02
"""How much more AUC the truly better one has, on the gate's own rows, in the mean over noise."""
_STEPS = 12
_TRIAL_SEEDS = range(10_000, 10_004)
_LEAST, _MOST = 0.02, 60.0


@dataclass(frozen=True, eq=False)
class Ground:
    """The calibration and the gate rows of one history, and a network's raw log-odds of them."""

    history: TrainingSet
    calibrate: Floats
    test: Floats

    def y(self, block: str) -> NDArray[np.bool_]:
        """Return the labels of one block's rows."""
        rows = getattr(self.history.blocks, block)
        return self.history.labels.get_column("is_high").to_numpy()[rows]

    def noise(self, block: str, seed: int) -> Floats:
        """Return standard normal noise, half of whose variance stays with a track."""
        rows = getattr(self.history.blocks, block)
        tracks = self.history.labels.get_column("track_id")
        numbers = tracks.rank("dense").to_numpy().astype(np.intp) - 1
        lasting = np.random.default_rng((seed, 1)).standard_normal(numbers.max() + 1)
        passing = np.random.default_rng((seed, 2)).standard_normal(numbers.size)
        return ((lasting[numbers] + passing) / np.sqrt(2))[rows]

    def outcome(self, block: str) -> Floats:
        """Return normal scores of how far a track will be from the other label."""
        from scipy.special import ndtri  # noqa: PLC0415 - a light part, used here alone

        margin = self.history.labels.get_column("margin").cast(pl.Float64).to_numpy()
        rows = getattr(self.history.blocks, block)
        return ndtri((average_ranks(margin[rows]) - 0.5) / rows.size)


def blur(ground: Ground, size: float, seed: int) -> Floats:
    """Return the network's scores of the gate rows, its log-odds blurred, calibrated anew."""
    calibrate, test = (
        getattr(ground, block) + size * ground.noise(block, seed) for block in ("calibrate", "test")
    )
    return fit_calibration(calibrate, ground.y("calibrate")).probability(test)


def inform(ground: Ground, size: float, seed: int) -> Floats:
    """Return scores of the network and a hint: what will become of the track, under noise.

    The hint's weight is fitted on the calibration rows, as a further input's would be.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - half a second

    inputs = {
        block: np.column_stack(
            [getattr(ground, block), ground.outcome(block) + size * ground.noise(block, seed)]
        )
        for block in ("calibrate", "test")
    }
    model: Any = LogisticRegression(C=1e3)
    model.fit(inputs["calibrate"], ground.y("calibrate"))
    return sigmoid(inputs["test"] @ model.coef_[0] + model.intercept_[0])


def find_size(ground: Ground, make: Callable[[Ground, float, int], Floats], own: Floats) -> float:
    """Return the size of the noise at which *make* differs from *own* scores by the gain in AUC.

    Bisection on a logarithmic scale, on noise that no case is made with.
    """
    y = ground.y("test")
    base = auc(y, own) or 0.0
    low, high = np.log(_LEAST), np.log(_MOST)
    is_blur = make is blur
    for _ in range(_STEPS):
        middle = (low + high) / 2
        areas = [auc(y, make(ground, float(np.exp(middle)), seed)) or 0.0 for seed in _TRIAL_SEEDS]
        gap = abs(float(np.mean(areas)) - base)
        # Noise that is too small tells too much of the outcome, and takes too little from a score.
        too_small = gap < GAIN if is_blur else gap > GAIN
        low, high = (middle, high) if too_small else (low, middle)
    return float(np.exp((low + high) / 2))
