"""The two models of two numbers that stand in for a network: persistence and the constant."""

from typing import Final, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from songpop.model.blocks import Blocks
from songpop.model.calibration import Calibration, fit_calibration
from songpop.model.candidate import Candidate
from songpop.model.conformal import Conformal, fit_conformal
from songpop.model.evaluation import ModelMetrics, measure
from songpop.model.fit_inputs import fit_input
from songpop.model.inputs import InputTransform
from songpop.model.layers import make_layer
from songpop.model.scorer import Scorer
from songpop.settings import TrainingSettings

StandIn = Literal["persistence", "constant"]
_SLOPES: Final[dict[StandIn, float]] = {"persistence": 1.0, "constant": 0.0}


def fit_stand_ins(
    features: pl.DataFrame,
    labels: pl.DataFrame,
    blocks: Blocks,
    today: str,
    settings: TrainingSettings,
) -> dict[StandIn, Candidate]:
    """Fit both on the fit block.

    Persistence is a logistic regression on the normal score of what is large today, the constant
    the same with a slope of 0: one input each, whose slope and intercept are what the calibration
    fits, by maximum likelihood. So no block is needed for stopping or calibration, and no package
    that a weekly run would have to import.

    Args:
        features: Features, (n, keys + 1+), the feature *today* among them.
        labels: (n, 2+), is_high and outcome_percentile, row by row.
        blocks: fit and test; the others are empty.
        today: the feature that persistence goes by.
        settings: kept with the model; nothing depends on them.

    Returns:
        By kind. Without those whose fit block has fewer than 200 rows, one class, or a slope that
        is not positive: of these nothing can be learned. None where *today* is missing everywhere.
    """
    fit = blocks.fit
    values = features[fit].get_column(today).cast(pl.Float32).drop_nulls().drop_nans().to_numpy()
    if not values.size:
        return {}
    inputs = InputTransform((fit_input(today, values),))
    fitted: dict[StandIn, Candidate] = {}
    for kind in _SLOPES:
        candidate = _fit(kind, inputs, features, labels, blocks, settings)
        if candidate.calibration.method == "platt":
            fitted[kind] = candidate
    return fitted


def _fit(
    kind: StandIn,
    inputs: InputTransform,
    features: pl.DataFrame,
    labels: pl.DataFrame,
    blocks: Blocks,
    settings: TrainingSettings,
) -> Candidate:
    kernel: NDArray[np.float32] = np.full((1, 1), _SLOPES[kind], dtype=np.float32)
    stacks = ((make_layer(kernel, np.zeros(1, dtype=np.float32)),),)
    raw = Scorer(inputs, stacks, Calibration(), Conformal()).logits(features[blocks.fit])
    known = labels[blocks.fit]
    calibration = fit_calibration(raw, known.get_column("is_high").to_numpy())
    conformal = fit_conformal(raw, known.get_column("outcome_percentile").to_numpy())
    scorer = Scorer(inputs, stacks, calibration, conformal)
    metrics = ModelMetrics(
        test=measure(scorer, features[blocks.test], labels[blocks.test]),
        grid=(),
        chosen_strength=0.0,
        rows_counts=blocks.counts(),
    )
    return Candidate(kind, inputs, stacks, calibration, conformal, metrics, settings)
