"""The writer's connection: one process, one private file, migrations applied."""

import datetime as dt
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Final

import duckdb

from songpop.errors import CheckError, expected
from songpop.formats.spec import FormatSpec
from songpop.settings import Settings
from songpop.touring.facets import declare_facets
from songpop.warehouse.connection import open_database
from songpop.warehouse.lake import LakeLocation, attach_lake, find_lake, settle_place
from songpop.warehouse.leftovers import Removed, clear_leftovers
from songpop.warehouse.lock import writer_lock
from songpop.warehouse.migrate import add_metric_columns, migrate
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.published import settle_snapshot_weeks
from songpop.warehouse.reader import describe_damage, describe_missing
from songpop.warehouse.transaction import transaction
from songpop.warehouse.views import create_private_views

STORAGE_VERSION = "v1.4.0"
"""Of new database files: what DuckDB 1.4, its long-term release, and later ones can open."""

_OUTSIDE: Final = (
    duckdb.IOException,
    duckdb.TransactionException,
    duckdb.OutOfMemoryException,
    duckdb.SerializationException,
    duckdb.FatalException,
)
"""What DuckDB raises for what is around it: disk, memory, a damaged file, another writer."""


@contextmanager
def open_writer(
    settings: Settings, formats: Mapping[str, FormatSpec], purpose: str, now: dt.datetime
) -> Generator[duckdb.DuckDBPyConnection]:
    """Open the private database for writing, alone, with every migration applied.

    What an earlier, killed run left in the scratch folder and among the models is removed first.
    On leaving, an uncommitted transaction is rolled back, and the file is checkpointed and closed.

    Raises:
        BusyError: another process writes to this warehouse.
        CheckError: the private file is damaged, or newer than this songpop.
    """
    with hold_warehouse(settings, purpose), open_held(settings, formats, now) as con:
        yield con


@contextmanager
def hold_warehouse(settings: Settings, purpose: str) -> Generator[Removed]:
    """Take the writer's place without opening the private file; yield the leftovers removed.

    Raises:
        BusyError: another process writes to this warehouse.
    """
    paths = WarehousePaths(settings.warehouse)
    with writer_lock(paths.lock, purpose, settings.wait_seconds):
        removed = clear_leftovers(paths)
        paths.scratch.mkdir(parents=True, exist_ok=True)
        yield removed


@contextmanager
def open_held(
    settings: Settings, formats: Mapping[str, FormatSpec], now: dt.datetime
) -> Generator[duckdb.DuckDBPyConnection]:
    """Open the private file of a warehouse that this process holds; else as ``open_writer``.

    Raises:
        CheckError: as there; or what is around DuckDB failed the block: the disk is full, say.
    """
    paths = WarehousePaths(settings.warehouse)
    if paths.snapshot.exists() and not paths.exists:
        # A new one would have nothing to publish, and readers lose the last copy that there is.
        raise CheckError(describe_missing(paths))
    settle_place(paths, settings)
    con = connect(paths, settings.memory_limit)
    try:
        with explained(paths):
            bring_up_to_date(con, formats, now)
            settle_snapshot_weeks(con, settings.maintenance.snapshot_weeks)
        with explained(paths, _OUTSIDE):
            yield con
    finally:
        con.close()


@contextmanager
def explained(
    paths: WarehousePaths, errors: tuple[type[duckdb.Error], ...] = (duckdb.Error,)
) -> Generator[None]:
    """Say what DuckDB could not do with the tables in the house form.

    Args:
        paths: the warehouse.
        errors: those of DuckDB's that are told; others are raised as they are.

    Raises:
        CheckError: instead of what DuckDB raised.
    """
    try:
        yield
    except errors as error:
        wanted = "room, permission to write and whole files"
        remedy = "put that right and try again; `songpop doctor` says more"
        if isinstance(error, duckdb.OutOfMemoryException):
            wanted = "memory, and room on the disk for what does not fit into it"
            remedy = "raise memory_limit in the settings, or make room, and try again"
        got = str(error).partition("\n")[0]
        raise CheckError(expected(str(paths.tables), wanted, got, remedy)) from error


def bring_up_to_date(
    con: duckdb.DuckDBPyConnection, formats: Mapping[str, FormatSpec], now: dt.datetime
) -> None:
    """Give the database of *con* the tables, metrics, facets and views of this songpop."""
    migrate(con, now)
    add_metric_columns(con, formats.values())
    declare_facets(con, formats.values())
    with transaction(con):
        create_private_views(con)


def connect(
    paths: WarehousePaths, memory_limit: str, new_lake: LakeLocation | None = None
) -> duckdb.DuckDBPyConnection:
    """Connect to where the tables are: the private file, created if need be, or the lake.

    Args:
        paths: the warehouse.
        memory_limit: DuckDB's.
        new_lake: one that begins, to take instead of what the warehouse has; null: its own.

    Raises:
        CheckError: the place cannot be opened.
    """
    config = {
        "memory_limit": memory_limit,
        "storage_compatibility_version": STORAGE_VERSION,
        "temp_directory": str(paths.scratch),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    location = new_lake or find_lake(paths)
    try:
        con = open_database(paths.private if location is None else None, config=config)
        con.execute("set TimeZone = 'UTC'")
    except duckdb.Error as error:
        raise CheckError(describe_damage(paths, error)) from error
    if location is not None:
        attach_lake(con, location, begins=new_lake is not None)
    return con
