"""A whole backtest: every origin fitted and tested, then all predictions judged together."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from songpop.backtest.fit import MODELS, score_origin
from songpop.backtest.groups import Group
from songpop.backtest.plan import BacktestPlan
from songpop.evaluate.report import Evaluation, Intervals, TestedRows, evaluate
from songpop.splits import WeekBlocks
from songpop.training.gather import TrainingSet


@dataclass(frozen=True, eq=False)
class OriginFigures:
    """What one origin was tested on, and how that went.

    Attributes:
        weeks: its blocks.
        evaluation: of its rows alone.
    """

    weeks: WeekBlocks
    evaluation: Evaluation


@dataclass(frozen=True, eq=False)
class Backtest:
    """Everything that is reported.

    Attributes:
        name: the feed, or the format whose regions were pooled.
        feeds: the feeds that were tested.
        plan: label, horizon, weeks and settings.
        origins: the earliest first.
        evaluation: of all tested rows together.
        by_feed: of each feed's rows, where there are several.
        predictions: one row per tested row.
    """

    name: str
    feeds: tuple[str, ...]
    plan: BacktestPlan
    origins: tuple[OriginFigures, ...]
    evaluation: Evaluation
    by_feed: dict[str, Evaluation]
    predictions: pl.DataFrame

    @property
    def tested_weeks(self) -> tuple[dt.date, dt.date]:
        """The first and the last week that was tested."""
        return self.origins[0].weeks.test[0], self.origins[-1].weeks.test[-1]


def backtest(
    group: Group,
    material: TrainingSet,
    origins: Sequence[WeekBlocks],
    plan: BacktestPlan,
    advance: Callable[[], None],
) -> Backtest:
    """Fit and test every origin.

    Args:
        group: which feeds are tested.
        material: every labelled row; see ``read_material``.
        origins: at least one; see ``list_origins``.
        plan: settings.
        advance: told of each origin that is done.
    """
    parts: list[pl.DataFrame] = []
    for weeks in origins:
        parts.append(score_origin(material, weeks, group.feeds, plan.training))
        advance()
    predictions = pl.concat(parts)
    seed = plan.training.seed
    feeds = tuple(predictions.get_column("feed").unique().sort())
    return Backtest(
        name=group.name,
        feeds=feeds,
        plan=plan,
        origins=tuple(
            OriginFigures(weeks, judge(part, seed))
            for weeks, part in zip(origins, parts, strict=True)
        ),
        evaluation=judge(predictions, seed),
        by_feed={
            feed: judge(predictions.filter(pl.col("feed") == feed), seed)
            for feed in (feeds if len(feeds) > 1 else ())
        },
        predictions=predictions,
    )


def judge(predictions: pl.DataFrame, seed: int) -> Evaluation:
    """Return the figures of some predictions, (n, 20), n ≥ 1."""

    def column(name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return predictions.get_column(name).cast(pl.Float64).to_numpy()

    rows = TestedRows(
        keys=predictions.select("feed", "week"),
        facts=predictions.select("artist", "size", "today", "age_weeks"),
        y=predictions.get_column("is_high").to_numpy(),
        is_known_artist=predictions.get_column("is_known_artist").to_numpy(),
    )
    intervals = Intervals(
        low=column("outcome_low"),
        high=column("outcome_high"),
        outcome=column("outcome_percentile"),
        constant_low=column("constant_low"),
        constant_high=column("constant_high"),
    )
    scores = {model: column(model) for model in MODELS if model in predictions.columns}
    return evaluate(rows, scores, intervals, seed)
