"""Which tracks a training reads: all, or a sample of so many labels that they fit into memory."""

from collections.abc import Mapping
from typing import Final

import duckdb

from songpop.features.lookback import ALL_TRACKS, Tracks
from songpop.warehouse.sqlfiles import read_sql

MOST_ROWS: Final = 2_000_000
"""Most rows, about, that features are built for: ten times what ``max_rows`` fits by default, so
that every block keeps more than it uses. Of more labels those of a sample of tracks are read, in
all weeks of the same ones, so that memory grows neither with the catalogue nor with the history."""
_HASHES_COUNT: Final = 16**6


def count_labels(
    con: duckdb.DuckDBPyConnection, known: Mapping[str, object], format_name: str | None
) -> int:
    """Return how many labels there are to learn from.

    Args:
        con: a connection to the private file.
        known: feed, week and label: those that were known by the week.
        format_name: of which all feeds count; null: the feed alone.
    """
    params = {**known, "format": format_name}
    return con.execute(read_sql("load/count_labels"), params).fetchall()[0][0]


def sample_tracks(rows_count: int) -> Tracks:
    """Return which tracks are learned from: all, or as many as keep the rows within the bound."""
    if rows_count <= MOST_ROWS:
        return ALL_TRACKS
    return Tracks(below=f"{MOST_ROWS * _HASHES_COUNT // rows_count:06x}")
