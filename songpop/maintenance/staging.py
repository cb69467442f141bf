"""A backup restored into a scratch folder, to see whether it would serve."""

import datetime as dt
import shutil
from pathlib import Path

import duckdb

from songpop.errors import CheckError, expected
from songpop.formats.registry import load_formats
from songpop.maintenance.copying import copy_backup
from songpop.maintenance.manifest import BackupManifest
from songpop.settings import Settings
from songpop.warehouse.checks import Finding
from songpop.warehouse.doctor import examine_private
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.published import wal_beside
from songpop.warehouse.sqlfiles import read_sql
from songpop.warehouse.writer import bring_up_to_date, connect


def count_rows(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return the number of rows of each table of the private file, by name."""
    tables = [f"{row[0]}.{row[1]}" for row in con.execute(read_sql("marts/list_tables")).fetchall()]
    counts: dict[str, int] = {}
    for name in tables:
        row = con.table(name).aggregate("count(*)").fetchone()
        counts[name] = 0 if row is None else int(row[0])
    return counts


def stage(
    settings: Settings, folder: Path, manifest: BackupManifest, now: dt.datetime
) -> tuple[WarehousePaths, list[Finding]]:
    """Restore a backup into the scratch folder, bring it up to date and examine it there.

    Args:
        settings: those of the warehouse, which this process holds.
        folder: the backup.
        manifest: what it says of itself.
        now: the time that is recorded for migrations that it lacks.

    Returns:
        The scratch warehouse, closed and without a log, and what the doctor's private checks
        found.

    Raises:
        CheckError: a file differs, the database does not open, is newer than this songpop, or
            holds other numbers of rows than the manifest says.
    """
    staged = WarehousePaths(WarehousePaths(settings.warehouse).scratch / "restored")
    if staged.root.exists():
        shutil.rmtree(staged.root)  # what stayed of it would be taken for the backup's
    staged.scratch.mkdir(parents=True)
    copy_backup(folder, manifest, staged.private, staged.models)
    try:
        findings = _examine(settings, staged, manifest, folder, now)
    except duckdb.Error as error:
        raise CheckError(_describe(folder, str(error).partition("\n")[0])) from error
    except CheckError as error:
        raise CheckError(_describe(folder, str(error))) from error
    if wal_beside(staged.private).exists():
        raise CheckError(_describe(folder, "one that leaves a log behind"))
    return staged, findings


def _examine(
    settings: Settings,
    staged: WarehousePaths,
    manifest: BackupManifest,
    folder: Path,
    now: dt.datetime,
) -> list[Finding]:
    con = connect(staged, settings.memory_limit)
    try:
        if manifest.tables and (counts := count_rows(con)) != manifest.tables:
            names = sorted({*counts, *manifest.tables})
            first = next(name for name in names if counts.get(name) != manifest.tables.get(name))
            got = f"{counts.get(first, 0)} rows of {first} instead of {manifest.tables.get(first)}"
            raise CheckError(_describe(folder, got))
        bring_up_to_date(con, load_formats(settings.formats_dir), now)
        findings = examine_private(con, staged)
        con.execute("checkpoint")
    finally:
        con.close()
    return findings


def _describe(folder: Path, got: str) -> str:
    return expected(f"backup {folder}", "a database that serves", got, "use another backup")
