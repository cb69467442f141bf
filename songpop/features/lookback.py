"""Read a week and its look-back weeks from the warehouse; nothing later than the week is read."""

import datetime as dt
from collections.abc import Sequence

import duckdb
import polars as pl

from songpop.features.calendar import DAYS_PER_WEEK, OFF_CADENCE_DAYS, nearest_week
from songpop.features.kinds import LAGS_WEEKS
from songpop.features.sisters import join_sisters
from songpop.formats.spec import ColumnSpec, FormatSpec
from songpop.warehouse.sqlfiles import read_sql

_KEY_COLUMNS = ("feed", "week", "track_id", "release_date", "is_explicit")


def read_lookback(
    con: duckdb.DuckDBPyConnection,
    feed: str,
    week: dt.date,
    spec: FormatSpec,
    *,
    loaded: pl.DataFrame | None = None,
    lags_weeks: Sequence[int] = LAGS_WEEKS,
) -> pl.DataFrame:
    """Read the rows from which the features of one week are built.

    At most 1 + len(lags_weeks) weeks are read, and three of each sister feed, so week 104 costs
    what week 4 costs. A look-back week is the loaded week nearest to *week* less 7 days per week
    of the lag, at most three days off.

    Args:
        con: a connection to the private warehouse.
        feed: the feed.
        week: the scored week, the day that ends it.
        spec: the feed's format.
        loaded: TrackWeeks rows of *week* if they are in memory; null reads them.
        lags_weeks: which look-back weeks; none, ``()``, for a snapshot model, which also reads
            no sister feed.

    Returns:
        Rows for ``build_features``: feed, week, track_id, release_date, is_explicit and the
        format's metrics as exported, then first_seen_week (null in look-back weeks, and where
        no sighting up to *week* is recorded) and weeks_ago, Int8; where sister weeks are loaded,
        also SISTER_FEATURES, null in look-back weeks. In no particular order.
    """
    metrics = spec.metrics
    scored = read_track_metrics(con, feed, week, metrics) if loaded is None else loaded
    first_seen = con.execute(read_sql("features/first_seen"), {"feed": feed, "week": week}).pl()
    present = (
        scored.select(*_KEY_COLUMNS, *(metric.name for metric in metrics))
        .join(first_seen, on="track_id", how="left")
        .with_columns(pl.lit(0, pl.Int8).alias("weeks_ago"))
    )
    if lags_weeks:
        present = join_sisters(con, present, feed, week, spec)
    frames = [present]
    for weeks_ago, earlier in find_lag_weeks(con, feed, week, lags_weeks).items():
        rows = read_track_metrics(con, feed, earlier, metrics)
        frames.append(
            rows.with_columns(
                pl.lit(None, pl.Date).alias("first_seen_week"),
                pl.lit(weeks_ago, pl.Int8).alias("weeks_ago"),
            )
        )
    return pl.concat(frames, how="diagonal", rechunk=True)


def find_lag_weeks(
    con: duckdb.DuckDBPyConnection, feed: str, week: dt.date, lags_weeks: Sequence[int]
) -> dict[int, dt.date]:
    """Return which loaded week counts as each lag; a lag without such a week is left out."""
    if not lags_weeks:
        return {}
    oldest = week - dt.timedelta(weeks=max(lags_weeks), days=OFF_CADENCE_DAYS)
    loaded = read_loaded_weeks(con, feed, oldest, week)
    found = {
        lag: nearest_week(loaded, week - dt.timedelta(days=DAYS_PER_WEEK * lag))
        for lag in lags_weeks
    }
    return {lag: earlier for lag, earlier in found.items() if earlier is not None}


def read_loaded_weeks(
    con: duckdb.DuckDBPyConnection, feed: str, from_week: dt.date, to_week: dt.date
) -> list[dt.date]:
    """Return the loaded weeks of *feed* from *from_week* to *to_week*, both included, in order."""
    params = {"feed": feed, "from_week": from_week, "to_week": to_week}
    return [row[0] for row in con.execute(read_sql("features/loaded_weeks"), params).fetchall()]


def read_track_metrics(
    con: duckdb.DuckDBPyConnection, feed: str, week: dt.date, metrics: Sequence[ColumnSpec]
) -> pl.DataFrame:
    """Read one loaded week: its keys, dates and flags, and the given metrics of its format.

    Returns:
        (n, 5 + len(metrics)), one row per track_id, in no particular order; null where the
        export says nothing. Empty where the week is not loaded.
    """
    # The only spliced identifiers. They come from the format's declared metrics, whose schema
    # admits nothing but [a-z0-9_], and are quoted all the same.
    columns = ", ".join(f'tw."{metric.name}"' for metric in metrics)
    sql = read_sql("features/track_metrics").replace("$metric_columns", columns)
    return con.execute(sql, {"feed": feed, "week": week}).pl()
