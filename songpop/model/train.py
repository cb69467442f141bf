"""Training: features, labels and blocks in; a candidate out."""

from dataclasses import dataclass

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
from songpop.settings import TrainingSettings

INVERSE_STRENGTHS = (0.003, 0.03, 0.3)
"""scikit-learn's C that are tried for a logistic model; the first, the strongest, wins a tie."""


@dataclass(frozen=True, eq=False)
class _Fitted:
    """A model before calibration."""

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

    Each λ of the grid is fitted once, and the fitted network with the lowest log loss on the stop
    block is the model: no refit. Without a stop block the last weeks of the fit block choose λ
    (only where there is more than one) and all epochs are run. Further members of an ensemble
    take the same λ and the next seeds.

    Args:
        features: Features, (n, keys + features), the rows of all blocks.
        labels: (n, 2+), is_high (boolean) and outcome_percentile ([0, 1]), row by row, no nulls.
        blocks: which rows serve for what.
        settings: shape, grid, epochs, seed.

    Raises:
        CheckError: labels do not match the features, the fit block has one class, or no feature
            varies over it.
    """
    grid = (0.0,) if settings.regularizer == "none" else settings.l2_grid
    data = prepare(features, labels, blocks, settings, choices_count=len(grid))
    fitted = _fit_networks(data, grid, settings)
    return _calibrated(fitted, features, labels, blocks, settings)


def train_logistic(
    features: pl.DataFrame, labels: pl.DataFrame, blocks: Blocks, settings: TrainingSettings
) -> Candidate:
    """Train a logistic regression on the same inputs, and calibrate it.

    Arguments, blocks and errors are those of ``train_network``; the grid is of scikit-learn's C.
    """
    grid = INVERSE_STRENGTHS
    data = prepare(features, labels, blocks, settings, choices_count=len(grid))
    fitted = _fit_logistics(data, grid)
    return _calibrated(fitted, features, labels, blocks, settings)


def _fit_networks(data: Prepared, grid: tuple[float, ...], settings: TrainingSettings) -> _Fitted:
    # Imports TensorFlow: five seconds that a provisional model must not pay.
    from songpop.model.network import FittedNetwork, NetworkTrainer  # noqa: PLC0415

    trainer = NetworkTrainer(len(data.inputs.specs), settings)

    def fit(strength: float, member: int) -> FittedNetwork:
        seed = settings.seed + member
        return trainer.fit(data.sample, data.judge, strength, seed, stop_early=data.stop_early)

    fits = [fit(strength, 0) for strength in grid]
    best = min(fits, key=lambda one: np.inf if one.log_loss is None else one.log_loss)
    members = [best, *(fit(best.strength, k) for k in range(1, settings.ensemble_members))]
    exported = [trainer.export(member) for member in members]
    results = (
        GridResult(strength=one.strength, log_loss=one.log_loss, epochs_count=len(one.curve))
        for one in fits
    )
    return _Fitted(
        kind="network",
        inputs=data.inputs,
        stacks=tuple(stack for stack, _ in exported),
        grid=tuple(results),
        strength=best.strength,
        curve=best.curve,
        keras=tuple(content for _, content in exported),
    )


def _fit_logistics(data: Prepared, grid: tuple[float, ...]) -> _Fitted:
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
    return _Fitted("logistic", data.inputs, (stacks[best],), tuple(results), grid[best])


def _log_loss(stack: Stack, sample: Sample) -> float:
    return log_loss(sample.y, Calibration().probability(forward_logits([stack], sample.x)))


def _calibrated(
    fitted: _Fitted,
    features: pl.DataFrame,
    labels: pl.DataFrame,
    blocks: Blocks,
    settings: TrainingSettings,
) -> Candidate:
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
