"""What killed runs leave behind: files that live no longer than the process that wrote them."""

import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from songpop.warehouse.durable import PART
from songpop.warehouse.paths import WarehousePaths


@dataclass(frozen=True)
class Removed:
    """How much was removed."""

    count: int = 0
    """Files, rows or folders; whoever returns it says which."""
    size_bytes: int = 0


def clear_leftovers(paths: WarehousePaths) -> Removed:
    """Remove what earlier, killed runs left; return the files that went.

    Args:
        paths: a warehouse that this process holds.
    """
    gone: list[Removed] = []
    for folder in (paths.scratch, *paths.models.glob("*/.*")):
        held = measure(folder)
        # What cannot be removed hinders nobody; it is tried again by the next run.
        shutil.rmtree(folder, ignore_errors=True)
        gone += [] if folder.exists() else [held]
    own = (*paths.private.parent.glob(f".*{PART}"), *paths.own.glob(f".*{PART}"))
    for part in (*paths.reports.rglob(f".*{PART}"), *own):
        size = part.lstat().st_size
        with suppress(OSError):
            part.unlink()
            gone.append(Removed(1, size))
    return Removed(sum(one.count for one in gone), sum(one.size_bytes for one in gone))


def measure(folder: Path) -> Removed:
    """Return the files below *folder* and their bytes; none where there is no folder."""
    sizes = [
        path.lstat().st_size for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()
    ]
    return Removed(len(sizes), sum(sizes))
