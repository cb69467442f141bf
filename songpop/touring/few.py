"""Some artists' rows of the published tables, for the views that make set lists of them.

The views compare an artist's songs with each other alone, but DuckDB counts through the whole
week before it picks one artist: 2.7 s of a million tracks, against 0.5 s of fifty artists' rows.
"""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Final

import duckdb

from songpop.warehouse.connection import open_database
from songpop.warehouse.frames import registered
from songpop.warehouse.sqlfiles import list_sql, read_sql
from songpop.warehouse.views import create_view

_FOLDER: Final = "touring/few"
_VIEWS: Final = ("mart.artist_songs", "mart.song_components", "mart.tour_candidates")
"""Each reads those before it."""


@contextmanager
def open_few(
    con: duckdb.DuckDBPyConnection, feed: str, artists: Sequence[str]
) -> Generator[duckdb.DuckDBPyConnection]:
    """Open a database in memory in which ``mart.tour_candidates`` has some artists alone.

    Args:
        con: the published snapshot.
        feed: their feed.
        artists: names as exported; those that the newest scored week lacks have no rows.
    """
    with open_database() as few:
        for schema in ("mart", "raw"):
            few.execute(f"create schema {schema}")
        for name in list_sql(_FOLDER):
            rows = con.execute(read_sql(name), {"feed": feed, "artists": list(artists)}).pl()
            with registered(few, "few_rows", rows):
                few.execute(f"create table {name.rpartition('/')[2]} as from few_rows")
        for name in _VIEWS:
            create_view(few, f"views/{name}")
        yield few
