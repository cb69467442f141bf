"""The simpler models that a network has to beat, each fitted, stopped and calibrated as it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from songpop.model.blocks import Blocks, Rows
from songpop.model.calibration import Calibration
from songpop.model.forward import forward_logits
from songpop.model.inputs import InputTransform
from songpop.model.layers import Stack
from songpop.model.metrics import log_loss
from songpop.model.rows import split_last_weeks, thin_rows
from songpop.model.sample import Sample
from songpop.settings import TrainingSettings

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Logits = Callable[[Rows], Floats]
"""Raw log-odds (n,) of the rows with the given numbers."""

BaselineName = Literal["constant", "persistence", "logistic", "boosting"]
BASELINES: Final[tuple[BaselineName, ...]] = ("constant", "persistence", "logistic", "boosting")

INVERSE_STRENGTHS: Final = (0.003, 0.03, 0.3)
"""scikit-learn's C that are tried for logistic regression."""
LEAVES: Final = (8, 16, 32)
"""Most leaves of a tree that are tried for boosting."""
MOST_TREES: Final = 400
LEARNING_RATE: Final = 0.05
"""With the number of trees chosen for it, a smaller one costs time and a larger one accuracy
(Hastie, Tibshirani and Friedman, "The Elements of Statistical Learning", section 10.12.1)."""
LEAF_ROWS: Final = 50

_EDGE: Final = 0.005


@dataclass(frozen=True, eq=False)
class Task:
    """What every model of a comparison is given.

    Attributes:
        features: Features, (n, keys + features).
        y: (n,) true for high.
        facts: Facts, (n, 4), row by row.
        blocks: which rows serve for what.
        inputs: fitted on the fit block.
        settings: ``max_rows`` and the seed.
    """

    features: pl.DataFrame
    y: Bools
    facts: pl.DataFrame
    blocks: Blocks
    inputs: InputTransform
    settings: TrainingSettings

    def matrix(self, rows: Rows) -> NDArray[np.float32]:
        """Return the inputs (rows, inputs) as a network sees them."""
        return self.inputs.transform(self.features[rows])

    def raw(self, rows: Rows) -> NDArray[np.float32]:
        """Return the features behind the inputs, (rows, features), NaN where missing."""
        return self.inputs.make_dense(self.features[rows]).to_numpy()


def fit_baselines(
    task: Task, names: Sequence[BaselineName] = BASELINES
) -> dict[BaselineName, Logits]:
    """Fit those of the named baselines that the label allows.

    Settings are chosen on the stop block, else on the last weeks of the fit block; then each is
    fitted on both, as the network is; of either no more than ``max_rows`` rows are read. A snapshot
    has no persistence: it foresees the present.
    """
    fit, judge = task.blocks.fit, task.blocks.stop
    if not judge.size:
        fit, judge = split_last_weeks(task.features, fit)
    most = task.settings.max_rows
    division = _Division(
        fit=thin_rows(task.features, fit, most),
        # Every stage of boosting is judged: on all of a big feed's rows that would take hours.
        judge=thin_rows(task.features, judge, most),
        whole=thin_rows(task.features, np.union1d(fit, judge), most),
    )
    fit_one: dict[BaselineName, Callable[[Task, _Division], Logits]] = {
        "constant": _fit_constant,
        "persistence": _fit_persistence,
        "logistic": _fit_logistic,
        "boosting": _fit_boosting,
    }
    if task.facts.get_column("today").null_count() == task.facts.height:
        del fit_one["persistence"]
    return {name: fit_one[name](task, division) for name in names if name in fit_one}


@dataclass(frozen=True, eq=False)
class _Division:
    fit: Rows
    judge: Rows
    whole: Rows


def _fit_constant(task: Task, division: _Division) -> Logits:
    share = np.clip(task.y[division.whole].mean(), 1e-6, 1 - 1e-6)
    value = float(np.log(share / (1 - share)))
    return lambda rows: np.full(rows.size, value)


def _fit_persistence(task: Task, division: _Division) -> Logits:
    """What is large stays large: logistic regression on the log-odds of today's percentile."""
    today = task.facts.get_column("today").fill_null(0.5).to_numpy()
    kept = np.clip(today, _EDGE, 1 - _EDGE)
    x = np.log(kept / (1 - kept)).astype(np.float32)[:, None]  # (n, 1)
    stack = _teach(Sample(x[division.whole], task.y[division.whole]), max(INVERSE_STRENGTHS))
    return lambda rows: forward_logits([stack], x[rows]).astype(np.float64)


def _fit_logistic(task: Task, division: _Division) -> Logits:
    fit = Sample(task.matrix(division.fit), task.y[division.fit])
    judge_x, judge_y = task.matrix(division.judge), task.y[division.judge]
    losses = [
        _loss(judge_y, forward_logits([_teach(fit, strength)], judge_x))
        for strength in INVERSE_STRENGTHS
    ]
    whole = Sample(task.matrix(division.whole), task.y[division.whole])
    stack = _teach(whole, INVERSE_STRENGTHS[int(np.argmin(losses))])
    return lambda rows: forward_logits([stack], task.matrix(rows)).astype(np.float64)


def _fit_boosting(task: Task, division: _Division) -> Logits:
    """Histogram gradient boosting on the features as they are; leaves and trees are chosen."""
    x, y = task.raw(division.fit), task.y[division.fit]
    whole_x, judge_x = task.raw(division.whole), task.raw(division.judge)
    judge_y = task.y[division.judge]
    # A feature that none of the rows has would end the fit with an error.
    kept = ~(np.isnan(x).all(axis=0) | np.isnan(whole_x).all(axis=0))
    trials: list[tuple[float, int, int]] = []
    # Threads that wait for each other at every split gain little on two cores, and lose much where
    # another process has one of them.
    with threadpool_limits(limits=1):
        for leaves in LEAVES:
            model = _boosting(leaves, MOST_TREES, task.settings.seed).fit(x[:, kept], y)
            stages = model.staged_decision_function(judge_x[:, kept])
            losses = [_loss(judge_y, np.ravel(stage)) for stage in stages]
            best = int(np.argmin(losses))
            trials.append((losses[best], leaves, best + 1))
        _, leaves, trees = min(trials)
        model = _boosting(leaves, trees, task.settings.seed)
        model.fit(whole_x[:, kept], task.y[division.whole])
    return lambda rows: model.decision_function(task.raw(rows)[:, kept]).astype(np.float64)


def _teach(sample: Sample, inverse_strength: float) -> Stack:
    from songpop.model.logistic import fit_logistic  # noqa: PLC0415 - half a second of import

    return fit_logistic(sample, inverse_strength)


def _boosting(leaves: int, trees: int, seed: int) -> Any:  # noqa: ANN401 - scikit-learn has no types
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415 - half a second

    kind: Any = HistGradientBoostingClassifier  # its inferred types refuse early_stopping=False
    return kind(
        learning_rate=LEARNING_RATE,
        max_iter=trees,
        max_leaf_nodes=leaves,
        min_samples_leaf=LEAF_ROWS,
        early_stopping=False,
        random_state=seed,
    )


def _loss(y: Bools, logits: NDArray[np.floating]) -> float:
    return log_loss(y, Calibration().probability(logits))
