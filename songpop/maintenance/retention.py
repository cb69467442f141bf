"""What a warehouse keeps no longer; never an export, a score, or a model that published one."""

import datetime as dt
from dataclasses import dataclass

import duckdb

from songpop.settings import MaintenanceSettings
from songpop.warehouse.audit_models import list_orphans
from songpop.warehouse.durable import remove_folder
from songpop.warehouse.leftovers import Removed, measure
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.publish import mark_revised
from songpop.warehouse.sqlfiles import read_sql
from songpop.warehouse.transaction import transaction


@dataclass(frozen=True)
class Retention:
    """What was older than it is kept."""

    texts: Removed
    """Texts of rejected rows; the rows themselves stay."""
    runs_count: int
    """Rows of ml.runs."""
    artefacts: Removed
    """Model folders: of versions that never scored, and of none that is registered."""


def apply_retention(
    con: duckdb.DuckDBPyConnection,
    paths: WarehousePaths,
    settings: MaintenanceSettings,
    now: dt.datetime,
) -> Retention:
    """Drop what is older than the settings say, in one transaction; then the files it named.

    Corrected and superseded scores are scores, and kept. Killed after the transaction, it leaves
    model folders that no registered version owns; the next call removes them.

    Args:
        con: the writer's connection, outside a transaction.
        paths: the warehouse.
        settings: ages in weeks; what is exactly as old is kept.
        now: from which ages count.
    """
    with transaction(con):
        texts = _drop_texts(con, now - dt.timedelta(weeks=settings.quarantine_weeks))
        runs_count = _drop_runs(con, now - dt.timedelta(weeks=settings.runs_weeks))
        before = now - dt.timedelta(weeks=settings.models_weeks)
        versions = _forget_artefacts(con, before, now)
        if runs_count or versions:
            mark_revised(con, [])
    return Retention(texts, runs_count, _remove_orphans(con, paths, before, versions))


def _drop_texts(con: duckdb.DuckDBPyConnection, before: dt.datetime) -> Removed:
    row = con.execute(read_sql("maintenance/count_texts"), {"before": before}).fetchone()
    for name in ("drop_texts", "drop_platform_texts"):
        con.execute(read_sql(f"maintenance/{name}"), {"before": before})
    return Removed() if row is None else Removed(*row)


def _drop_runs(con: duckdb.DuckDBPyConnection, before: dt.datetime) -> int:
    row = con.execute(read_sql("maintenance/drop_runs"), {"before": before}).fetchone()
    return 0 if row is None else int(row[0])


def _forget_artefacts(
    con: duckdb.DuckDBPyConnection, before: dt.datetime, now: dt.datetime
) -> set[tuple[str, str]]:
    """Say of old versions that never scored that their files are gone; return feed and version."""
    query = read_sql("maintenance/list_unused_artefacts")
    unused = con.execute(query, {"before": before}).fetchall()
    for _, version in unused:
        params = {"version": version, "removed_at": now}
        con.execute(read_sql("maintenance/mark_removed"), params)
    return {(feed, version) for feed, version in unused}


def _remove_orphans(
    con: duckdb.DuckDBPyConnection,
    paths: WarehousePaths,
    before: dt.datetime,
    versions: set[tuple[str, str]],
) -> Removed:
    """Remove folders of no registered model that are old, and those of *versions*.

    A younger one may belong to a run that was killed and will be run again.
    """
    doomed = [
        folder
        for folder in list_orphans(con, paths)
        if folder.is_dir()
        and not folder.is_symlink()
        and (
            (folder.parent.name, folder.name) in versions
            or folder.stat().st_mtime < before.timestamp()
        )
    ]
    size_bytes = sum(measure(folder).size_bytes for folder in doomed)
    for folder in doomed:
        remove_folder(folder)
    return Removed(len(doomed), size_bytes)
