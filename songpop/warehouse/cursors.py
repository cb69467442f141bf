"""Cursors that use the same database as their connection; by themselves they use its first."""

from collections.abc import Generator
from contextlib import contextmanager

import duckdb


@contextmanager
def cursor_at_home(con: duckdb.DuckDBPyConnection) -> Generator[duckdb.DuckDBPyConnection]:
    """Open a cursor that uses the database which *con* uses."""
    with con.cursor() as cursor:
        use_database(cursor, name_database(con))
        yield cursor


def name_database(con: duckdb.DuckDBPyConnection) -> str:
    """Return the name of the database that *con* uses."""
    return str(con.sql("select current_database()").fetchall()[0][0])


def use_database(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Have *con* use the attached database *name*; one that is used cannot be detached."""
    con.execute(f'use "{name}"')
