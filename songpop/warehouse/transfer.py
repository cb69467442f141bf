"""All tables of a warehouse written to another database, and proved to have arrived."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import duckdb

from songpop.errors import CheckError, expected, list_names
from songpop.formats.spec import FormatSpec
from songpop.warehouse.cursors import cursor_at_home, name_database, use_database
from songpop.warehouse.fingerprint import fingerprint
from songpop.warehouse.sqlfiles import read_sql
from songpop.warehouse.transaction import transaction
from songpop.warehouse.writer import STORAGE_VERSION, bring_up_to_date

_OTHER: Final = "other"


def write_file(
    con: duckdb.DuckDBPyConnection, path: Path, formats: Mapping[str, FormatSpec], now: dt.datetime
) -> dict[str, int]:
    """Write all tables that *con* uses to the new database file *path*, with the private views.

    Args:
        con: a connection to the tables, outside a transaction.
        path: the file, which does not exist; it is checkpointed and closed afterwards.
        formats: those that the warehouse knows.
        now: when what arrives is brought up to date.

    Returns:
        Rows of each table, by name.

    Raises:
        CheckError: what arrived is not what was sent.
        duckdb.Error: no room, or no permission to write.
    """
    with cursor_at_home(con) as cursor:
        home = name_database(cursor)
        cursor.execute(f"attach {_quoted(path)} as {_OTHER} (storage_version '{STORAGE_VERSION}')")
        try:
            use_database(cursor, _OTHER)
            counts = _fill(cursor, home, _OTHER, formats, now)
            cursor.execute("checkpoint")
        finally:
            use_database(cursor, home)
            cursor.execute(f"detach {_OTHER}")
    return counts


def read_file(
    con: duckdb.DuckDBPyConnection, path: Path, formats: Mapping[str, FormatSpec], now: dt.datetime
) -> dict[str, int]:
    """Make all tables that *con* uses what the database file *path* holds, in one transaction.

    Args:
        con: a connection to the tables, empty or not, outside a transaction.
        path: the file, which is only read.
        formats: those that the warehouse knows.
        now: when what arrives is brought up to date.

    Returns:
        Rows of each table, by name.

    Raises:
        CheckError: what arrived is not what was sent; nothing is changed.
        duckdb.Error: the file is damaged, or the tables cannot be written.
    """
    with cursor_at_home(con) as cursor:
        cursor.execute(f"attach {_quoted(path)} as {_OTHER} (read_only)")
        try:
            return _fill(cursor, _OTHER, name_database(cursor), formats, now)
        finally:
            cursor.execute(f"detach {_OTHER}")


def _fill(
    cursor: duckdb.DuckDBPyConnection,
    source: str,
    target: str,
    formats: Mapping[str, FormatSpec],
    now: dt.datetime,
) -> dict[str, int]:
    """Replace every table of *target*, which the cursor uses, by that of *source*."""
    bring_up_to_date(cursor, formats, now)
    names = _list_tables(cursor, target)
    if missing := set(_list_tables(cursor, source)) ^ set(names):
        remedy = "run `songpop run` first, which brings the older one up to date"
        raise CheckError(expected("tables", "the same", list_names(missing), remedy))
    counts: dict[str, int] = {}
    with transaction(cursor):
        for name in names:
            _add_columns(cursor, f"{source}.{name}", f"{target}.{name}")
            cursor.execute(f"delete from {target}.{name}")  # noqa: S608 - names of our own tables
            cursor.execute(f"insert into {target}.{name} by name from {source}.{name}")
            counts[name] = _require_equal(cursor, source, target, name)
    return counts


def _list_tables(cursor: duckdb.DuckDBPyConnection, database: str) -> list[str]:
    rows = cursor.execute(read_sql("lake/list_tables_of"), {"database": database}).fetchall()
    return [f"{schema}.{table}" for schema, table in rows]


def _add_columns(cursor: duckdb.DuckDBPyConnection, source: str, target: str) -> None:
    """Give *target* the columns of metrics whose format is declared no more."""
    present = set(cursor.table(target).columns)
    for column, kind, *_ in cursor.execute(f"describe {source}").fetchall():
        if column not in present:
            cursor.execute(f'alter table {target} add column "{column}" {kind}')


def _require_equal(cursor: duckdb.DuckDBPyConnection, source: str, target: str, name: str) -> int:
    columns = ", ".join(f'"{column}"' for column in cursor.table(f"{source}.{name}").columns)
    sent, got = (
        fingerprint(cursor.sql(f"select {columns} from {database}.{name}"))  # noqa: S608 - names of our own tables
        for database in (source, target)
    )
    if sent != got:
        rows = [next(iter(found.values()))[0] for found in (sent, got)]
        wanted = f"{rows[0]} rows as they were"
        have = f"{rows[1]} rows" if rows[0] != rows[1] else "altered ones"
        raise CheckError(expected(f"copy of {name}", wanted, have, "report this; nothing changed"))
    return sent[()][0]


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
