"""A warehouse put back to what a backup holds, and readers shown it.

Everything is copied and examined in the scratch folder before anything is touched. Models go into
place first, then the private file in one rename; a mark, set before, has readers shown everything
anew by whoever publishes next. Killed at any moment, the private file is the old or the new one.
"""

import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from songpop.formats.registry import load_formats
from songpop.maintenance.copying import place_model
from songpop.maintenance.folders import drop_oldest
from songpop.maintenance.manifest import BackupManifest, read_manifest, verify_files
from songpop.maintenance.replaced import keep_present, settle_replaced, show_replaced
from songpop.maintenance.staging import stage
from songpop.settings import Settings
from songpop.warehouse.audit_models import list_orphans
from songpop.warehouse.checks import Finding
from songpop.warehouse.doctor import examine_open
from songpop.warehouse.durable import (
    remove_durably,
    remove_folder,
    replace_durably,
    write_durably,
)
from songpop.warehouse.lake import find_lake
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.publish import publish
from songpop.warehouse.published import wal_beside
from songpop.warehouse.transfer import read_file
from songpop.warehouse.writer import explained, hold_warehouse, open_held


@dataclass(frozen=True)
class RestoreReport:
    """What a restore put in place."""

    backup: Path
    made_at: dt.datetime
    """When the backup was made."""
    revision: int | None
    tables: dict[str, int]
    """Rows of each table, by name; none for a state that could not be counted."""
    models_count: int
    size_bytes: int
    replaced: Path | None
    """Where the state before is kept, for another restore; null: there was none."""
    findings: tuple[Finding, ...]
    """What the doctor says now."""


def restore(settings: Settings, backup: Path, now: dt.datetime) -> RestoreReport:
    """Make the warehouse what *backup* holds.

    Args:
        settings: of the warehouse, which may be empty or not exist.
        backup: a folder that ``back_up`` or an earlier restore wrote.
        now: names what is replaced.

    Raises:
        InputError: it is no backup.
        BusyError: another process writes to the warehouse.
        CheckError: the backup is damaged; nothing was touched.
    """
    manifest = read_manifest(backup)
    verify_files(backup, manifest)
    paths = WarehousePaths(settings.warehouse)
    with hold_warehouse(settings, "songpop restore"), explained(paths):
        settle_replaced(paths)
        staged, _ = stage(settings, backup, manifest, now)
        replaced = _put_in_place(paths, settings, staged, manifest, now)
        with open_held(settings, load_formats(settings.formats_dir), now) as con:
            publish(con, paths, rebuild=True)
            _remove_replaced_models(con, paths, replaced)
            findings = examine_open(con, paths)
        shutil.rmtree(staged.root, ignore_errors=True)
        drop_oldest(paths.replaced, settings.maintenance.backups_kept, paths.root)
    return RestoreReport(
        backup=backup,
        made_at=manifest.made_at,
        revision=manifest.revision,
        tables=manifest.tables,
        models_count=len(manifest.models),
        size_bytes=manifest.size_bytes,
        replaced=replaced,
        findings=tuple(findings),
    )


def _put_in_place(
    paths: WarehousePaths,
    settings: Settings,
    staged: WarehousePaths,
    manifest: BackupManifest,
    now: dt.datetime,
) -> Path | None:
    formats = load_formats(settings.formats_dir)
    aside = keep_present(paths, settings, now)
    write_durably(paths.publish_anew, "a restore put another history in place\n")
    remove_durably(paths.committed)
    for feed, version in sorted(manifest.models):
        source, final = staged.models / feed / version, paths.models / feed / version
        if not (final.is_dir() and _read_files(final) == _read_files(source)):
            place_model(source, final)
    if find_lake(paths) is not None:
        # In one transaction; what was there stays readable as of its time.
        with open_held(settings, formats, now) as con:
            read_file(con, staged.private, formats, now)
    else:
        # A log of the file that goes would be applied to the one that comes.
        wal_beside(paths.private).unlink(missing_ok=True)
        replace_durably(staged.private, paths.private)
    return None if aside is None else show_replaced(paths, aside)


def _read_files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def _remove_replaced_models(
    con: duckdb.DuckDBPyConnection, paths: WarehousePaths, replaced: Path | None
) -> None:
    """Remove models that the restored registry does not know and the replaced state has."""
    if replaced is None:
        return
    kept = read_manifest(replaced).models
    for folder in list_orphans(con, paths):
        if (folder.parent.name, folder.name) in kept:
            remove_folder(folder)
