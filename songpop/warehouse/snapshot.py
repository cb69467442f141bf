"""The database that people open: copied, brought up to date aside, renamed into place.

It holds what the files in sql/marts select: the tables of ``marts/weekly`` week by week, since
they are big, and only the newest weeks where a number is set; those of ``marts/whole`` in one
piece, the views in sql/views, and, for the files beside it, the table in ``marts/snapshot``.
"""

import datetime as dt
import shutil
from collections.abc import Collection, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from songpop.warehouse.cursors import cursor_at_home, name_database, use_database
from songpop.warehouse.durable import replace_durably
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.published import (
    Published,
    list_shown,
    published_tables,
    read_snapshot_weeks,
    wal_beside,
)
from songpop.warehouse.sqlfiles import list_sql, read_sql
from songpop.warehouse.views import create_views

MODE = 0o444
"""Readers cannot write into it by mistake."""

Key = tuple[str, dt.date]
"""A feed and a week."""

Part = tuple[str, str, dt.date]
"""A published table, and the feed and week whose rows in it are meant."""

Files = Mapping[Key, str | None]
"""The SHA-256 of the Parquet file of a feed and week; null: the week has none any more."""

LONG_TEXTS = frozenset({"track_id", "title", "artist_name"})
"""Columns whose values hardly repeat. Of the ways to store them zstd, named in the table's
definition, is the fastest: 1.9 s against 2.8 s for 1 M scores, in 67 MB against 53 MB."""

_ALIAS = "publication"


def write_snapshot(
    con: duckdb.DuckDBPyConnection,
    paths: WarehousePaths,
    parts: Iterable[Part],
    target: Published,
    files: Files,
    *,
    is_rebuilt: bool,
) -> None:
    """Replace the snapshot by one that shows *target*.

    Args:
        con: the writer's connection, outside a transaction.
        paths: the warehouse.
        parts: what the present snapshot shows otherwise, or not at all; those of weeks that are
            older than what is shown are left out.
        target: what the new snapshot shows.
        files: the Parquet files that were written or removed for it.
        is_rebuilt: whether it starts empty instead of as a copy of the present one.

    Raises:
        duckdb.Error: the copy is damaged, or the disk is full.
        OSError: the folder cannot be written.
    """
    aside = paths.scratch / "snapshot.duckdb"
    for leftover in (aside, wal_beside(aside)):
        leftover.unlink(missing_ok=True)
    if not is_rebuilt:
        shutil.copyfile(paths.snapshot, aside)
    with cursor_at_home(con) as cursor, _attached(cursor, aside):
        shown = list_shown(con)
        if is_rebuilt:
            _create_tables(cursor)
            _insert_parts(cursor, parts, shown)
        else:
            _renew_parts(cursor, parts, shown)
        _replace_whole_tables(cursor, target, read_snapshot_weeks(con))
        _replace_files(cursor, files)
        if is_rebuilt:
            # A copy has them already: other views are another layout, which is built anew.
            _create_views(cursor)
    aside.chmod(MODE)
    # The log of somebody who opened the snapshot for writing belongs to the file that goes.
    wal_beside(paths.snapshot).unlink(missing_ok=True)
    replace_durably(aside, paths.snapshot)


@contextmanager
def _attached(cursor: duckdb.DuckDBPyConnection, path: Path) -> Generator[None]:
    """Attach *path* for one transaction; checkpoint and detach, so that no log is left."""
    escaped = str(path).replace("'", "''")
    cursor.execute(f"attach '{escaped}' as {_ALIAS}")
    try:
        cursor.begin()
        try:
            yield
        except BaseException:
            cursor.rollback()
            raise
        cursor.commit()
        cursor.execute(f"checkpoint {_ALIAS}")
    finally:
        cursor.execute(f"detach {_ALIAS}")


def _create_tables(cursor: duckdb.DuckDBPyConnection) -> None:
    weekly = published_tables("weekly")
    names = [*weekly, *published_tables("whole")]
    for schema in sorted({name.partition(".")[0] for name in names}):
        cursor.execute(f"create schema {_ALIAS}.{schema}")
    for name, select in weekly.items():
        described = cursor.execute(f"describe {select}", {"feed": None, "week": None})
        kinds = [(column, kind) for column, kind, *_ in described.fetchall()]
        columns = ", ".join(f'"{column}" {_storage(column, kind)}' for column, kind in kinds)
        cursor.execute(f"create table {_ALIAS}.{name} ({columns})")
    with _used(cursor):
        for name in list_sql("marts/snapshot"):
            cursor.execute(read_sql(name))


def _storage(column: str, kind: str) -> str:
    return f"{kind} using compression zstd" if column in LONG_TEXTS else kind


def _renew_parts(
    cursor: duckdb.DuckDBPyConnection, parts: Iterable[Part], shown: Sequence[Key]
) -> None:
    """Bring a copy up to date: *parts* anew, and no other weeks than those *shown*."""
    with _used(cursor):
        present = list_shown(cursor)
    names = list(published_tables("weekly"))
    # A newer week takes the place of the oldest; one that is unloaded gives it back.
    entering = [(name, *key) for key in shown if key not in present for name in names]
    leaving = [(name, *key) for key in present if key not in shown for name in names]
    renewed = list(dict.fromkeys([*parts, *entering]))
    for name, feed, week in [*renewed, *leaving]:
        cursor.execute(
            f"delete from {_ALIAS}.{name} where feed = $feed and week = $week",  # noqa: S608 - the names of our own files
            {"feed": feed, "week": week},
        )
    _insert_parts(cursor, renewed, shown)


def _insert_parts(
    cursor: duckdb.DuckDBPyConnection, parts: Iterable[Part], shown: Collection[Key]
) -> None:
    selects = published_tables("weekly")
    for name, feed, week in parts:
        if (feed, week) in shown:
            key = {"feed": feed, "week": week}
            cursor.execute(f"insert into {_ALIAS}.{name} by name {selects[name]}", key)


def _replace_whole_tables(
    cursor: duckdb.DuckDBPyConnection, target: Published, snapshot_weeks: int | None
) -> None:
    for name, select in published_tables("whole").items():
        cursor.execute(f"create or replace table {_ALIAS}.{name} as {select}")
    cursor.execute(
        f"create or replace table {_ALIAS}.mart.publication as "
        "select $revision::bigint as revision, $snapshot_weeks::bigint as snapshot_weeks, "
        "$layout_sha256 as layout_sha256",
        {
            "revision": target.revision,
            "layout_sha256": target.layout_sha256,
            "snapshot_weeks": snapshot_weeks,
        },
    )


def _replace_files(cursor: duckdb.DuckDBPyConnection, files: Files) -> None:
    keys = {"feeds": [feed for feed, _ in files], "weeks": [week for _, week in files]}
    with _used(cursor):
        cursor.execute(read_sql("marts/delete_parquet_files"), keys)
        digests = {**keys, "file_sha256s": list(files.values())}
        cursor.execute(read_sql("marts/insert_parquet_files"), digests)


def _create_views(cursor: duckdb.DuckDBPyConnection) -> None:
    with _used(cursor):
        create_views(cursor)


@contextmanager
def _used(cursor: duckdb.DuckDBPyConnection) -> Generator[None]:
    """Have *cursor* use the snapshot instead of the writer's database."""
    home = name_database(cursor)
    use_database(cursor, _ALIAS)
    try:
        yield
    finally:
        use_database(cursor, home)
