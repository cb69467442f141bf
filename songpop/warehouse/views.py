"""The views for people, the same in the private file and in the snapshot."""

from typing import Final

import duckdb

from songpop.warehouse.sqlfiles import list_sql, read_sql

_TABLES_OF_READERS: Final = (
    "mart.accepted_weeks",
    "mart.artist_weeks",
    "mart.current_metrics",
    "mart.doubtful_matches",
    "mart.metric_facets",
    "mart.platform_months",
    "mart.platform_weeks",
    "mart.weeks",
)


def create_private_views(con: duckdb.DuckDBPyConnection) -> None:
    """Create or renew every view of the private file.

    The private file has as views what the snapshot has as tables (``mart.weeks`` and others) or
    lacks (``core.tracks``). Run it after migrations: DuckDB binds a view to the columns of its
    tables.
    """
    for name in list_sql("views/private"):
        create_view(con, name)
    for name in _TABLES_OF_READERS:
        create_view(con, f"marts/whole/{name}")
    create_views(con)


def create_views(con: duckdb.DuckDBPyConnection) -> None:
    """Create or renew the views that read published tables only, in the current database."""
    for name in list_sql("views"):
        create_view(con, name)


def create_view(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Create or renew the view of ``sql/<name>.sql``, a file that is named like it."""
    con.execute(f"create or replace view {name.rpartition('/')[2]} as\n{read_sql(name)}")
