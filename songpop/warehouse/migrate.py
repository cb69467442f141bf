"""Numbered migrations: each is applied once, in order, and may never change afterwards."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable
from typing import Final

import duckdb

from songpop.errors import CheckError, expected
from songpop.formats.spec import FormatSpec
from songpop.warehouse.lake import is_lake
from songpop.warehouse.revision import read_revision
from songpop.warehouse.sqlfiles import list_sql, read_sql
from songpop.warehouse.transaction import transaction

# How a file of DuckDB's own stores a column; Parquet has its own way.
_COMPRESSION: Final = re.compile(r"\s+using compression \w+", re.IGNORECASE)

MENDED: Final = {
    "migrations/0016_lake": "8905df8139b9fbbe5b019220e1ce7f6ac9ca740c1a848cd88d42872c0556a5e0",
}
"""SHA-256 of a text that failed on some warehouses; where it did not, it did what its file does."""


def migrate(con: duckdb.DuckDBPyConnection, now: dt.datetime) -> list[str]:
    """Bring the database up to the newest migration; return the names of those applied now.

    Args:
        con: the writer's connection, outside a transaction.
        now: the time that is recorded for what is applied.

    Raises:
        CheckError: a migration that was applied earlier has been edited since, or the database
            was written by a newer songpop.
    """
    con.execute(read_sql("load/create_migrations"))
    applied = dict(con.execute(read_sql("load/list_migrations")).fetchall())
    names = list_sql("migrations")
    if unknown := sorted(set(applied) - set(names)):
        message = expected(
            "warehouse", f"migrations up to {names[-1]}", unknown[-1], "install a newer songpop"
        )
        raise CheckError(message)
    pending = [name for name in names if _is_pending(name, applied.get(name))]
    if pending:
        has_compression = not is_lake(con)
        with transaction(con):
            for name in pending:
                text = read_sql(name)
                con.execute(text if has_compression else _COMPRESSION.sub("", text))
                done = {"name": name, "sha256": _hash(text), "applied_at": now}
                con.execute(read_sql("load/record_migration"), done)
    return pending


def _is_pending(name: str, recorded: str | None) -> bool:
    sha256 = _hash(read_sql(name))
    if recorded not in {None, sha256, MENDED.get(name)}:
        message = expected(
            f"sql/{name}.sql",
            f"SHA-256 {str(recorded)[:12]}…",
            f"{sha256[:12]}…",
            "restore the file and put the change into a new migration",
        )
        raise CheckError(message)
    return recorded is None


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def add_metric_columns(con: duckdb.DuckDBPyConnection, formats: Iterable[FormatSpec]) -> None:
    """Give ``core.track_weeks`` a nullable column for every metric that a format declares.

    A column more is a change of what readers see, ``mart.current_metrics``.
    """
    present = set(con.table("core.track_weeks").columns)
    declared = {column.name: column for spec in formats for column in spec.metrics}
    missing = [column for name, column in declared.items() if name not in present]
    if not missing:
        return
    with transaction(con):
        for column in missing:
            kind = "double" if column.type == "decimal" else "bigint"
            # The name comes from a format file, whose schema admits only [a-z0-9_].
            con.execute(f'alter table core.track_weeks add column "{column.name}" {kind}')
        if read_revision(con) > 0:
            con.execute(read_sql("marts/bump_revision"))
