"""Training: features, labels and blocks in; a candidate out."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from songpop.model.blocks import Blocks
from songpop.model.calibration import Calibration, fit_calibration
from songpop.model.candidate import Candidate, ModelKind
from songpop.model.conformal import Conformal, fit_conformal
from songpop.model.evaluation import EpochLosses, GridResult, ModelMetrics, measure
from songpop.model.forward import forward_logits
from songpop.model.inputs import InputTransform
from songpop.model.layers import Stack
from songpop.model.metrics import log_loss
from songpop.model.prepare import Prepared, prepare
from songpop.model.sample import Sample
from songpop.model.scorer import Scorer
from songpop.model.teacher import distil
from songpop.settings import TrainingSettings

if TYPE_CHECKING:
    from songpop.model.network import FittedNetwork

INVERSE_STRENGTHS = (0.003, 0.03, 0.3)
"""scikit-learn's C that are tried for a logistic model; the first, the strongest, wins a tie."""


@dataclass(frozen=True, eq=False)
class Fitted:
    """A model before calibration.

    Attributes:
        kind: network or logistic.
        inputs: fitted on the fit block.
        stacks: its networks, or the one layer of a logistic model.
        grid: every penalty that was tried.
        strength: the one that was chosen.
        curve: the losses of each epoch of the trial that was chosen; the last fit has none.
        keras: the bytes of a ``.keras`` file for each network.
    """

    kind: ModelKind
    inputs: InputTransform
    stacks: tuple[Stack, ...]
    grid: tuple[GridResult, ...]
    strength: float
    curve: tuple[EpochLosses, ...] = ()
    keras: tuple[bytes, ...] = ()


def train_network(
    features: pl.DataFrame, labels: pl.DataFrame, blocks: Blocks, settings: TrainingSettings
) -> Candidate:
    """Train the design's network, or an ensemble of them, and calibrate it.

    Each λ of the grid is fitted once on the fit block, and the best of them again with slower
    learning rates and what a teacher says of each row (see ``distil``); the one with the lowest
    log loss on the stop block, and the epoch at which it had it, are chosen; without a stop block
    the last weeks of the fit block choose. The model is then fitted with them on all of these
    rows: the newest weeks say the most, and calibration and test come after them. The members of
    an ensemble take one λ and successive seeds.

    Args:
        features: Features, (n, keys + features), the rows of all blocks.
        labels: (n, 2+), is_high (boolean) and outcome_percentile ([0, 1]), row by row, no nulls;
            with a column margin, networks learn soft targets (see ``soft_targets``).
        blocks: which rows serve for what.
        settings: shape, grid, epochs, seed.

    Raises:
        CheckError: labels do not match the features, the fit block has one class, or no feature
            varies over it.
    """
    data = prepare_network(features, labels, blocks, settings)
    return calibrate(fit_networks(data, settings), features, labels, blocks, settings)


def train_logistic(
    features: pl.DataFrame, labels: pl.DataFrame, blocks: Blocks, settings: TrainingSettings
) -> Candidate:
    """Train a logistic regression on the same inputs, and calibrate it.

    Arguments, blocks and errors are those of ``train_network``; the grid is of scikit-learn's C.
    """
    grid = INVERSE_STRENGTHS
    data = prepare(features, labels, blocks, settings, choices_count=len(grid))
    fitted = _fit_logistics(data, grid)
    return calibrate(fitted, features, labels, blocks, settings)


def prepare_network(
    features: pl.DataFrame, labels: pl.DataFrame, blocks: Blocks, settings: TrainingSettings
) -> Prepared:
    """Return what ``fit_networks`` reads; arguments and errors are those of ``train_network``."""
    return prepare(features, labels, blocks, settings, choices_count=len(_strengths(settings)))


