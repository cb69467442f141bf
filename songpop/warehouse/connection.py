"""Connections to DuckDB that say nothing on standard output."""

from collections.abc import Mapping
from pathlib import Path

import duckdb


def open_database(
    path: Path | None = None, *, read_only: bool = False, config: Mapping[str, str] | None = None
) -> duckdb.DuckDBPyConnection:
    """Connect without a progress bar.

    Where the interpreter runs no script (``python -c``, a REPL), DuckDB writes one to standard
    output once a statement takes two seconds. The option cannot be configured, so it is set after.

    Args:
        path: a database file; null: one in memory.
        read_only: whether nothing can be written; the file then has to exist.
        config: DuckDB's options.

    Raises:
        duckdb.Error: the file cannot be opened.
    """
    place = ":memory:" if path is None else str(path)
    con = duckdb.connect(place, read_only=read_only, config=dict(config or {}))
    if not is_locked(con):
        con.execute("set enable_progress_bar = false")
    return con


def is_locked(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether nothing can be set, say since another connection to the same file locked it."""
    row = con.execute("select current_setting('lock_configuration')").fetchone()
    return row is not None and bool(row[0])
