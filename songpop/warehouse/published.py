"""What a snapshot holds, and which state of the warehouse it shows."""

import datetime as dt
import hashlib
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from songpop.errors import expected
from songpop.warehouse.connection import open_database
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.revision import read_revision
from songpop.warehouse.sqlfiles import list_sql, read_sql


@dataclass(frozen=True)
class Published:
    """Which state of the private file a snapshot shows, and in which form."""

    revision: int
    """Committed changes since the warehouse began."""
    layout_sha256: str
    """Of the SQL that makes the snapshot; another layout means that it is built anew."""


@cache
def layout_sha256(snapshot_weeks: int | None = None) -> str:
    """Return the SHA-256 of what decides how a snapshot looks: SQL files, and its weeks.

    Args:
        snapshot_weeks: how many weeks of each feed it shows; null: all of them.
    """
    digest = hashlib.sha256()
    if snapshot_weeks is not None:
        digest.update(f"{snapshot_weeks} weeks\n".encode())
    for folder in ("migrations", "marts/weekly", "marts/whole", "marts/snapshot", "views"):
        for name in list_sql(folder):
            digest.update(f"{name}\n{read_sql(name)}\n".encode())
    return digest.hexdigest()


def read_target(con: duckdb.DuckDBPyConnection) -> Published:
    """Return what the snapshot has to show: what is committed, in the form of this songpop.

    Args:
        con: a connection to the private file.

    Raises:
        CheckError: it does not know its revision.
    """
    return Published(read_revision(con), layout_sha256(read_snapshot_weeks(con)))


def read_snapshot_weeks(con: duckdb.DuckDBPyConnection) -> int | None:
    """Return how many weeks of each feed the snapshot shows; null: all of them."""
    row = con.execute(read_sql("marts/read_snapshot_weeks")).fetchone()
    return None if row is None else row[0]


def settle_snapshot_weeks(con: duckdb.DuckDBPyConnection, snapshot_weeks: int | None) -> None:
    """Have the next publication show so many weeks of each feed.

    Args:
        con: the writer's connection, outside a transaction.
        snapshot_weeks: how many, the newest; null: all of them.
    """
    if read_snapshot_weeks(con) != snapshot_weeks:
        con.execute(read_sql("marts/set_snapshot_weeks"), {"snapshot_weeks": snapshot_weeks})


def list_shown(con: duckdb.DuckDBPyConnection) -> list[tuple[str, dt.date]]:
    """Return the (feed, week) pairs whose scores and labels the snapshot holds.

    Args:
        con: a connection to the private file, for what is to be shown, or to a snapshot.
    """
    return con.execute(read_sql("marts/list_shown_weeks")).fetchall()


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


def read_noted(paths: WarehousePaths) -> int:
    """Return the newest revision that a publication began to show; 0 where none is noted."""
    with suppress(OSError, ValueError):
        return int(paths.committed.read_text(encoding="utf-8"))
    return 0


def describe_lost(paths: WarehousePaths, revision: int) -> str | None:
    """Return what to tell a person whose tables are older than what was to be published.

    DuckDB takes a damaged log up to its damage, without a word, and so opens an earlier state.

    Args:
        paths: the warehouse.
        revision: of its tables.

    Returns:
        Null where nothing is lost, as far as is known outside the tables.
    """
    # A restore put another history in place of the one that the snapshot shows.
    present = None if paths.publish_anew.exists() else read_published(paths.snapshot)
    newest = max(read_noted(paths), 0 if present is None else present.revision)
    if revision >= newest:
        return None
    remedy = (
        "its log is damaged, or an older copy stands in its place: run `songpop restore latest`; "
        f"to go on from what is there, remove {paths.committed} and {paths.snapshot} first"
    )
    wanted, got = f"revision {newest}, which was committed", f"the earlier revision {revision}"
    return expected(str(paths.tables), wanted, got, remedy)
