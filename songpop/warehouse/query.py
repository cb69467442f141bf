"""Questions to the published snapshot, which cannot change, read or load anything else."""

import datetime as dt
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager

import duckdb
import polars as pl
from duckdb import sqltypes

from songpop.errors import CheckError, InputError, expected, list_names
from songpop.warehouse.connection import is_locked, open_database
from songpop.warehouse.lake import LakeLocation, attach_lake, describe_unreachable, find_lake
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.reader import describe_no_room, describe_older
from songpop.warehouse.sqlfiles import read_sql

_SEALED = {
    # No file but the snapshot is read or written, nothing is attached or installed, and no
    # Python variable is taken for a table; the configuration is locked once it is all set.
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "temp_directory": "",
}
_SHOWN_AS_TEXT = {
    "bignum",
    "interval",
    "time with time zone",
    "type",
    "uhugeint",
    "union",
    "variant",
}
"""DuckDB's types that polars has no place for, or would change. What has a part of such a type, or
parts without names, is shown as text as a whole."""
_READING = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}
_REMEDY = 'mend the query; `songpop sql "show all tables"` lists what there is'


def run_query(paths: WarehousePaths, sql: str) -> pl.DataFrame:
    """Return what one SQL statement answers on the published snapshot.

    Args:
        paths: the warehouse.
        sql: one statement, from outside; it can only read the snapshot.

    Returns:
        The rows in the order that the query gives them, one column for each that it selects.

    Raises:
        InputError: nothing is published yet, or the text is no single, valid, reading statement.
        CheckError: the snapshot is damaged.
    """
    _require_one_select(sql)
    return _answer(paths, sql, None)


def run_query_at(paths: WarehousePaths, sql: str, at: dt.datetime) -> pl.DataFrame:
    """Return what one SQL statement answers on a lake as it was at a time.

    Args:
        paths: a warehouse whose tables are in a lake.
        sql: one statement, from outside; it can only read the warehouse's tables and data files.
        at: the time, with its zone; what was committed then is what it reads.

    Returns:
        As ``run_query``.

    Raises:
        InputError: the tables are in one file, which remembers no earlier state; the lake has
            none of that time; or the text is no single, valid, reading statement.
        CheckError: the lake cannot be reached.
    """
    _require_one_select(sql)
    location = find_lake(paths)
    if location is None:
        remedy = "see mart.superseded_scores for earlier scores, or move it with `songpop convert`"
        message = expected(f"warehouse {paths.root}", "one in a lake", "one file", remedy)
        raise InputError(message)
    with open_database() as con:
        con.execute("set TimeZone = 'UTC'")
        try:
            attach_lake(con, location, read_only=True, at=at)
        except CheckError as error:
            if "No snapshot found" in str(error):
                remedy = "ask for a later time; [maintenance] lake_days says what is kept"
                got = "none that is kept"
                message = expected(f"{at:%Y-%m-%d %H:%M} UTC", "a state of it", got, remedy)
                raise InputError(message) from error
            raise
        _seal(con, location)
        try:
            return _read_frame(con, sql)
        except duckdb.IOException as error:
            # The query reads no other file, so what cannot be read is the lake.
            raise CheckError(describe_unreachable(location, error)) from error
        except (duckdb.Error, pl.exceptions.PolarsError) as error:
            message = expected("query", "one that can be answered", _first_lines(error), _REMEDY)
            raise InputError(message) from error


def _seal(con: duckdb.DuckDBPyConnection, location: LakeLocation) -> None:
    """Let *con* read the lake's data files and nothing else, as ``_SEALED`` does the snapshot."""
    folder = location.data.replace("'", "''")
    con.execute(f"set allowed_directories = ['{folder}']")
    for name in ("enable_external_access", "python_enable_replacements"):
        con.execute(f"set {name} = false")
    con.execute("set lock_configuration = true")


def run_file(
    paths: WarehousePaths, name: str, params: Mapping[str, object] | None = None
) -> pl.DataFrame:
    """Return what ``sql/<name>.sql`` answers on the published snapshot.

    Args:
        paths: the warehouse.
        name: a select that reads published tables only.
        params: its parameters.

    Raises:
        InputError: nothing is published yet.
        CheckError: the snapshot is damaged.
    """
    try:
        return _answer(paths, read_sql(name), params)
    except InputError as error:
        if isinstance(error.__cause__, duckdb.BinderException | duckdb.CatalogException):
            raise InputError(describe_older(str(paths.snapshot), error.__cause__)) from error
        raise


