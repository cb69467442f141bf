"""One comparison of models on the same rows: figures, slices, intervals, coverage."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from songpop.evaluate.clusters import ClusterBootstrap, Difference
from songpop.evaluate.measures import Measures, measure
from songpop.evaluate.slices import slice_rows

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

WHOLE = "all rows"
"""The slice that leaves nothing out."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ModelFigures(_Frozen):
    """One model's figures, by slice; the first is of all rows."""

    model: str
    slices: dict[str, Measures]

    @property
    def whole(self) -> Measures:
        """The figures of all rows."""
        return self.slices[WHOLE]


class Comparison(_Frozen):
    """The judged model less one baseline on the same rows; a log loss below 0 is better."""

    other: str
    log_loss: Difference
    auc: Difference | None
    """Null where the rows are of one class."""


class Coverage(_Frozen):
    """How the 80 % intervals of the outcome's percentile did on some rows."""

    rows_count: int
    coverage: float
    """Share of outcomes inside their interval."""
    width: float
    """Mean width, in percentiles of [0, 1]."""


class IntervalFigures(_Frozen):
    """Coverage and width of the intervals; those of a constant interval beside."""

    slices: dict[str, Coverage]
    """By slice; the first is of all rows."""
    weeks: dict[str, Coverage]
    """By week, the day that ends it."""
    constant: Coverage
    """One interval for every row, from the same calibration rows: what has to be beaten."""


class Evaluation(_Frozen):
    """What is known about a model beside its baselines."""

    models: tuple[ModelFigures, ...]
    """The model that is judged first: the network, or a logistic one that stands in for it."""
    comparisons: tuple[Comparison, ...]
    intervals: IntervalFigures | None
    """Null where no intervals were given."""

    def model(self, name: str) -> ModelFigures:
        """Return the figures of the model called *name*."""
        return next(one for one in self.models if one.model == name)


@dataclass(frozen=True, eq=False)
class TestedRows:
    """The rows that models are compared on.

    Attributes:
        keys: (n, 2+), feed and week.
        facts: Facts, (n, 4).
        y: (n,) true for high.
        is_known_artist: (n,) whether the models learned from other rows of the artist.
    """

    keys: pl.DataFrame
    facts: pl.DataFrame
    y: Bools
    is_known_artist: Bools


@dataclass(frozen=True, eq=False)
class Intervals:
    """Intervals of the tested rows, and the outcomes that they should hold; each array (n,)."""

    low: Floats
    high: Floats
    outcome: Floats
    constant_low: Floats
    constant_high: Floats


def evaluate(
    rows: TestedRows,
    scores: Mapping[str, Floats],
    intervals: Intervals | None,
    seed: int,
) -> Evaluation:
    """Compare models on the same rows.

    Args:
        rows: n of them, n ≥ 1.
        scores: (n,) probabilities of high by model, the network first.
        intervals: the network's, or null.
        seed: of the bootstrap.
    """
    masks = {WHOLE: np.ones(rows.y.size, dtype=np.bool_)}
    masks |= slice_rows(rows.facts, rows.is_known_artist)
    cohorts = number_groups(rows.keys.select("feed", "week"))
    bootstrap = ClusterBootstrap(
        number_groups(rows.facts.select("artist")), number_groups(rows.keys.select("week")), seed
    )
    network, *others = scores
    compared = bootstrap.compare_all(
        rows.y, scores[network], {name: scores[name] for name in others}
    )
    return Evaluation(
        models=tuple(
            ModelFigures(
                model=name,
                slices={
                    title: measure(rows.y[mask], p[mask], cohorts[mask])
                    for title, mask in masks.items()
                },
            )
            for name, p in scores.items()
        ),
        comparisons=tuple(
            Comparison(other=name, log_loss=log_loss, auc=auc)
            for name, (log_loss, auc) in compared.items()
        ),
        intervals=None if intervals is None else _judge_intervals(rows, intervals, masks),
    )


def number_groups(frame: pl.DataFrame) -> NDArray[np.intp]:
    """Return the number of each row's group, (n,): rows with equal values share one."""
    groups = frame.select(pl.struct(pl.all()).rank("dense") - 1)
    return groups.to_series().to_numpy().astype(np.intp)


def _judge_intervals(
    rows: TestedRows, intervals: Intervals, masks: Mapping[str, Bools]
) -> IntervalFigures:
    outcome, low, high = intervals.outcome, intervals.low, intervals.high
    weeks = rows.keys.get_column("week").cast(pl.String).to_numpy()
    constant = _cover(outcome, intervals.constant_low, intervals.constant_high)
    return IntervalFigures(
        slices={title: _cover(outcome[m], low[m], high[m]) for title, m in masks.items()},
        weeks={
            str(week): _cover(outcome[m], low[m], high[m])
            for week, m in ((week, weeks == week) for week in np.unique(weeks))
        },
        constant=constant,
    )


def _cover(outcome: Floats, low: Floats, high: Floats) -> Coverage:
    return Coverage(
        rows_count=outcome.size,
        coverage=float(np.mean((low <= outcome) & (outcome <= high))),
        width=float(np.mean(high - low)),
    )
