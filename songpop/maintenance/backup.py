"""A backup: the private file and every model it names, restored once before it counts as one."""

import datetime as dt
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from songpop.errors import CheckError, InputError, expected
from songpop.formats.registry import load_formats
from songpop.maintenance.copying import copy_file, describe_file
from songpop.maintenance.folders import drop_oldest, name_aside, name_final
from songpop.maintenance.manifest import (
    DATABASE_FILE,
    BackupManifest,
    FileRecord,
    is_file_name,
    verify_files,
    write_manifest,
)
from songpop.maintenance.replaced import settle_replaced
from songpop.maintenance.staging import count_rows, stage
from songpop.settings import Settings
from songpop.warehouse.audit_models import audit_models
from songpop.warehouse.checks import Finding
from songpop.warehouse.durable import make_folder, place_folder
from songpop.warehouse.lake import find_lake
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.published import wal_beside
from songpop.warehouse.reader import describe_missing
from songpop.warehouse.revision import read_revision
from songpop.warehouse.sqlfiles import read_sql
from songpop.warehouse.transfer import write_file
from songpop.warehouse.writer import explained, hold_warehouse, open_held

_BESIDE_FILES_BYTES = 1 << 20


@dataclass(frozen=True)
class BackupReport:
    """A backup that was made and has proved to restore."""

    folder: Path
    size_bytes: int
    revision: int | None
    tables: dict[str, int]
    """Rows of each table, by name."""
    models_count: int
    removed: tuple[Path, ...]
    """Older backups that went."""


def back_up(
    settings: Settings, now: dt.datetime, to: Path | None = None, keep: int | None = None
) -> BackupReport:
    """Back up a warehouse that nobody writes to.

    Args:
        settings: of the warehouse.
        now: names the backup.
        to: the folder in which it gets one of its own; null: as the settings say.
        keep: how many of the newest stay; null: as the settings say.

    Raises:
        InputError: there is no warehouse.
        BusyError: another process writes to it.
        CheckError: the warehouse is damaged, or the backup does not restore, so that it was
            removed.
        OSError: no room or no permission; nothing is left of the backup.
    """
    require_warehouse(settings)
    paths = WarehousePaths(settings.warehouse)
    with hold_warehouse(settings, "songpop backup"), explained(paths):
        settle_replaced(paths)
        return back_up_held(settings, now, to, keep)


def require_warehouse(settings: Settings) -> None:
    """Do nothing where there is a private file.

    Raises:
        InputError: there is none.
    """
    paths = WarehousePaths(settings.warehouse)
    if paths.exists:
        return
    if paths.snapshot.exists():
        raise InputError(describe_missing(paths))
    remedy = "run `songpop run` first, or pass --warehouse"
    raise InputError(expected(f"warehouse {paths.root}", "a warehouse", "none", remedy))


def back_up_held(
    settings: Settings, now: dt.datetime, to: Path | None, keep: int | None
) -> BackupReport:
    """Back up a warehouse that this process holds; see ``back_up``."""
    root, folder = settings.warehouse, to or settings.backups_dir
    make_folder(folder)
    aside = name_aside(folder, root)
    try:
        manifest = _write(settings, aside, now)
        _prove(settings, aside, manifest, now)
        final = name_final(folder, now)
        place_folder(aside, final)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    finally:
        shutil.rmtree(WarehousePaths(root).scratch / "restored", ignore_errors=True)
    removed = drop_oldest(folder, keep or settings.maintenance.backups_kept, root)
    return BackupReport(
        folder=final,
        size_bytes=manifest.size_bytes,
        revision=manifest.revision,
        tables=manifest.tables,
        models_count=len(manifest.models),
        removed=removed,
    )


def _write(settings: Settings, aside: Path, now: dt.datetime) -> BackupManifest:
    """Copy everything into *aside*, checkpointed and closed before the copy, and say what it is."""
    paths = WarehousePaths(settings.warehouse)
    formats = load_formats(settings.formats_dir)
    with open_held(settings, formats, now) as con:
        raise_findings(f"warehouse {paths.root}", audit_models(con, paths))
        artefacts = con.execute(read_sql("marts/list_artefacts")).fetchall()
        state = read_revision(con), count_rows(con)
        if find_lake(paths) is not None:
            make_folder(aside)
            write_file(con, aside / DATABASE_FILE, formats, now)
        else:
            con.execute("checkpoint")
    files = {DATABASE_FILE: _keep_database(paths, aside)}
    for feed, name, _ in artefacts:
        files |= _copy_model(paths, aside, Path(feed) / name)
    manifest = BackupManifest.of(paths.root, now, state, files)
    write_manifest(aside, manifest)
    return manifest


def _keep_database(paths: WarehousePaths, aside: Path) -> FileRecord:
    """Copy the private file into *aside*; of a lake the file is there already."""
    if find_lake(paths) is not None:
        return describe_file(aside / DATABASE_FILE)
    if wal_beside(paths.private).exists():
        message = expected(str(paths.private), "no log after a checkpoint", "one", "try again")
        raise CheckError(message)
    _require_room(paths, aside.parent)
    return copy_file(paths.private, aside / DATABASE_FILE)


def _require_room(paths: WarehousePaths, folder: Path) -> None:
    """Refuse what cannot be finished, before a disk is full of it."""
    wanted = paths.private.stat().st_size + _BESIDE_FILES_BYTES
    for place in (folder, paths.scratch):
        free = shutil.disk_usage(place).free
        if free < wanted:
            message = expected(
                f"disk of {place}",
                f"{wanted / 1e6:,.0f} MB of room",
                f"{free / 1e6:,.0f} MB",
                "make room, or pass --to",
            )
            raise CheckError(message)


def _copy_model(paths: WarehousePaths, aside: Path, model: Path) -> dict[str, FileRecord]:
    names = [f"models/{model}/{path.name}" for path in sorted((paths.models / model).iterdir())]
    return {
        name: copy_file(paths.root / name, aside / name) for name in names if is_file_name(name)
    }


def _prove(settings: Settings, aside: Path, manifest: BackupManifest, now: dt.datetime) -> None:
    """Restore the backup into a scratch folder and have the doctor look at it."""
    verify_files(aside, manifest)
    _, findings = stage(settings, aside, manifest, now)
    raise_findings(f"backup of {settings.warehouse}", findings)


def raise_findings(subject: str, findings: Iterable[Finding]) -> None:
    """Raise the errors among the doctor's *findings* as one; do nothing without any.

    Raises:
        CheckError: there are some; the message has a line for each.
    """
    errors = [finding.message for finding in findings if finding.severity == "error"]
    if errors:
        heading = expected(subject, "no error", str(len(errors)), "see `songpop doctor`")
        raise CheckError("\n".join([heading, *errors]))
