"""Whether readers see what is committed: the snapshot and the Parquet against the private file."""

import datetime as dt
import stat
from collections.abc import Set as AbstractSet

import duckdb

from songpop.errors import CheckError, InputError, expected
from songpop.warehouse.audit_parquet import Digests, audit_parquet
from songpop.warehouse.checks import Finding
from songpop.warehouse.fingerprint import Fingerprints, compare, fingerprint
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.published import (
    Published,
    describe_lost,
    list_shown,
    published_tables,
    read_target,
    wal_beside,
)
from songpop.warehouse.query import describe_snapshot_damage, open_snapshot
from songpop.warehouse.revision import SCORES, list_changed, read_revision
from songpop.warehouse.snapshot import MODE
from songpop.warehouse.sqlfiles import list_sql, read_sql

Parts = AbstractSet[tuple[object, ...]]
"""Table, feed and week."""

_CHECK = "snapshot"
_PUBLISH = "run `songpop run`, which publishes it"
_REPUBLISH = "run `songpop repair`, which publishes everything anew"


def audit_publication(con: duckdb.DuckDBPyConnection, paths: WarehousePaths) -> list[Finding]:
    """Compare snapshot and Parquet with the private file, and files with their digests.

    Args:
        con: a connection to the private file.
        paths: the warehouse.

    Returns:
        No finding where readers see exactly what is committed. What awaits publication is one
        error together, and is not compared week by week.
    """
    committed = {
        name: fingerprint(con.table(name), "feed", "week") for name in published_tables("weekly")
    }
    findings = [*_audit_revision(con, paths), *_audit_file(paths)]
    target = read_target(con)
    waiting: Parts = set()
    digests: Digests | None = None
    try:
        with open_snapshot(paths) as snapshot:
            present = _read_present(snapshot, paths)
            waiting = {(part.table_name, *part.key) for part in list_changed(con, present.revision)}
            findings += _audit_state(paths, present, target, waiting)
            if present.layout_sha256 == target.layout_sha256:
                digests = _read_digests(snapshot, paths)
                findings += _compare_weekly(snapshot, paths, committed, waiting)
                findings += _compare_views(snapshot, paths)
            if present == target:
                findings += _compare_whole(con, snapshot, paths)
    except (InputError, CheckError) as error:
        findings.append(Finding("error", _CHECK, str(paths.snapshot), str(error)))
    unsettled = {(feed, week) for name, feed, week in waiting if name == SCORES}
    return findings + audit_parquet(con, paths, committed[SCORES], unsettled, digests)


def _audit_revision(con: duckdb.DuckDBPyConnection, paths: WarehousePaths) -> list[Finding]:
    lost = describe_lost(paths, read_revision(con))
    return [] if lost is None else [Finding("error", "private file", str(paths.tables), lost)]


def _audit_file(paths: WarehousePaths) -> list[Finding]:
    findings: list[Finding] = []
    wal = wal_beside(paths.snapshot)
    if wal.exists():
        findings.append(_error(str(wal), "no log beside the snapshot", "one", _REPUBLISH))
    if paths.publish_anew.exists():
        # Readers have whole weeks all the same, and a restore asks before it changes anything.
        wanted, got = "nothing to be made anew", "all of it asked for, by a restore or a repair"
        message = expected(str(paths.snapshot), wanted, got, _PUBLISH)
        findings.append(Finding("note", _CHECK, str(paths.snapshot), message))
    if paths.snapshot.is_file():
        mode = stat.S_IMODE(paths.snapshot.stat().st_mode)
        if mode != MODE:
            remedy = f"run `chmod {MODE:o} {paths.snapshot}`"
            findings.append(_error(str(paths.snapshot), f"mode {MODE:04o}", f"{mode:04o}", remedy))
    return findings


def _read_present(snapshot: duckdb.DuckDBPyConnection, paths: WarehousePaths) -> Published:
    try:
        row = snapshot.execute(read_sql("marts/read_published")).fetchone()
    except duckdb.Error as error:
        raise CheckError(describe_snapshot_damage(paths, error)) from error
    return Published(-1, "") if row is None else Published(*row)


