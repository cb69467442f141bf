"""Every labelled row of a feed's history, or of all regions of a format, with its features."""

import datetime as dt
from collections.abc import Callable, Sequence

import duckdb
import polars as pl

from songpop.backtest.plan import BacktestPlan
from songpop.formats.spec import FormatSpec
from songpop.labels import mature_labels
from songpop.training.gather import Target, TrainingSet, assemble
from songpop.warehouse.sqlfiles import read_sql

Advance = Callable[[], None]
"""Called after each week."""


def list_loaded(con: duckdb.DuckDBPyConnection, feeds: Sequence[str]) -> list[tuple[str, dt.date]]:
    """Return every loaded (feed, week) of *feeds*, oldest first."""
    rows = con.execute(read_sql("load/list_weeks"), {"feed": None}).fetchall()
    return sorted(((feed, week) for feed, week, _ in rows if feed in feeds), key=lambda r: r[::-1])


def read_material(
    con: duckdb.DuckDBPyConnection,
    loaded: Sequence[tuple[str, dt.date]],
    spec: FormatSpec,
    plan: BacktestPlan,
    advance: Advance,
) -> TrainingSet | None:
    """Read what a backtest learns from and tests on.

    Args:
        con: a connection to the private file.
        loaded: the loaded (feed, week) of feeds of one format.
        spec: their format.
        plan: label and horizon.
        advance: told of each week.

    Returns:
        Features, labels and facts side by side, sorted by week, feed and track_id, every row in
        its fit block until an origin divides them; null where no label is known.
    """
    parts: list[pl.DataFrame] = []
    for feed, week in loaded:
        parts.append(mature_labels(con, feed, week, spec, plan.label, plan.horizon_weeks))
        advance()
    labels = pl.concat(parts) if parts else pl.DataFrame()
    if labels.is_empty():
        return None
    # Where exports came less than a week apart, a week matures twice; as in ml.labels, what came
    # nearest to its horizon, the last, holds.
    labels = labels.filter(
        pl.col("matured_week") == pl.col("matured_week").max().over("feed", "week")
    )
    target = Target(plan.label, plan.horizon_weeks)
    every = pl.repeat("fit", labels.height, dtype=pl.String, eager=True)
    return assemble(con, labels, every, spec, target)
