"""What a snapshot holds, and which state of the warehouse it shows."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from songpop.warehouse.connection import open_database
from songpop.warehouse.sqlfiles import list_sql, read_sql


@dataclass(frozen=True)
class Published:
    """Which state of the private file a snapshot shows, and in which form."""

    revision: int
    """Committed changes since the warehouse began."""
    layout_sha256: str
    """Of the SQL that makes the snapshot; another layout means that it is built anew."""


@cache
def layout_sha256() -> str:
    """Return the SHA-256 of the SQL files that decide what a snapshot looks like."""
    digest = hashlib.sha256()
    for folder in ("migrations", "marts/weekly", "marts/whole", "marts/snapshot", "views"):
        for name in list_sql(folder):
            digest.update(f"{name}\n{read_sql(name)}\n".encode())
    return digest.hexdigest()


def published_tables(folder: str) -> dict[str, str]:
    """Return the select of each published table by its name.

    Args:
        folder: ``weekly`` (the select takes $feed and $week) or ``whole``.
    """
    return {name.rpartition("/")[2]: read_sql(name) for name in list_sql(f"marts/{folder}")}


def wal_beside(path: Path) -> Path:
    """Return where DuckDB would keep the log of the database *path*."""
    return path.with_name(path.name + ".wal")


def read_published(path: Path) -> Published | None:
    """Return what the snapshot at *path* shows; null if it is absent, damaged or written to."""
    if wal_beside(path).exists():
        return None
    try:
        with open_database(path, read_only=True) as con:
            row = con.execute(read_sql("marts/read_published")).fetchone()
    except duckdb.Error:
        return None
    return None if row is None else Published(*row)
