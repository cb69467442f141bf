"""One origin: the network and its baselines, fitted on what was known, tested on what came."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl

from songpop.evaluate.baselines import BASELINES, BaselineName, Logits, Task, fit_baselines
from songpop.model.blocks import Blocks, Rows
from songpop.model.train import Fitted, calibrate, fit_networks, prepare_network
from songpop.settings import TrainingSettings
from songpop.splits import WeekBlocks
from songpop.training.compare import calibrated_scores, make_intervals, make_task, tested_rows
from songpop.training.gather import TrainingSet

MODELS: Final = ("network", *BASELINES)
"""What is compared, the network first."""


def score_origin(
    material: TrainingSet, weeks: WeekBlocks, feeds: Sequence[str], settings: TrainingSettings
) -> pl.DataFrame:
    """Fit everything at one origin and score the weeks after it.

    All feeds of *material* are fitted on together; each is calibrated and tested on its own rows.

    Args:
        material: every labelled row.
        weeks: the origin's blocks; the embargoed weeks are in none.
        feeds: those that are tested; each has rows in the tested weeks or is left out.
        settings: of the training.

    Returns:
        Predictions, one row per tested row: feed, week, track_id, origin (the first tested week),
        is_high, outcome_percentile, the facts, is_known_artist, a probability for each model,
        outcome_low and outcome_high, the ends of the 80 % intervals, and those of a constant one.
    """
    blocks = divide(material.labels, weeks)
    whole = replace(material, blocks=blocks)
    data = prepare_network(whole.features, whole.labels, blocks, settings)
    fitted = fit_networks(data, settings)
    task = make_task(fitted.inputs, whole, settings)
    models = _Models(fitted, task, fit_baselines(task))
    present = set(whole.labels[blocks.test].get_column("feed"))
    tested = [feed for feed in feeds if feed in present]
    return pl.concat([_score_feed(models, whole, feed) for feed in tested]).with_columns(
        pl.lit(weeks.test[0]).alias("origin")
    )


@dataclass(frozen=True, eq=False)
class _Models:
    """What one origin fitted, before any feed's calibration."""

    fitted: Fitted
    task: Task
    baselines: Mapping[BaselineName, Logits]


def _score_feed(models: _Models, whole: TrainingSet, feed: str) -> pl.DataFrame:
    own = replace(whole, blocks=_own_rows(whole.labels, whole.blocks, feed))
    blocks, settings = own.blocks, models.task.settings
    candidate = calibrate(models.fitted, own.features, own.labels, blocks, settings)
    scored = candidate.scorer().score(own.features[blocks.test], with_reasons=False)
    rows = tested_rows(own, blocks.test)
    intervals = make_intervals(candidate, own, blocks.test)
    known = own.labels[blocks.test]
    return pl.concat(
        [known.select("feed", "week", "track_id", "is_high", "outcome_percentile"), rows.facts],
        how="horizontal",
    ).with_columns(
        scored.get_column("score").alias("network"),
        *(
            pl.Series(name, calibrated_scores(logits, models.task, blocks.calibrate, blocks.test))
            for name, logits in models.baselines.items()
        ),
        pl.Series("is_known_artist", rows.is_known_artist),
        scored.get_column("outcome_low"),
        scored.get_column("outcome_high"),
        pl.Series("constant_low", intervals.constant_low),
        pl.Series("constant_high", intervals.constant_high),
    )


def divide(labels: pl.DataFrame, weeks: WeekBlocks) -> Blocks:
    """Return the row numbers of each block, all feeds together.

    Where feeds end their weeks on different days, a label may be known some days after the
    embargo; such a row is in no block that comes before it was known.
    """

    def rows_of(block: Sequence[dt.date], *later: Sequence[dt.date]) -> Rows:
        is_in = pl.col("week").is_in(list(block))
        if starts := [min(weeks_after) for weeks_after in later if weeks_after]:
            is_in &= pl.col("matured_week") <= min(starts)
        return labels.select(is_in).to_series().arg_true().to_numpy().astype(np.intp)

    return Blocks(
        fit=rows_of(weeks.fit, weeks.stop, weeks.calibrate, weeks.test),
        stop=rows_of(weeks.stop, weeks.calibrate, weeks.test),
        calibrate=rows_of(weeks.calibrate, weeks.test),
        test=rows_of(weeks.test),
    )


def _own_rows(labels: pl.DataFrame, blocks: Blocks, feed: str) -> Blocks:
    is_own = (labels.get_column("feed") == feed).to_numpy()
    calibrate_rows, test = (rows[is_own[rows]] for rows in (blocks.calibrate, blocks.test))
    return replace(blocks, calibrate=calibrate_rows, test=test)