@contextmanager
def open_snapshot(
    paths: WarehousePaths, memory_limit: str | None = None
) -> Generator[duckdb.DuckDBPyConnection]:
    """Open the published snapshot, read-only and sealed off from everything else.

    Args:
        paths: the warehouse.
        memory_limit: DuckDB's, for who holds the warehouse: what does not fit goes to its scratch
            folder; null: nothing is written, and most of the machine's memory may be used.

    Raises:
        InputError: nothing is published yet.
        CheckError: the snapshot is damaged.
    """
    if not paths.snapshot.exists():
        message = expected(
            str(paths.snapshot),
            "a published warehouse",
            "none",
            "run `songpop run` first, or pass --warehouse",
        )
        raise InputError(message)
    config = dict(_SEALED)
    if memory_limit is not None:
        # The writer's own connection may spill into the scratch folder itself.
        config |= {"memory_limit": memory_limit, "temp_directory": str(paths.scratch / "pages")}
    try:
        con = open_database(paths.snapshot, read_only=True, config=config)
        if not is_locked(con):
            con.execute("set lock_configuration = true")
    except duckdb.Error as error:
        raise CheckError(describe_snapshot_damage(paths, error)) from error
    try:
        yield con
    finally:
        con.close()


@contextmanager
def explain_damage(paths: WarehousePaths) -> Generator[None]:
    """Turn what DuckDB says of the snapshot, in the midst of our own queries, into our errors.

    Raises:
        InputError: the snapshot is an older songpop's.
        CheckError: it is damaged, or too big for the memory.
    """
    try:
        yield
    except (duckdb.BinderException, duckdb.CatalogException) as error:
        raise InputError(describe_older(str(paths.snapshot), error)) from error
    except duckdb.OutOfMemoryException as error:
        raise CheckError(describe_no_room(str(paths.snapshot), error)) from error
    except duckdb.Error as error:
        raise CheckError(describe_snapshot_damage(paths, error)) from error


def _require_one_select(sql: str) -> None:
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise InputError(expected("query", "valid SQL", _first_lines(error), _REMEDY)) from error
    if len(statements) != 1:
        message = expected("query", "one statement", str(len(statements)), "ask one at a time")
        raise InputError(message)
    if statements[0].named_parameters:
        got = list_names(f"${name}" for name in sorted(statements[0].named_parameters))
        raise InputError(expected("query", "one without parameters", got, "write their values"))
    if statements[0].type not in _READING:
        got = statements[0].type.name.lower()
        raise InputError(expected("query", "one that reads", f"{got} statement", _REMEDY))


def _answer(paths: WarehousePaths, sql: str, params: Mapping[str, object] | None) -> pl.DataFrame:
    with open_snapshot(paths) as con:
        try:
            return _read_frame(con, sql) if params is None else con.execute(sql, params).pl()
        except duckdb.IOException as error:
            # The query reads no other file, so what cannot be read is the snapshot.
            raise CheckError(describe_snapshot_damage(paths, error)) from error
        except (duckdb.Error, pl.exceptions.PolarsError) as error:
            message = expected("query", "one that can be answered", _first_lines(error), _REMEDY)
            raise InputError(message) from error


def _read_frame(con: duckdb.DuckDBPyConnection, sql: str) -> pl.DataFrame:
    """Return the rows of one statement; what polars cannot hold is DuckDB's text of it."""
    relation = con.sql(sql)
    shown = [
        f"cast(#{place} as varchar) as {_quote(name)}" if _is_shown_as_text(kind) else f"#{place}"
        for place, (name, kind) in enumerate(
            zip(relation.columns, relation.types, strict=True), start=1
        )
    ]
    return relation.project(", ".join(shown)).pl()


def _is_shown_as_text(kind: sqltypes.DuckDBPyType) -> bool:
    if kind.id not in {"array", "list", "map", "struct"}:
        return kind.id in _SHOWN_AS_TEXT
    return any(
        not name or (isinstance(part, sqltypes.DuckDBPyType) and _is_shown_as_text(part))
        for name, part in kind.children
    )


def _quote(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def describe_hidden(feeds: Iterable[str], week: dt.date) -> str:
    """Return what to tell a person who asks the snapshot for a week that it holds no more."""
    subject = f"week {week} of {', '.join(feeds)}"
    remedy = (
        "its scores are in published/weekly_scores, its page is as it was; raise [maintenance] "
        "snapshot_weeks and run `songpop run` to have it here again"
    )
    return expected(subject, "one of the newest, which the snapshot holds", "an older one", remedy)


def describe_snapshot_damage(paths: WarehousePaths, error: Exception) -> str:
    """Return what to tell a person whose snapshot cannot be read."""
    return expected(
        str(paths.snapshot),
        "a readable database",
        _first_lines(error),
        "run `songpop repair`, which publishes everything anew",
    )


def _first_lines(error: Exception) -> str:
    """Return an error's text without the copy of the query that DuckDB adds below it."""
    return str(error).partition("\n\nLINE ")[0].replace("\n", " ").strip()
