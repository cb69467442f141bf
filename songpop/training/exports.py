"""Which exports the rows of a training came from."""

import duckdb
import polars as pl

from songpop.warehouse.sqlfiles import read_sql


def list_exports(con: duckdb.DuckDBPyConnection, labels: pl.DataFrame) -> tuple[str, ...]:
    """Return the SHA-256 of every export behind *labels*, (n, 2+), the other regions' too."""
    by_feed = labels.group_by("feed").agg(pl.col("week").unique()).sort("feed")
    return tuple(
        row[0]
        for feed, weeks in by_feed.iter_rows()
        for row in con.execute(
            read_sql("load/exports_of_weeks"), {"feed": feed, "weeks": sorted(weeks)}
        ).fetchall()
    )