def fit_networks(data: Prepared, settings: TrainingSettings) -> Fitted:
    """Choose λ and the number of epochs, then fit the network or the ensemble on all rows."""
    # Imports TensorFlow: five seconds that a provisional model must not pay.
    from songpop.model.network import NetworkTrainer, Schedule  # noqa: PLC0415

    trainer = NetworkTrainer(len(data.inputs.specs), settings)

    def try_one(strength: float, rate: float, lesson: Prepared) -> _Trial:
        schedule = Schedule(learning_rate=rate)
        fit = trainer.fit(lesson.sample, lesson.judge, strength, settings.seed, schedule)
        return _Trial(fit, lesson, 0.0 if lesson is data else settings.teacher_share)

    def fit_member(seed: int) -> "FittedNetwork":
        schedule = Schedule(epochs_count=best.epochs_count, learning_rate=best.learning_rate)
        return trainer.fit(chosen.lesson.whole, None, best.strength, seed, schedule)

    trials = [try_one(strength, settings.learning_rate, data) for strength in _strengths(settings)]
    if data.judge is not None and settings.slower_rates:
        strength, taught = _best(trials).fit.strength, distil(data, settings)
        trials += [try_one(strength, rate, taught) for rate in settings.slower_rates]
    chosen = _best(trials)
    best = chosen.fit
    seeds = range(settings.seed, settings.seed + settings.ensemble_members)
    exported = [trainer.export(fit_member(seed)) for seed in seeds]
    return Fitted(
        kind="network",
        inputs=data.inputs,
        stacks=tuple(stack for stack, _ in exported),
        grid=tuple(trial.result() for trial in trials),
        strength=best.strength,
        curve=best.curve,
        keras=tuple(content for _, content in exported),
    )


def _strengths(settings: TrainingSettings) -> tuple[float, ...]:
    return (0.0,) if settings.regularizer == "none" else settings.l2_grid


@dataclass(frozen=True, eq=False)
class _Trial:
    """A network that was tried, what it learned from, and boosting's share of that."""

    fit: "FittedNetwork"
    lesson: Prepared
    teacher_share: float

    def result(self) -> GridResult:
        """Return what is told of it."""
        return GridResult(
            strength=self.fit.strength,
            learning_rate=self.fit.learning_rate,
            log_loss=self.fit.log_loss,
            epochs_count=self.fit.epochs_count,
            teacher_share=self.teacher_share,
        )


def _best(trials: list[_Trial]) -> _Trial:
    return min(trials, key=lambda one: np.inf if one.fit.log_loss is None else one.fit.log_loss)


def _fit_logistics(data: Prepared, grid: tuple[float, ...]) -> Fitted:
    # Imports scikit-learn, which scoring does without.
    from songpop.model.logistic import fit_logistic  # noqa: PLC0415

    judge = data.judge or data.sample
    stacks = [fit_logistic(data.sample, strength) for strength in grid]
    losses = [_log_loss(stack, judge) for stack in stacks]
    best = int(np.argmin(losses))
    results = (
        GridResult(strength=strength, log_loss=loss, epochs_count=None)
        for strength, loss in zip(grid, losses, strict=True)
    )
    stack = fit_logistic(data.whole, grid[best])
    return Fitted("logistic", data.inputs, (stack,), tuple(results), grid[best])


def _log_loss(stack: Stack, sample: Sample) -> float:
    return log_loss(sample.y, Calibration().probability(forward_logits([stack], sample.x)))


def calibrate(
    fitted: Fitted,
    features: pl.DataFrame,
    labels: pl.DataFrame,
    blocks: Blocks,
    settings: TrainingSettings,
) -> Candidate:
    """Calibrate a fitted model on its own block and measure it on the test block."""
    raw = Scorer(fitted.inputs, fitted.stacks, Calibration(), Conformal())
    logits = raw.logits(features[blocks.calibrate])
    known = labels[blocks.calibrate]
    calibration = fit_calibration(logits, known.get_column("is_high").to_numpy())
    conformal = fit_conformal(logits, known.get_column("outcome_percentile").to_numpy())
    scorer = Scorer(fitted.inputs, fitted.stacks, calibration, conformal)
    metrics = ModelMetrics(
        test=measure(scorer, features[blocks.test], labels[blocks.test]),
        grid=fitted.grid,
        chosen_strength=fitted.strength,
        curve=fitted.curve,
        rows_counts=blocks.counts(),
    )
    return Candidate(
        kind=fitted.kind,
        inputs=fitted.inputs,
        stacks=fitted.stacks,
        calibration=calibration,
        conformal=conformal,
        metrics=metrics,
        settings=settings,
        keras=fitted.keras,
    )
