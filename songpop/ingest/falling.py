"""Cumulative counters that fell since the week before: loaded as they are, and flagged."""

import duckdb
import polars as pl

from songpop.features.lookback import find_lag_weeks
from songpop.formats.spec import FormatSpec
from songpop.warehouse.frames import registered
from songpop.warehouse.sqlfiles import read_sql


def flag_falling_counters(
    con: duckdb.DuckDBPyConnection, rows: pl.DataFrame, spec: FormatSpec
) -> int:
    """Find the counters of one week that are below the week before, and store them.

    Args:
        con: the writer's connection, inside the week's transaction.
        rows: TrackWeeks, the accepted rows of one (feed, week), with their sha256.
        spec: their format; only its columns of kind counter are compared.

    Returns:
        The number of cells that fell; 0 where the week before is not loaded.
    """
    feed, week = rows["feed"][0], rows["week"][0]
    fallen = _find_falling(con, rows, spec)
    key = {"feed": feed, "week": week}
    con.execute(read_sql("load/delete_falling"), key)
    with registered(con, "falling_cells", fallen):
        con.execute(read_sql("load/insert_falling"), key)
    counts = fallen.group_by("sha256").agg(pl.len().alias("falling_counter_count"))
    con.execute(read_sql("load/reset_falling_counts"), key)
    with registered(con, "fallen", counts):
        con.execute(read_sql("load/update_falling_counts"))
    return fallen.height


def _find_falling(
    con: duckdb.DuckDBPyConnection, rows: pl.DataFrame, spec: FormatSpec
) -> pl.DataFrame:
    counters = [column.name for column in spec.metrics if column.kind == "counter"]
    before_week = find_lag_weeks(con, rows["feed"][0], rows["week"][0], (1,)).get(1)
    schema = {
        "sha256": pl.String,
        "track_id": pl.String,
        "column_name": pl.String,
        "before": pl.Int64,
        "after": pl.Int64,
    }
    if before_week is None or not counters:
        return pl.DataFrame(schema=schema)
    names = ", ".join(f'"{name}"' for name in counters)
    before = con.execute(
        f"select track_id, {names} from core.track_weeks where feed = $feed and week = $week",  # noqa: S608 - names that the format declares
        {"feed": rows["feed"][0], "week": before_week},
    ).pl()
    both = rows.select("sha256", "track_id", *counters).join(
        before, on="track_id", suffix="_before"
    )
    cells = [
        both.filter(pl.col(name) < pl.col(f"{name}_before")).select(
            "sha256",
            "track_id",
            pl.lit(name).alias("column_name"),
            pl.col(f"{name}_before").alias("before"),
            pl.col(name).alias("after"),
        )
        for name in counters
    ]
    return pl.concat([pl.DataFrame(schema=schema), *cells])
