"""What was chosen for one model on the rows that it is fitted on, and from what."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from songpop.model.calibration import Calibration, fit_calibration
from songpop.model.evaluation import EpochLosses
from songpop.model.metrics import log_loss
from songpop.reproduce.split import Rows

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_FEWEST_WITH_INSIDE: Final = 2
"""Of so many values or fewer each is an edge."""


@dataclass(frozen=True)
class Trial:
    """One setting that was tried inside the rows that are fitted on.

    Attributes:
        setting: name and value of each part of it.
        log_loss: nats, over all of these rows, each judged by a model that has not seen it and,
            where that is lower, by a Platt scaling that has not either.
    """

    setting: dict[str, float]
    log_loss: float


@dataclass(frozen=True)
class Choice:
    """The outcome of a model's trials.

    Attributes:
        setting: the one with the lowest log loss.
        trials: every one, in the order of the grid.
        is_calibrated: whether Platt scaling lowered the log loss of rows unseen by both.
        raw_log_loss: nats, of the chosen setting without it.
        calibrated_log_loss: nats, with it.
        curve: of a network, the losses after each epoch on the first inner fold.
    """

    setting: dict[str, float]
    trials: tuple[Trial, ...]
    is_calibrated: bool
    raw_log_loss: float
    calibrated_log_loss: float
    curve: tuple[EpochLosses, ...] = ()

    @property
    def edges(self) -> tuple[str, ...]:
        """Return which parts of the setting are the first or the last of those that were tried.

        What would follow beyond was not seen. A part without an order, or with one value or two,
        has no inside.
        """
        found: list[str] = []
        for name, value in self.setting.items():
            tried = sorted({trial.setting[name] for trial in self.trials if name in trial.setting})
            if len(tried) > _FEWEST_WITH_INSIDE and value in (tried[0], tried[-1]):
                found.append(f"{name} {value:g}")
        return tuple(found)


@dataclass(frozen=True, eq=False)
class Fitted:
    """One model's answer for one split.

    Attributes:
        model: its name.
        probabilities: (seeds, test rows).
        choice: how it came to its settings.
    """

    model: str
    probabilities: Floats
    choice: Choice


def loss_of_logits(y: Bools, logits: NDArray[np.floating]) -> float:
    """Return the mean log loss of raw *logits* (n,) in nats."""
    return log_loss(y, Calibration().probability(logits))


def judge_logits(
    y: Bools, logits: NDArray[np.floating], folds: tuple[Rows, ...]
) -> tuple[float, float]:
    """Return the log loss of *logits* as they are, and after Platt scaling, in nats.

    Args:
        y: (n,) labels of the rows that are fitted on.
        logits: (n,) of each row, by a model that has not seen it.
        folds: the inner folds, of which each is judged by a scaling fitted on the others.
    """
    scaled = np.empty(y.size)
    for fold in folds:
        others = np.setdiff1d(np.arange(y.size), fold)
        scaled[fold] = fit_calibration(logits[others], y[others]).log_odds(logits[fold])
    return loss_of_logits(y, logits), loss_of_logits(y, scaled)


def best_trial(trials: tuple[Trial, ...]) -> Trial:
    """Return the trial with the lowest log loss, the first of equals."""
    return min(trials, key=lambda trial: trial.log_loss)


def choose_calibration(
    y: Bools, logits: NDArray[np.floating], folds: tuple[Rows, ...]
) -> tuple[Calibration, float, float]:
    """Choose between raw log-odds and Platt scaling, on rows that no test sees.

    Args:
        y: (n,) labels of the rows that are fitted on.
        logits: (n,) of each row, by a model that has not seen it.
        folds: the inner folds, of which each is judged by a scaling fitted on the others.

    Returns:
        The scaling, fitted on all n rows, or the identity where it does not lower the log loss;
        the log loss without it and the one with it, in nats.
    """
    raw_loss, scaled_loss = judge_logits(y, logits, folds)
    scaling = fit_calibration(logits, y) if scaled_loss < raw_loss else Calibration()
    return scaling, raw_loss, scaled_loss
