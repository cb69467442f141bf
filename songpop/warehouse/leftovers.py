"""What killed runs leave behind: files that live no longer than the process that wrote them."""

import shutil
from dataclasses import dataclass
from pathlib import Path

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
    folders = [paths.scratch, *paths.models.glob("*/.*")]
    measured = [measure(folder) for folder in folders]
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    return Removed(sum(one.count for one in measured), sum(one.size_bytes for one in measured))


def measure(folder: Path) -> Removed:
    """Return the files below *folder* and their bytes; none where there is no folder."""
    sizes = [
        path.lstat().st_size for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()
    ]
    return Removed(len(sizes), sum(sizes))
