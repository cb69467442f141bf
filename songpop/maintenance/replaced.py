"""The state that a restore replaces, kept as a backup of its own, so that it can be undone.

It takes no room while it is made: its files are second names of those that are there. It is
written under a hidden name, which it loses once the new private file is in place. Killed between,
``settle_replaced`` finds out which of the two happened.
"""

import datetime as dt
import shutil
from contextlib import suppress
from pathlib import Path

import duckdb

from songpop.errors import CheckError
from songpop.formats.registry import load_formats
from songpop.maintenance.copying import describe_file, link_file
from songpop.maintenance.folders import name_final
from songpop.maintenance.manifest import (
    DATABASE_FILE,
    LOG_FILE,
    MANIFEST_FILE,
    BackupManifest,
    FileRecord,
    is_file_name,
    read_manifest,
    write_manifest,
)
from songpop.maintenance.staging import count_rows
from songpop.settings import Settings
from songpop.warehouse.connection import open_database
from songpop.warehouse.durable import make_folder, place_folder
from songpop.warehouse.lake import find_lake
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.published import wal_beside
from songpop.warehouse.revision import read_revision
from songpop.warehouse.transfer import write_file
from songpop.warehouse.writer import open_held

_ASIDE = ".replacing.part"


def keep_present(paths: WarehousePaths, settings: Settings, now: dt.datetime) -> Path | None:
    """Keep the present private file and all models aside, under a hidden name.

    Args:
        paths: a warehouse that this process holds, settled.
        settings: those of the warehouse.
        now: the time of the restore.

    Returns:
        The hidden folder, for ``show_replaced``; null where there is nothing to keep.
    """
    if not paths.exists:
        return None
    aside = paths.replaced / _ASIDE
    make_folder(paths.replaced)
    if find_lake(paths) is not None:
        state, files = _write_tables(settings, aside, now)
        files |= _link_models(paths, aside)
        write_manifest(aside, BackupManifest.of(paths.root, now, state, files))
        return aside
    state = _read_state(paths)
    files = {DATABASE_FILE: link_file(paths.private, aside / DATABASE_FILE)}
    if wal_beside(paths.private).exists():
        files[LOG_FILE] = link_file(wal_beside(paths.private), aside / LOG_FILE)
    files |= _link_models(paths, aside)
    write_manifest(aside, BackupManifest.of(paths.root, now, state, files))
    return aside


def _write_tables(
    settings: Settings, aside: Path, now: dt.datetime
) -> tuple[tuple[int, dict[str, int]], dict[str, FileRecord]]:
    """Write the tables of a lake to a file in *aside*; return revision and rows, and the file."""
    formats = load_formats(settings.formats_dir)
    make_folder(aside)
    with open_held(settings, formats, now) as con:
        state = read_revision(con), write_file(con, aside / DATABASE_FILE, formats, now)
    return state, {DATABASE_FILE: describe_file(aside / DATABASE_FILE)}


def show_replaced(paths: WarehousePaths, aside: Path) -> Path:
    """Give what was kept aside its lasting name, after the new private file is in place."""
    final = name_final(paths.replaced, read_manifest(aside).made_at)
    place_folder(aside, final)
    return final


def settle_replaced(paths: WarehousePaths) -> Path | None:
    """Finish or forget what a killed restore was keeping; return what was finished.

    As long as the hidden folder's database is the private file itself, nothing was replaced.
    """
    aside = paths.replaced / _ASIDE
    if not aside.exists():
        return None
    database = aside / DATABASE_FILE
    is_whole = (aside / MANIFEST_FILE).is_file() and database.is_file()
    if is_whole and not _is_present(database, paths.private):
        return show_replaced(paths, aside)
    if is_whole and (aside / LOG_FILE).exists() and not wal_beside(paths.private).exists():
        # The log was taken away from a file that could not be opened, and belongs to it.
        link_file(aside / LOG_FILE, wal_beside(paths.private))
    shutil.rmtree(aside)
    return None


def _is_present(database: Path, private: Path) -> bool:
    return private.exists() and database.samefile(private)


def _read_state(paths: WarehousePaths) -> tuple[int | None, dict[str, int]]:
    """Return revision and rows by table, after folding a log in; nothing of a damaged file."""
    has_log = wal_beside(paths.private).exists()
    with (
        suppress(duckdb.Error, CheckError),
        open_database(paths.private, read_only=not has_log) as con,
    ):
        return read_revision(con), count_rows(con)
    return None, {}


def _link_models(paths: WarehousePaths, aside: Path) -> dict[str, FileRecord]:
    found = [path for path in sorted(paths.models.glob("*/*/*")) if path.is_file()]
    names = [path.relative_to(paths.root).as_posix() for path in found]
    return {
        name: link_file(paths.root / name, aside / name) for name in filter(is_file_name, names)
    }
