"""Whether the published Parquet files are as they were written, and hold the committed scores."""

import datetime as dt
import glob
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path

import duckdb

from songpop.errors import expected
from songpop.warehouse.checks import Finding
from songpop.warehouse.connection import open_database
from songpop.warehouse.fingerprint import Fingerprints, compare, fingerprint
from songpop.warehouse.parquet import hash_file
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.revision import SCORES, list_changed

Digests = Mapping[tuple[str, dt.date], str]
"""The SHA-256 of each published file by (feed, week), as the snapshot has it."""

_CHECK = "parquet"


def audit_parquet(
    con: duckdb.DuckDBPyConnection,
    paths: WarehousePaths,
    committed: Fingerprints,
    waiting: AbstractSet[tuple[object, ...]],
    digests: Digests | None,
) -> list[Finding]:
    """Compare each published Parquet file with what was written, and with the private file.

    A file whose bytes are not those that were written is not read any further.

    Args:
        con: a connection to the private file.
        paths: the warehouse.
        committed: fingerprints of mart.weekly_scores by (feed, week).
        waiting: the (feed, week) pairs that await publication, whose files may be old or new.
        digests: what was written; null: nobody knows, and rows alone are compared.
    """
    scores = [part for part in list_changed(con, 0) if part.table_name == SCORES]
    known = {paths.parquet(*part.key): part for part in scores}
    published = {path: part for path, part in known.items() if part.rows_count > 0}
    findings = [
        _error(path, "no file, since its week has no scores", "one")
        for path in sorted(paths.published.rglob("*.parquet"))
        if path not in published and (path not in known or known[path].key not in waiting)
    ]
    findings += [
        _error(paths.parquet(*key), "no SHA-256 in mart.parquet_files, as it has no scores", "one")
        for key in digests or {}
        if paths.parquet(*key) not in published and key not in waiting
    ]
    for path, part in published.items():
        if part.key in waiting:
            continue
        wanted: Fingerprints = {part.key: committed.get(part.key, (0, 0))}
        findings += _audit_bytes(path, part.key, digests) or _audit_rows(path, wanted)
    return findings


def _audit_bytes(path: Path, key: tuple[str, dt.date], digests: Digests | None) -> list[Finding]:
    if not path.is_file():
        return [_error(path, "a file", "none")]
    if digests is None:
        return []
    if key not in digests:
        return [_error(path, "its SHA-256 in mart.parquet_files", "none")]
    try:
        got = hash_file(path)
    except OSError as error:
        return [_error(path, "a readable Parquet file", str(error.strerror))]
    wanted = digests[key]
    if got == wanted:
        return []
    return [_error(path, f"SHA-256 {wanted[:12]}…", f"{got[:12]}…")]


def _audit_rows(path: Path, wanted: Fingerprints) -> list[Finding]:
    try:
        with open_database() as con:
            relation = con.read_parquet(glob.escape(str(path)), hive_partitioning=False)
            got = fingerprint(relation, "feed", "week")
    except duckdb.Error as error:
        return [_error(path, "a readable Parquet file", str(error).partition("\n")[0])]
    return [
        _error(path, f"{key[0]} {key[1]} with {want}", have)
        for key, want, have in compare(wanted, got)
    ]


def _error(path: Path, wanted: str, got: str) -> Finding:
    remedy = "run `songpop repair`, which publishes everything anew"
    return Finding("error", _CHECK, str(path), expected(str(path), wanted, got, remedy))
