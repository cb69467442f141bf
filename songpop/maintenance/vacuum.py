"""The private file written anew without its holes: DuckDB reuses free blocks, but keeps them."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from songpop.errors import CheckError, expected
from songpop.warehouse.connection import open_database
from songpop.warehouse.cursors import name_database
from songpop.warehouse.durable import replace_durably
from songpop.warehouse.fingerprint import Fingerprints, fingerprint
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.published import wal_beside
from songpop.warehouse.sqlfiles import read_sql
from songpop.warehouse.writer import STORAGE_VERSION, connect

_ALIAS: Final = "compact"
_LEAST_BYTES: Final = 16 << 20
"""Below which nothing is worth saving: an empty file of all tables has more than a tenth of it."""


@dataclass(frozen=True)
class Vacuum:
    """What writing the private file anew came to."""

    before_bytes: int
    after_bytes: int
    """As large as before where nothing was replaced."""
    outcome: str
    """In words: rewritten, or why not."""


def vacuum(paths: WarehousePaths, memory_limit: str, least_share: float) -> Vacuum:
    """Write the private file anew if that saves at least *least_share* of it.

    How much it would save is known only when the copy is there: free blocks are counted, rows that
    were deleted within a block are not. The copy replaces the file in one rename, after it proved
    to hold the same rows, columns and views.

    Args:
        paths: a warehouse that this process holds, its private file closed.
        memory_limit: DuckDB's.
        least_share: of the file's size.

    Raises:
        CheckError: the file is damaged, or the copy differs from it; the file is as it was.
    """
    before = paths.private.stat().st_size
    if paths.private.is_symlink():
        return Vacuum(before, before, "left as it is: it is a symbolic link")
    if before < _LEAST_BYTES:
        return Vacuum(before, before, f"left as it is: smaller than {_LEAST_BYTES >> 20} MB")
    if shutil.disk_usage(paths.scratch).free < before:
        return Vacuum(before, before, "left as it is: no room for a copy")
    aside = paths.scratch / "compact.duckdb"
    aside.unlink(missing_ok=True)
    try:
        wanted = _write_copy(paths, aside, memory_limit)
        before, after = paths.private.stat().st_size, aside.stat().st_size
        if before - after < least_share * before:
            return Vacuum(before, before, "left as it is: little to save")
        _verify(paths, aside, wanted)
    except duckdb.Error as error:
        remedy = "make room, or see `songpop doctor`"
        got = str(error).partition("\n")[0]
        raise CheckError(expected(str(paths.private), "a copy of it", got, remedy)) from error
    replace_durably(aside, paths.private)
    return Vacuum(before, after, "rewritten")


_State = tuple[list[tuple[object, ...]], dict[str, Fingerprints]]
"""The layout, and the fingerprint of each table."""


def _write_copy(paths: WarehousePaths, aside: Path, memory_limit: str) -> _State:
    con = connect(paths, memory_limit)
    try:
        con.execute("checkpoint")
        wanted = _read_state(con)
        home = name_database(con)
        escaped = str(aside).replace("'", "''")
        con.execute(f"attach '{escaped}' as {_ALIAS} (storage_version '{STORAGE_VERSION}')")
        con.execute(f'copy from database "{home}" to {_ALIAS}')
        con.execute(f"checkpoint {_ALIAS}")
        con.execute(f"detach {_ALIAS}")
    finally:
        con.close()
    return wanted


def _verify(paths: WarehousePaths, aside: Path, wanted: _State) -> None:
    with open_database(aside, read_only=True) as con:
        got = _read_state(con)
    if got != wanted or wal_beside(aside).exists() or wal_beside(paths.private).exists():
        message = expected(
            f"copy of {paths.private}", "the same tables and rows", "others", "report this"
        )
        raise CheckError(message)


def _read_state(con: duckdb.DuckDBPyConnection) -> _State:
    layout = con.execute(read_sql("maintenance/list_layout")).fetchall()
    names = [f"{row[0]}.{row[1]}" for row in con.execute(read_sql("marts/list_tables")).fetchall()]
    return layout, {name: fingerprint(con.table(name)) for name in names}
