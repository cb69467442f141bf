"""The way back: what a file brought is taken out again, and what it replaced counts again."""

import datetime as dt

import duckdb

from songpop.errors import InputError, expected, list_names
from songpop.platforms.identity import settle_tracks
from songpop.platforms.load import TABLES
from songpop.warehouse.checks import assert_tables
from songpop.warehouse.publish import mark_revised
from songpop.warehouse.sqlfiles import read_sql
from songpop.warehouse.transaction import transaction

_SHORTEST_SHA = 8


def unload_export(con: duckdb.DuckDBPyConnection, named: str, now: dt.datetime) -> tuple[str, str]:
    """Take a file's facts and songs out again; the file stays known, so it does not come back.

    Args:
        con: the writer's connection, outside a transaction.
        named: the file's name, or at least eight digits of its SHA-256.
        now: when.

    Returns:
        Name and SHA-256 of the file.

    Raises:
        InputError: no loaded file, or several, have that name.
    """
    file_name, sha256 = _find(con, named)
    with transaction(con):
        for name in ("facts", "spellings"):
            con.execute(read_sql(f"platforms/forget_{name}"), {"sha256": sha256})
        reason = "taken out by hand; `songpop platforms load FILE` brings it back"
        con.execute(read_sql("platforms/mark_unloaded"), {"sha256": sha256, "reason": reason})
        settle_tracks(con, now)
        assert_tables(con, TABLES)
        mark_revised(con, [])
    return file_name, sha256


def _find(con: duckdb.DuckDBPyConnection, named: str) -> tuple[str, str]:
    rows = con.execute(read_sql("platforms/list_loaded")).fetchall()
    found = [
        (name, sha256)
        for name, sha256 in rows
        if name == named or (len(named) >= _SHORTEST_SHA and sha256.startswith(named))
    ]
    if len(found) == 1:
        return found[0]
    wanted = "the name or the SHA-256 of one loaded file"
    if not found:
        remedy = "take it from `songpop platforms list`"
        raise InputError(expected(f"file {named}", wanted, "none", remedy))
    hashes = list_names(sha256[:_SHORTEST_SHA] for _, sha256 in found)
    raise InputError(expected(f"file {named}", wanted, hashes, "name it by its SHA-256"))
