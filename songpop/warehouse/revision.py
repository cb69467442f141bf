"""The revision counter, and what each revision changed for readers."""

import datetime as dt
from dataclasses import dataclass

import duckdb

from songpop.errors import CheckError, expected
from songpop.warehouse.sqlfiles import read_sql

SCORES = "mart.weekly_scores"
"""The table that is published as Parquet, too."""


@dataclass(frozen=True)
class ChangedPart:
    """One week's rows in one published table, as readers may not have them yet."""

    table_name: str
    feed: str
    week: dt.date
    rows_count: int
    """0 means that the week has no such rows (any more)."""

    @property
    def key(self) -> tuple[str, dt.date]:
        """Feed and week."""
        return self.feed, self.week


def read_revision(con: duckdb.DuckDBPyConnection) -> int:
    """Return the revision of the private file.

    Raises:
        CheckError: its table is empty.
    """
    row = con.execute(read_sql("marts/read_revision")).fetchone()
    if row is None:
        message = expected(
            "table mart.publication", "1 row", "0", "restore the private file from a backup"
        )
        raise CheckError(message)
    return int(row[0])


def list_changed(con: duckdb.DuckDBPyConnection, since: int) -> list[ChangedPart]:
    """Return what changed after revision *since* (0: all), by table, feed and week."""
    rows = con.execute(read_sql("marts/list_changed_weeks"), {"since": since}).fetchall()
    return [ChangedPart(*row) for row in rows]
