"""Labels that mature when a week is loaded, and what share of them is high."""

import datetime as dt

import duckdb
import polars as pl

from songpop.features.calendar import DAYS_PER_WEEK, OFF_CADENCE_DAYS, nearest_week
from songpop.features.lookback import read_loaded_weeks, read_track_metrics
from songpop.formats.spec import FormatSpec
from songpop.labels.forward import select_labels
from songpop.labels.ranking import LABEL_COLUMNS, LABELS_SCHEMA
from songpop.labels.snapshot import snapshot_labels, snapshot_metric
from songpop.settings import LabelKind


def mature_labels(
    con: duckdb.DuckDBPyConnection,
    feed: str,
    week: dt.date,
    spec: FormatSpec,
    kind: LabelKind,
    horizon_weeks: int,
) -> pl.DataFrame:
    """Return the labels that mature with one loaded week.

    That week counts as t + h of a loaded week t where it is the nearest to t plus 7 h days, at
    most three days off, among the weeks up to itself. Nothing after *week* is read.

    Args:
        con: a connection to the private warehouse.
        feed: the feed.
        week: the loaded week.
        spec: the feed's format.
        kind: the label; ``snapshot`` matures at once, with the week itself.
        horizon_weeks: h, in weeks; ignored for ``snapshot``.

    Returns:
        Labels of the week t that matures, sorted by week and track_id; of two weeks only where
        their exports came less than a week apart; empty where no week matures.

    Raises:
        InputError: *kind* is ``snapshot`` and the format declares no snapshot source.
    """
    if kind == "snapshot":
        rows = read_track_metrics(con, feed, week, [snapshot_metric(spec)])
        return snapshot_labels(rows, spec)
    matured = find_matured_weeks(con, feed, week, horizon_weeks)
    labels = [
        select_labels(con, feed, (labelled, week), spec, kind).pl().select(LABEL_COLUMNS)
        for labelled in matured
    ]
    return pl.concat(labels) if labels else pl.DataFrame(schema=LABELS_SCHEMA)


def find_matured_weeks(
    con: duckdb.DuckDBPyConnection, feed: str, week: dt.date, horizon_weeks: int
) -> list[dt.date]:
    """Return the loaded weeks of which *week* is the week t + h, oldest first."""
    horizon = dt.timedelta(days=DAYS_PER_WEEK * horizon_weeks)
    slack = dt.timedelta(days=OFF_CADENCE_DAYS)
    loaded = read_loaded_weeks(con, feed, week - horizon - slack, week)
    return [past for past in loaded if nearest_week(loaded, past + horizon) == week]


def base_rates(labels: pl.DataFrame) -> pl.DataFrame:
    """Return how many labels are high, a week.

    Args:
        labels: Labels of any feeds, weeks and kinds.

    Returns:
        (weeks, 5), sorted: feed, label, week, rows_count, base_rate (share that is high, in
        [0, 1]). A level's is below one half, by as much as tracks leave the chart.
    """
    return (
        labels.group_by("feed", "label", "week")
        .agg(pl.len().alias("rows_count"), pl.col("is_high").mean().alias("base_rate"))
        .sort("feed", "label", "week")
    )
