"""The private file, opened for reading alone while nobody writes."""

import errno
import os
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

import duckdb

from songpop.errors import CheckError, InputError, expected
from songpop.warehouse.connection import open_database
from songpop.warehouse.lake import attach_lake, find_lake
from songpop.warehouse.lock import writer_lock
from songpop.warehouse.paths import WarehousePaths

_DAMAGE: Final = (
    duckdb.IOException,
    duckdb.SerializationException,
    duckdb.InternalException,
    duckdb.FatalException,
)
"""What DuckDB raises where a file cannot be read; all else says nothing about the file."""
_NO_PERMISSION: Final = os.strerror(errno.EACCES)
"""What DuckDB passes on where the system does not let it open a file."""


@contextmanager
def open_private(
    paths: WarehousePaths, purpose: str, wait_seconds: float
) -> Generator[duckdb.DuckDBPyConnection]:
    """Open the private file read-only, in the writer's place so that no run starts meanwhile.

    Args:
        paths: the warehouse, which has a private file.
        purpose: what this process does, shown to a writer that is refused.
        wait_seconds: how long to wait for a running writer.

    Raises:
        InputError: there is no warehouse.
        BusyError: another process holds the warehouse; the message says which.
        CheckError: the private file is damaged, or older than what is asked of it, or the answer
            is too big for the memory.
        duckdb.Error: a statement of the block is wrong by itself.
    """
    if not paths.exists:
        message = expected(
            str(paths.root), "a warehouse", "none", "run `songpop run` first, or pass --warehouse"
        )
        raise InputError(message)
    with writer_lock(paths.lock, purpose, wait_seconds):
        con = _connect(paths)
        try:
            yield con
        except (duckdb.BinderException, duckdb.CatalogException) as error:
            raise CheckError(describe_older(str(paths.tables), error)) from error
        except duckdb.OutOfMemoryException as error:
            raise CheckError(describe_no_room(str(paths.tables), error)) from error
        except _DAMAGE as error:
            raise CheckError(describe_damage(paths, error)) from error
        finally:
            con.close()


def _connect(paths: WarehousePaths) -> duckdb.DuckDBPyConnection:
    location = find_lake(paths)
    if location is not None:
        con = open_database()
        attach_lake(con, location, read_only=True)
        return con
    try:
        return open_database(paths.private, read_only=True)
    except duckdb.Error as error:
        raise CheckError(describe_damage(paths, error)) from error


def describe_missing(paths: WarehousePaths) -> str:
    """Return what to tell a person whose private file is gone, though it was published."""
    remedy = (
        "run `songpop restore latest`; to begin anew, from exports that still are there, move "
        f"{paths.snapshot} away first"
    )
    return expected(str(paths.private), "the writer's database", "none", remedy)


def describe_older(name: str, error: Exception) -> str:
    """Return what to tell a person whose warehouse lacks what a newer songpop asks for."""
    got = str(error).partition("\n")[0]
    remedy = "run `songpop run`, which brings an older warehouse up to date"
    return expected(name, "the tables of this songpop", got, remedy)


def describe_no_room(name: str, error: Exception) -> str:
    """Return what to tell a person whose machine has too little memory for an answer."""
    got = str(error).partition("\n")[0]
    remedy = "free memory on this machine, or ask for less; the tables are as they were"
    return expected(name, "room in memory", got, remedy)


def describe_damage(paths: WarehousePaths, error: Exception) -> str:
    """Return what to tell a person whose tables cannot be read."""
    got = str(error).partition("\n")[0]
    if _NO_PERMISSION in got:
        remedy = "check its permissions and its folder's; nothing is said of the file itself"
        return expected(str(paths.tables), "permission to open it", got, remedy)
    remedy = "restore it from a backup, or move it away and run `songpop backfill` on all exports"
    if paths.tables == paths.lake:
        remedy = (
            "check that its server and its storage answer; else bring the lake's files back, or "
            "restore a backup"
        )
    return expected(str(paths.tables), "a readable database", got, remedy)
