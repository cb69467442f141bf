"""Features, labels, networks and scorers for tests, small and seeded."""

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from songpop.model.blocks import Blocks, no_rows
from songpop.model.calibration import Calibration
from songpop.model.candidate import Candidate
from songpop.model.conformal import Conformal, fit_conformal
from songpop.model.evaluation import GridResult, ModelMetrics
from songpop.model.fit_inputs import fit_inputs
from songpop.model.layers import Stack, make_layer
from songpop.model.scorer import Scorer
from songpop.settings import TrainingSettings

FIRST_WEEK = dt.date(2024, 1, 4)


def floats(values: Sequence[object] | NDArray[np.floating]) -> NDArray[np.float32]:
    """Return *values*, nested or not, as float32."""
    return np.array(values, dtype=np.float32)


def make_features(rows: int = 400, weeks: int = 4, seed: int = 1) -> pl.DataFrame:
    """Return Features of four sources, one with missing values, rows in week order."""
    rng = np.random.default_rng(seed)
    streams = rng.normal(10, 2, rows)
    age = rng.gamma(3, 1, rows)
    shazams = np.where(rng.random(rows) < 0.2, np.nan, streams + rng.normal(0, 1, rows))
    number = np.arange(rows)
    return pl.DataFrame(
        {
            "feed": ["demo"] * rows,
            "week": [FIRST_WEEK + dt.timedelta(weeks=int(n) * weeks // rows) for n in number],
            "track_id": [f"T{n:06d}" for n in number],
            "streams_count__log": streams,
            "streams_count__rate": streams - age,
            "age_days__log": age,
            "shazam_count__log": shazams,
            "is_explicit__flag": (rng.random(rows) < 0.3).astype(float),
        }
    ).with_columns(
        pl.col("^.*__.*$").cast(pl.Float32).fill_nan(None),
    )


def make_labels(features: pl.DataFrame, seed: int = 2) -> pl.DataFrame:
    """Return labels that depend on the features, with noise, so that a model can learn them."""
    rng = np.random.default_rng(seed)
    rate = features["streams_count__rate"].to_numpy().astype(float)
    size = rate + rng.normal(0, 0.7, rate.size)
    percentile = size.argsort().argsort() / max(rate.size - 1, 1)
    return pl.DataFrame({"is_high": percentile > 0.5, "outcome_percentile": percentile})


def make_blocks(rows: int) -> Blocks:
    """Return blocks of a half, a sixth, a sixth and a sixth of *rows*, in order."""
    ends = [rows // 2, rows * 2 // 3, rows * 5 // 6]
    return Blocks(*np.split(np.arange(rows), ends))


def fit_only(rows: int) -> Blocks:
    """Return blocks that give every row to the fit."""
    return Blocks(np.arange(rows), no_rows(), no_rows(), no_rows())


def make_stack(sizes: tuple[int, ...], seed: int = 3) -> Stack:
    """Return random layers, say (5, 8, 1) for five inputs and eight hidden units."""
    rng = np.random.default_rng(seed)
    return tuple(
        make_layer(rng.normal(0, 1 / np.sqrt(a), (a, b)), rng.normal(0, 0.3, b))
        for a, b in pairwise(sizes)
    )


def make_scorer(
    features: pl.DataFrame, hidden: tuple[int, ...] = (8, 4), members: int = 1, slope: float = 1.3
) -> Scorer:
    """Return a scorer of random networks on inputs fitted on *features*."""
    inputs = fit_inputs(features)
    sizes = (len(inputs.specs), *hidden, 1)
    stacks = tuple(make_stack(sizes, seed=seed) for seed in range(members))
    calibration = Calibration(method="platt", slope=slope, intercept=-0.2, rows_count=500)
    return Scorer(inputs, stacks, calibration, Conformal())


def make_candidate(features: pl.DataFrame, *, members: int = 1) -> Candidate:
    """Return a logistic candidate with random weights, calibrated intervals and no metrics."""
    scorer = make_scorer(features, hidden=(), members=members)
    outcome: NDArray[np.float64] = make_labels(features)["outcome_percentile"].to_numpy()
    return Candidate(
        kind="logistic",
        inputs=scorer.inputs,
        stacks=scorer.stacks,
        calibration=scorer.calibration,
        conformal=fit_conformal(scorer.logits(features), outcome),
        metrics=ModelMetrics(
            test=None,
            grid=(GridResult(strength=0.1, log_loss=0.5, epochs_count=None),),
            chosen_strength=0.1,
            rows_counts={"fit": features.height, "stop": 0, "calibrate": 0, "test": 0},
        ),
        settings=TrainingSettings(),
    )


def quick_settings(**overrides: object) -> TrainingSettings:
    """Return settings of a small network that trains in well under a second."""
    chosen: dict[str, object] = {
        "hidden_units": (8, 4),
        "l2_grid": (0.001,),
        "max_epochs": 6,
        "batch_rows": 32,
        "teacher_share": 0.0,
        **overrides,
    }
    return TrainingSettings.model_validate(chosen)
