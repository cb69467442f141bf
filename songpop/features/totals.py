"""The totals of a week, of which features are shares; the same bits whoever adds up."""

import datetime as dt
from collections.abc import Mapping, Sequence

import duckdb
import polars as pl

from songpop.features.kinds import has_total, total_column
from songpop.formats.spec import ColumnSpec, FormatSpec

Totals = Mapping[str, float]
"""log(1 + total) of each metric that adds up, by working column."""


def sum_totals(rows: pl.DataFrame, spec: FormatSpec) -> Totals:
    """Add up the metrics of one week's *rows*, (n, c)."""
    return {
        total_column(metric.name): _log(_sum_up(rows.get_column(metric.name), metric))
        for metric in _list_metrics(spec)
    }


def read_totals(
    con: duckdb.DuckDBPyConnection, feed: str, week: dt.date, spec: FormatSpec
) -> Totals:
    """Add up the metrics of one loaded week, a column in memory at a time.

    Args:
        con: a connection to the private warehouse.
        feed: the feed.
        week: the week.
        spec: the feed's format.
    """
    key = {"feed": feed, "week": week}
    metrics = _list_metrics(spec)
    integers = [metric.name for metric in metrics if metric.type == "integer"]
    sums = dict(zip(integers, _read_sums(con, key, integers), strict=True))
    for metric in metrics:
        if metric.name not in sums:
            sums[metric.name] = _sum_up(_read_column(con, key, metric.name), metric)
    return {total_column(metric.name): _log(sums[metric.name]) for metric in metrics}


def _list_metrics(spec: FormatSpec) -> list[ColumnSpec]:
    return [metric for metric in spec.metrics if has_total(metric)]


def _sum_up(values: pl.Series, metric: ColumnSpec) -> float:
    if metric.type == "integer":
        # Two BIGINTs can overflow one; and integers add up to the same in any order.
        return int(values.cast(pl.Int128).sum())
    return float(values.filter(values.is_finite()).sort().sum())


def _log(total: float) -> float:
    return pl.Series([total], dtype=pl.Float64).log1p().item()


# Names spliced below are those that the format declares, [a-z0-9_] by its schema, and quoted.


def _read_sums(
    con: duckdb.DuckDBPyConnection, key: Mapping[str, object], names: Sequence[str]
) -> Sequence[float]:
    if not names:
        return []
    sums = ", ".join(f'coalesce(sum("{name}"), 0)' for name in names)
    return con.execute(
        f"select {sums} from core.track_weeks where feed = $feed and week = $week",  # noqa: S608 - as above
        key,
    ).fetchall()[0]


def _read_column(con: duckdb.DuckDBPyConnection, key: Mapping[str, object], name: str) -> pl.Series:
    rows = con.execute(
        f'select "{name}" from core.track_weeks where feed = $feed and week = $week',  # noqa: S608 - as above
        key,
    ).pl()
    return rows.to_series()
