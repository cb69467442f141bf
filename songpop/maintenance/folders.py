"""The folders in which backups stand: which there are, how they are called, which may go."""

import datetime as dt
import hashlib
import re
import shutil
from pathlib import Path
from typing import Final

from songpop.errors import InputError, expected
from songpop.maintenance.manifest import read_manifest
from songpop.warehouse.durable import remove_folder

LATEST: Final = "latest"
_NAME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ(-\d+)?")


def list_backups(folder: Path) -> list[Path]:
    """Return what is named like a backup in *folder*, oldest first; whole or not."""
    if not folder.is_dir():
        return []
    found = [path for path in folder.iterdir() if path.is_dir() and _NAME.fullmatch(path.name)]
    return sorted(found, key=_order)


def find_backup(folder: Path, wanted: str) -> Path:
    """Return the folder that *wanted* names: a path, or ``latest`` of those in *folder*.

    Raises:
        InputError: *folder* has none.
    """
    if wanted != LATEST:
        return Path(wanted)
    backups = list_backups(folder)
    if not backups:
        remedy = "pass the folder of one, or make one with `songpop backup`"
        raise InputError(expected(str(folder), "a backup", "none", remedy))
    return backups[-1]


def name_aside(folder: Path, root: Path) -> Path:
    """Return where in *folder* the next backup of the warehouse *root* is written, emptied.

    Warehouses may share a folder of backups: each has a name of its own for what is unfinished.
    """
    digest = hashlib.sha256(str(root.resolve()).encode()).hexdigest()[:12]
    aside = folder / f".{digest}.part"
    if aside.exists():
        shutil.rmtree(aside)  # what stayed of it would be part of the next backup
    return aside


def name_final(folder: Path, now: dt.datetime) -> Path:
    """Return a free name for a backup that is made at *now*, like ``2026-11-26T10-00-00Z``."""
    stamp = now.astimezone(dt.UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    final, number = folder / stamp, 1
    while final.exists() or final.is_symlink():
        number += 1
        final = folder / f"{stamp}-{number}"
    return final


def drop_oldest(folder: Path, keep: int, root: Path) -> tuple[Path, ...]:
    """Remove all but the newest *keep* backups of the warehouse *root* in *folder*.

    Those of other warehouses, and what has no readable manifest, stay and do not count.
    """
    for leftover in folder.glob(".*Z*.gone"):
        shutil.rmtree(leftover, ignore_errors=True)
    own = [path for path in list_backups(folder) if not path.is_symlink() and _is_of(path, root)]
    doomed = tuple(own[: max(len(own) - keep, 0)])
    for path in doomed:
        remove_folder(path)
    return doomed


def _is_of(folder: Path, root: Path) -> bool:
    try:
        manifest = read_manifest(folder)
    except InputError:
        return False
    return manifest.warehouse == str(root.resolve()) or folder.resolve().is_relative_to(
        root.resolve()
    )


def _order(path: Path) -> tuple[str, int]:
    stamp, _, number = path.name.partition("Z")
    return stamp, int(number.removeprefix("-") or 1)