def _list_shown(
    snapshot: duckdb.DuckDBPyConnection, paths: WarehousePaths
) -> list[tuple[str, dt.date]]:
    try:
        return list_shown(snapshot)
    except duckdb.Error as error:
        raise CheckError(describe_snapshot_damage(paths, error)) from error


def _read_digests(snapshot: duckdb.DuckDBPyConnection, paths: WarehousePaths) -> Digests | None:
    try:
        rows = snapshot.execute(read_sql("marts/list_parquet_files")).fetchall()
    except duckdb.Error as error:
        raise CheckError(describe_snapshot_damage(paths, error)) from error
    # Files that are being made anew may be those of the next snapshot already.
    is_settled = not paths.publish_anew.exists()
    return {(feed, week): sha256 for feed, week, sha256 in rows} if is_settled else None


def _audit_state(
    paths: WarehousePaths, present: Published, target: Published, waiting: Parts
) -> list[Finding]:
    subject = str(paths.snapshot)
    findings: list[Finding] = []
    revision = target.revision
    if present.revision < revision:
        got = f"revision {present.revision} (weekly parts to publish: {len(waiting)})"
        findings.append(_error(subject, f"revision {revision}", got, _PUBLISH))
    elif present.revision > revision and paths.publish_anew.exists():
        # Of the history that a restore replaced; without its mark, commits were lost.
        got = f"the later revision {present.revision}"
        findings.append(_error(subject, f"revision {revision}", got, _PUBLISH))
    if present.layout_sha256 != target.layout_sha256:
        wanted, got = "the tables and weeks that this songpop publishes", "others"
        message = expected(subject, wanted, got, _PUBLISH)
        findings.append(Finding("note", _CHECK, subject, message))
    return findings


def _compare_weekly(
    snapshot: duckdb.DuckDBPyConnection,
    paths: WarehousePaths,
    committed: dict[str, Fingerprints],
    waiting: Parts,
) -> list[Finding]:
    shown = set(_list_shown(snapshot, paths))
    findings: list[Finding] = []
    for name, fingerprints in committed.items():
        wanted_rows = {key: found for key, found in fingerprints.items() if key in shown}
        present_rows = _fingerprint_published(snapshot, paths, name, "feed", "week")
        findings += [
            _error(f"{name} {feed} {week} in {paths.snapshot}", wanted, got, _REPUBLISH)
            for (feed, week), wanted, got in compare(wanted_rows, present_rows)
            if (name, feed, week) not in waiting
        ]
    return findings


def _compare_views(snapshot: duckdb.DuckDBPyConnection, paths: WarehousePaths) -> list[Finding]:
    wanted = {name.rpartition("/")[2] for name in list_sql("views")}
    there = {".".join(row) for row in snapshot.execute(read_sql("marts/list_views")).fetchall()}
    return [
        _error(f"view {name} in {paths.snapshot}", "a view", "none", _REPUBLISH)
        for name in sorted(wanted - there)
    ]


def _compare_whole(
    con: duckdb.DuckDBPyConnection, snapshot: duckdb.DuckDBPyConnection, paths: WarehousePaths
) -> list[Finding]:
    return [
        _error(f"{name} in {paths.snapshot}", wanted, got, _REPUBLISH)
        for name, select in published_tables("whole").items()
        for _, wanted, got in compare(
            fingerprint(con.sql(select)), _fingerprint_published(snapshot, paths, name)
        )
    ]


def _fingerprint_published(
    snapshot: duckdb.DuckDBPyConnection, paths: WarehousePaths, name: str, *keys: str
) -> Fingerprints:
    try:
        return fingerprint(snapshot.table(name), *keys)
    except duckdb.Error as error:
        raise CheckError(describe_snapshot_damage(paths, error)) from error


def _error(subject: str, wanted: str, got: str, remedy: str) -> Finding:
    return Finding("error", _CHECK, subject, expected(subject, wanted, got, remedy))
