"""Distillation: what boosting that has never seen a track says of it, for a network to learn."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import islice
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from songpop.model.metrics import log_loss
from songpop.model.prepare import Prepared
from songpop.model.rows import take_evenly
from songpop.model.sample import Sample
from songpop.settings import TrainingSettings

Floats = NDArray[np.float64]
Tracks = NDArray[np.uint32]

FOLDS_COUNT: Final = 3
"""Groups of tracks, each taught by boosting on the others: five said little more in twice the
time."""
MOST_ROWS: Final = 100_000
"""That one boosting is fitted on; a bigger fit block is thinned evenly."""
MOST_TREES: Final = 150
LEARNING_RATE: Final = 0.1
"""Twice the baseline's (``songpop.evaluate.baselines``), with half the trees: half the time, and as
good on later weeks."""
LEAVES: Final = 32
LEAF_ROWS: Final = 50

_EDGE: Final = 0.001
"""A sum of trees may leave [0, 1]; no target is closer to either end."""


@dataclass(frozen=True, eq=False)
class Teacher:
    """Boosting, once for each group of tracks, fitted on all the others.

    Attributes:
        models: of scikit-learn, by group.
        trees_count: of each model, so many are asked.
        log_loss: of rows whose tracks their model has not seen, in nats.
    """

    models: tuple[Any, ...]
    trees_count: int
    log_loss: float

    def probability(self, x: NDArray[np.float32], tracks: Tracks) -> Floats:
        """Return what each row's model, which has seen no row of its track, says of it, (n,)."""
        said = np.empty(tracks.size)
        for group, model in enumerate(self.models):
            own = _is_in(group, tracks)
            if own.any():
                stages = model.staged_predict(x[own])
                said[own] = next(islice(stages, self.trees_count - 1, None))
        return np.clip(said, _EDGE, 1 - _EDGE)


def distil(data: Prepared, settings: TrainingSettings) -> Prepared:
    """Return *data* with targets that are partly what a teacher says.

    A network that learns from another model's probabilities beside the labels learns what a label
    alone does not say: how likely it was (Hinton, Vinyals and Dean, "Distilling the Knowledge in
    a Neural Network", 2015, section 2; Buciluă, Caruana and Niculescu-Mizil, "Model Compression",
    KDD 2006). The teacher learns from the fit block alone, so the judge stays new to both. It
    says of a row only what it learned from other tracks, or it would repeat the row's own label:
    a track's weeks share most of what becomes of it, in every region.

    Args:
        data: what the network would learn otherwise; a fit block that no teacher can learn from
            (a group of tracks without which the others have one target) leaves it as it is.
        settings: ``teacher_share``; 0 leaves *data* as it is.
    """
    if not settings.teacher_share:
        return data
    share = settings.teacher_share
    with _one_thread():
        teacher = fit_teacher(data.sample, data.sample_tracks, settings.seed)
        if teacher is None:
            return data
        sample = _teach(teacher, data.sample, data.sample_tracks, share)
        whole = _teach(teacher, data.whole, data.whole_tracks, share)
    return replace(data, sample=sample, whole=whole)


def fit_teacher(sample: Sample, tracks: Tracks, seed: int) -> Teacher | None:
    """Fit the teacher; its number of trees has the lowest log loss of tracks new to them.

    Trees do not care how a feature is scaled, so they see the network's inputs. They are fitted
    by least squares, which is a proper score of soft targets too and costs half as much.

    Returns:
        Null where the rows outside some group are too few for a tree or have one target.
    """
    held = [_is_in(group, tracks) for group in range(FOLDS_COUNT)]
    others = [take_evenly(np.flatnonzero(~own), MOST_ROWS) for own in held]
    if any(rows.size < 2 * LEAF_ROWS or np.ptp(sample.taught[rows]) == 0 for rows in others):
        return None
    models = tuple(_boosting(seed).fit(sample.x[rows], sample.taught[rows]) for rows in others)
    losses = sum(
        (_losses_by_stage(model, sample, own) for model, own in zip(models, held, strict=True)),
        np.zeros(MOST_TREES),
    )
    best = int(np.argmin(losses))
    return Teacher(models, best + 1, float(losses[best] / sample.y.size))


def _teach(teacher: Teacher, sample: Sample, tracks: Tracks, share: float) -> Sample:
    targets = (1 - share) * sample.taught + share * teacher.probability(sample.x, tracks)
    return replace(sample, targets=targets.astype(np.float32))


def _one_thread() -> AbstractContextManager[Any]:
    # Threads that wait for each other at every split lose more than they gain on two cores. The
    # limit holds for libraries that are loaded already.
    import_module("sklearn.ensemble")
    return threadpool_limits(limits=1)


def _is_in(group: int, tracks: Tracks) -> NDArray[np.bool_]:
    return tracks % np.uint32(FOLDS_COUNT) == group


def _losses_by_stage(model: Any, sample: Sample, held: NDArray[np.bool_]) -> Floats:  # noqa: ANN401 - scikit-learn has no types
    """Return the sum over the *held* rows of their negative log-likelihood, (trees,)."""
    if not held.any():
        return np.zeros(MOST_TREES)
    y = sample.y[held]
    stages = model.staged_predict(sample.x[held])
    return np.array([log_loss(y, np.clip(p, _EDGE, 1 - _EDGE)) * y.size for p in stages])


def _boosting(seed: int) -> Any:  # noqa: ANN401 - scikit-learn has no types
    from sklearn.ensemble import HistGradientBoostingRegressor  # noqa: PLC0415 - half a second

    kind: Any = HistGradientBoostingRegressor  # its inferred types refuse early_stopping=False
    return kind(
        learning_rate=LEARNING_RATE,
        max_iter=MOST_TREES,
        max_leaf_nodes=LEAVES,
        min_samples_leaf=LEAF_ROWS,
        early_stopping=False,
        random_state=seed,
    )
