"""Fitting one network: epochs, learning rate, early stopping."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from songpop.model.architecture import build_network, export_stack, keras_bytes
from songpop.model.evaluation import EpochLosses
from songpop.model.layers import Stack
from songpop.model.loop import TrainingLoop, Weights
from songpop.model.sample import Sample
from songpop.settings import TrainingSettings

_STEPS_PER_EPOCH = 256


@dataclass(frozen=True)
class Schedule:
    """How long a network is fitted, and how fast.

    Attributes:
        epochs_count: how many they are at most; null: ``max_epochs``.
        learning_rate: of the first epochs; null: that of the settings.
    """

    epochs_count: int | None = None
    learning_rate: float | None = None


WRITTEN_SCHEDULE = Schedule()
"""The design's: early stopping, at the settings' rate."""


@dataclass(frozen=True, eq=False)
class FittedNetwork:
    """What one fit gave.

    Attributes:
        weights: of the epoch that was kept.
        strength: λ of the penalty.
        learning_rate: of the first epochs.
        log_loss: of the judging rows at that epoch, in nats; null without such rows.
        epochs_count: epochs up to and with the one that was kept.
        curve: the losses of each epoch.
    """

    weights: Weights
    strength: float
    learning_rate: float
    log_loss: float | None
    epochs_count: int
    curve: tuple[EpochLosses, ...]


@dataclass(frozen=True, eq=False)
class _Best:
    epoch: int = -1
    log_loss: float | None = None
    weights: Weights | None = None


class NetworkTrainer:
    """Fits networks of one shape, on any rows, with any penalty and seed.

    Args:
        inputs_count: columns of the input matrix.
        settings: the design's written settings, or others.
    """

    def __init__(self, inputs_count: int, settings: TrainingSettings) -> None:
        self._settings = settings
        self._inputs_count = inputs_count
        self._loop = TrainingLoop(inputs_count, settings)

    def fit(
        self,
        sample: Sample,
        judge: Sample | None,
        strength: float,
        seed: int,
        schedule: Schedule = WRITTEN_SCHEDULE,
    ) -> FittedNetwork:
        """Fit one network from the beginning.

        Args:
            sample: rows of the fit block.
            judge: rows to measure each epoch on: the best one is kept, and the epochs end once
                their log loss has not fallen for ``patience_epochs``. Null: all epochs are run
                and the last one is kept.
            strength: λ of the penalty.
            seed: decides the first weights, the shuffles and the dropout.
            schedule: how long, and how fast.
        """
        first_rate = schedule.learning_rate or self._settings.learning_rate
        epochs_count = schedule.epochs_count or self._settings.max_epochs
        rng = np.random.default_rng(seed)
        self._loop.reset(rng)
        rows = self._loop.tensors(sample)
        judged = self._loop.tensors(judge) if judge else None
        curve: list[EpochLosses] = []
        recent: deque[Weights] = deque(maxlen=self._settings.averaged_epochs)
        best = _Best()
        for epoch in range(epochs_count):
            order = shuffled_batches(sample.y.size, self._settings.batch_rows, rng)
            loss = self._loop.run_epoch(rows, order, strength, self._rate(first_rate, epoch))
            recent.append(self._loop.weights())
            judge_loss = self._loop.log_loss_of(judged, mean_weights(recent)) if judged else None
            curve.append(EpochLosses(fit=loss, judge=judge_loss))
            if judge_loss is None:
                best = _Best(epoch, judge_loss)
            elif best.log_loss is None or judge_loss < best.log_loss:
                best = _Best(epoch, judge_loss, mean_weights(recent))
            elif epoch - best.epoch >= self._settings.patience_epochs:
                break
        weights = best.weights or mean_weights(recent)
        return FittedNetwork(
            weights, strength, first_rate, best.log_loss, best.epoch + 1, tuple(curve)
        )

    def export(self, fitted: FittedNetwork) -> tuple[Stack, bytes]:
        """Return a fitted network as layers and as the bytes of a ``.keras`` file."""
        network = build_network(self._inputs_count, self._settings, fitted.strength)
        for variable, value in zip(network.variables, fitted.weights, strict=True):
            variable.assign(value)
        return export_stack(network), keras_bytes(network)

    def _rate(self, first_rate: float, epoch: int) -> float:
        return first_rate * 0.5 ** (epoch // self._settings.halve_every_epochs)


def mean_weights(recent: Sequence[Weights]) -> Weights:
    """Return the mean of each variable; of a state of dropout's generator, the last.

    Steps of RMSprop wander about the minimum; their mean lies nearer to it, and generalises better
    (Izmailov et al., "Averaging Weights Leads to Wider Optima and Better Generalization", UAI
    2018). The normalisation's own means are averaged too: over a few epochs they move as little.
    """
    return [
        np.asarray(np.mean(values, axis=0), dtype=np.float32)
        if values[-1].dtype == np.float32
        else values[-1]
        for values in zip(*recent, strict=True)
    ]


def shuffled_batches(rows: int, batch_rows: int, rng: np.random.Generator) -> NDArray[np.int32]:
    """Return one epoch's batches, (batches, rows of each): a new order with every call.

    Batches are of *batch_rows*, of more where an epoch would have more than 256 of them, and of
    all rows where there are fewer. The few rows that do not fill a batch sit this epoch out.
    """
    size = min(rows, max(batch_rows, rows // _STEPS_PER_EPOCH))
    count = rows // size
    return rng.permutation(rows)[: count * size].reshape(count, size).astype(np.int32)
