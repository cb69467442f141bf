"""Every invariant of a warehouse, verified: what does not hold, and what to do about it."""

import errno
import hashlib
from collections.abc import Callable
from typing import Final

import duckdb

from songpop.errors import CheckError, InputError, expected, list_names
from songpop.warehouse.audit_models import audit_models
from songpop.warehouse.audit_publication import audit_publication
from songpop.warehouse.checks import Finding, run_checks
from songpop.warehouse.fingerprint import fingerprint
from songpop.warehouse.migrate import MENDED
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.reader import describe_damage, describe_missing, open_private
from songpop.warehouse.sqlfiles import list_sql, read_sql

_NOTES: Final = (
    (
        "stale weeks",
        "marts/list_stale_weeks",
        "no stale week",
        "run `songpop backfill --feed {} --from {}`",
    ),
    (
        "quarantined weeks",
        "marts/list_quarantined_weeks",
        "no quarantined week",
        (
            "see `songpop quarantine list --feed {0}`; mend and land them again, or, if it is "
            "true, `songpop accept {0} {1}`"
        ),
    ),
    (
        "refused exports",
        "marts/list_refused_exports",
        "no refused export",
        "see `songpop quarantine list`; mend and land them again, or `songpop accept` them",
    ),
    (
        "volume",
        "marts/list_volume_breaks",
        "as many rows a week as usual, within 30 %",
        "check the exports of these weeks",
    ),
    (
        "freshness",
        "marts/list_missing_weeks",
        "a week every seven days, up to the newest of all feeds",
        "land what followed {1}, then run `songpop backfill --feed {0} --from {1}`",
    ),
)
"""What a note is called, its query, what was expected, and the remedy."""

Audit = Callable[[duckdb.DuckDBPyConnection, WarehousePaths], list[Finding]]


def examine(paths: WarehousePaths, wait_seconds: float = 0.0) -> list[Finding]:
    """Verify a warehouse: its private file, its models, what is published from it.

    Args:
        paths: the warehouse.
        wait_seconds: how long to wait for a running writer.

    Returns:
        Errors and notes; none where all is well. A missing or damaged file is an error.

    Raises:
        InputError: there is no warehouse at all.
        BusyError: another process writes to it.
    """
    if not paths.tables.is_file():
        return [_describe_missing(paths)]
    try:
        with open_private(paths, "songpop doctor", wait_seconds) as con:
            return examine_open(con, paths)
    except CheckError as error:
        return [_private_finding(paths, str(error))]
    except OSError as error:
        remedy = "run the doctor as the user who runs songpop"
        if error.errno == errno.EROFS:
            remedy = "mount it for writing; nothing is said of the file itself"
        elif error.errno in {errno.ENOSPC, errno.EDQUOT}:
            remedy = "make room on its disk; nothing is said of the file itself"
        message = expected(str(paths.tables), "permission to open it", str(error), remedy)
        return [_private_finding(paths, message)]


def examine_open(con: duckdb.DuckDBPyConnection, paths: WarehousePaths) -> list[Finding]:
    """Verify a warehouse whose private file is open already; see ``examine``."""
    return _audit(con, paths, (*_PRIVATE, audit_publication, list_notes))


def examine_private(con: duckdb.DuckDBPyConnection, paths: WarehousePaths) -> list[Finding]:
    """Verify the private file and the models alone, from which the rest can be made."""
    return _audit(con, paths, _PRIVATE)


def _audit(
    con: duckdb.DuckDBPyConnection, paths: WarehousePaths, audits: tuple[Audit, ...]
) -> list[Finding]:
    findings = audit_migrations(con, paths)
    if findings:
        # Checks are written for the newest tables.
        return findings
    for audit in audits:
        try:
            findings += audit(con, paths)
        except duckdb.Error as error:
            findings.append(_private_finding(paths, describe_damage(paths, error)))
    return list(dict.fromkeys(findings))


def audit_migrations(con: duckdb.DuckDBPyConnection, paths: WarehousePaths) -> list[Finding]:
    """Compare the migrations that the file records with those that songpop ships."""
    try:
        recorded = dict(con.execute(read_sql("load/list_migrations")).fetchall())
    except duckdb.Error as error:
        return [_private_finding(paths, describe_damage(paths, error))]
    shipped = {
        name: hashlib.sha256(read_sql(name).encode()).hexdigest() for name in list_sql("migrations")
    }
    return [
        _describe_migration(name, shipped.get(name), recorded.get(name))
        for name in sorted({*shipped, *recorded})
        if shipped.get(name) != recorded.get(name)
        and (name, recorded.get(name)) not in MENDED.items()
    ]


def read_every_block(con: duckdb.DuckDBPyConnection, paths: WarehousePaths) -> list[Finding]:
    """Read each cell of each table once, so that DuckDB verifies every block's checksum."""
    del paths
    for name in con.execute(read_sql("marts/list_tables")).fetchall():
        fingerprint(con.table(f"{name[0]}.{name[1]}"))
    return []


def audit_invariants(con: duckdb.DuckDBPyConnection, paths: WarehousePaths) -> list[Finding]:
    """Run every check of sql/checks over all weeks."""
    del paths
    return run_checks(con, "warehouse")


def list_notes(con: duckdb.DuckDBPyConnection, paths: WarehousePaths) -> list[Finding]:
    """Return what awaits a person, by feed: weeks stale, kept out, unusual or missing, exports."""
    del paths
    return [
        Finding(
            "note",
            check,
            f"feed {feed}",
            expected(f"feed {feed}", wanted, list_names(names), remedy.format(feed, names[0])),
        )
        for check, query, wanted, remedy in _NOTES
        for feed, names in con.execute(read_sql(query)).fetchall()
    ]


_PRIVATE: Final[tuple[Audit, ...]] = (read_every_block, audit_invariants, audit_models)


def _describe_missing(paths: WarehousePaths) -> Finding:
    if not paths.snapshot.exists():
        hint = "run `songpop run` first, or pass --warehouse"
        raise InputError(expected(f"warehouse {paths.root}", "a warehouse", "none", hint))
    return _private_finding(paths, describe_missing(paths))


def _private_finding(paths: WarehousePaths, message: str) -> Finding:
    return Finding("error", "private file", str(paths.tables), message)


def _describe_migration(name: str, shipped: str | None, recorded: str | None) -> Finding:
    if recorded is None:
        got, remedy = "not applied", "run `songpop run`, which applies it"
    elif shipped is None:
        got, remedy = "applied, but unknown here", "install the newer songpop that applied it"
    else:
        got = f"applied as {recorded[:12]}…, now {shipped[:12]}…"
        remedy = "restore the file and put the change into a new migration"
    subject = f"sql/{name}.sql"
    return Finding("error", "migrations", subject, expected(subject, "applied", got, remedy))
