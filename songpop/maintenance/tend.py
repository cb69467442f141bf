"""What a lake needs instead of being written anew: small files merged, old states forgotten."""

import datetime as dt
from typing import Final

import duckdb

from songpop.maintenance.vacuum import Vacuum
from songpop.warehouse.lake import ALIAS
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.sqlfiles import read_sql
from songpop.warehouse.writer import connect

_GRACE: Final = dt.timedelta(days=2)
"""How long a file that nothing names stays, for readers who began before."""


def tend_lake(paths: WarehousePaths, memory_limit: str, kept_days: int, now: dt.datetime) -> Vacuum:
    """Merge a lake's small files, and forget its states that are older than *kept_days*.

    Args:
        paths: a warehouse that this process holds, whose tables are in a lake.
        memory_limit: DuckDB's.
        kept_days: days back for which the tables can be read as of a time.
        now: from which they count.

    Returns:
        Bytes of the files that the present state names, before and after.

    Raises:
        CheckError: the lake cannot be reached.
        duckdb.Error: a file of it is damaged.
    """
    con = connect(paths, memory_limit)
    try:
        before = _measure(con)
        _call(con, "expire_snapshots", now - dt.timedelta(days=kept_days))
        con.execute(f"call ducklake_rewrite_data_files('{ALIAS}')")
        con.execute(f"call ducklake_merge_adjacent_files('{ALIAS}')")
        _call(con, "cleanup_old_files", now - _GRACE)
        _call(con, "delete_orphaned_files", now - _GRACE)
        return Vacuum(before, _measure(con), "tended")
    finally:
        con.close()


def _call(con: duckdb.DuckDBPyConnection, name: str, older_than: dt.datetime) -> None:
    con.execute(f"call ducklake_{name}('{ALIAS}', older_than => $older)", {"older": older_than})


def _measure(con: duckdb.DuckDBPyConnection) -> int:
    row = con.execute(read_sql("lake/data_bytes"), {"alias": ALIAS}).fetchone()
    return 0 if row is None else int(row[0])
