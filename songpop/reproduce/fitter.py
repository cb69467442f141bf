"""Fitting one network for a fixed number of epochs, and reading its logits on the way."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from songpop.model.architecture import build_network, export_stack
from songpop.model.evaluation import EpochLosses
from songpop.model.forward import forward_logits
from songpop.model.loop import TrainingLoop, Weights
from songpop.model.network import shuffled_batches
from songpop.model.sample import Sample
from songpop.settings import TrainingSettings

Taught: TypeAlias = tuple[NDArray[np.float32], NDArray[np.float64]]
"""Rows to fit on, (n, inputs), and their targets in [0, 1], (n,)."""
Unseen: TypeAlias = Sample | NDArray[np.float32]
"""Rows to answer for, with labels or without."""


@dataclass(frozen=True, eq=False)
class NetworkFit:
    """One network's way.

    Attributes:
        logits: (ends, rows), after each of the epochs that were asked for.
        curve: losses after every epoch; the judge's are null where there is none.
    """

    logits: NDArray[np.float32]
    curve: tuple[EpochLosses, ...]


class Fitter:
    """Fits networks of one shape and kind of penalty; λ, seed and epochs are free.

    Args:
        inputs_count: columns of the input matrix.
        settings: the design's written settings.
    """

    def __init__(self, inputs_count: int, settings: TrainingSettings) -> None:
        self._settings = settings
        self._loop = TrainingLoop(inputs_count, settings)
        self._twin = build_network(inputs_count, settings, strength=0.0)

    def fit(
        self, sample: Taught, unseen: Unseen, strength: float, seed: int, ends: tuple[int, ...]
    ) -> NetworkFit:
        """Fit one network from the beginning, with the learning rate halved as it is written.

        Args:
            sample: rows to fit on, and their targets.
            unseen: rows to answer for; the labels, where there are any, only draw the curve.
            strength: λ of the penalty.
            seed: decides the first weights, the shuffles and the dropout.
            ends: epochs, rising, after which the logits of *unseen* are read.
        """
        rng = np.random.default_rng(seed)
        self._loop.reset(rng)
        matrix, targets = sample
        # The loop casts labels to floats, so targets between them pass as they are.
        rows = self._loop.tensors(Sample(matrix, cast("NDArray[np.bool_]", targets)))
        judged = self._loop.tensors(unseen) if isinstance(unseen, Sample) else None
        asked = unseen.x if isinstance(unseen, Sample) else unseen
        logits: list[NDArray[np.float32]] = []
        curve: list[EpochLosses] = []
        for epoch in range(ends[-1]):
            order = shuffled_batches(targets.size, self._settings.batch_rows, rng)
            loss = self._loop.run_epoch(rows, order, strength, self._rate(epoch))
            judge_loss = self._loop.log_loss(judged) if judged else None
            curve.append(EpochLosses(fit=loss, judge=judge_loss))
            if epoch + 1 in ends:
                logits.append(self._read(self._loop.weights(), asked))
        return NetworkFit(np.stack(logits), tuple(curve))

    def _rate(self, epoch: int) -> float:
        halvings = epoch // self._settings.halve_every_epochs
        return self._settings.learning_rate * 0.5**halvings

    def _read(self, weights: Weights, matrix: NDArray[np.float32]) -> NDArray[np.float32]:
        for variable, value in zip(self._twin.variables, weights, strict=True):
            variable.assign(value)
        return forward_logits([export_stack(self._twin)], matrix)


def get_fitter(inputs_count: int, settings: TrainingSettings) -> Fitter:
    """Return the one fitter of a shape: compiling its graph costs as much as a fit.

    It carries nothing from one fit to the next, so which jobs shared it changes no figure.
    """
    return _get_fitter(inputs_count, settings.model_dump_json())


@lru_cache(maxsize=8)
def _get_fitter(inputs_count: int, settings: str) -> Fitter:
    return Fitter(inputs_count, TrainingSettings.model_validate_json(settings))
