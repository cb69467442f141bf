"""What lies in the landing folder: which files are exports, and which are refused unread."""

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from songpop.errors import LandingError, expected
from songpop.ingest.landed import LandedFile, describe_mode, hash_landed, land_file, printable

__all__ = ["EXPORT_SUFFIXES", "LandedFile", "Landing", "find_exports", "hash_file", "land_file"]

EXPORT_SUFFIXES: Final = (".csv", ".csv.gz", ".csv.zst", ".parquet")
_TEMPORARY_ENDINGS: Final = (".part", ".partial", ".tmp", ".crdownload", ".filepart", "~")


@dataclass(frozen=True, slots=True)
class Landing:
    """What a landing folder holds."""

    files: tuple[LandedFile, ...]
    """Exports, oldest first; files of one time by name."""
    ignored: tuple[str, ...]
    """Hidden, temporary and other files, relative to the folder, sorted."""
    refused: tuple[str, ...]
    """One message each for links, devices and pipes, which are never followed; sorted."""


def find_exports(landing: Path, more_suffixes: Iterable[str] = ()) -> Landing:
    """List *landing* and its subfolders; their names mean nothing.

    Args:
        landing: the folder; an absent one holds nothing.
        more_suffixes: what formats declare beside .csv, .csv.gz, .csv.zst and .parquet.

    Raises:
        LandingError: the folder cannot be listed.
    """
    suffixes = (*EXPORT_SUFFIXES, *(suffix.casefold() for suffix in more_suffixes))
    files: list[LandedFile] = []
    ignored: list[str] = []
    refused: list[str] = []
    for path, relative in _walk(landing):
        name = printable(relative)
        try:
            found = path.lstat()
        except FileNotFoundError:
            # Whoever took it away between the listing and now will put it back, or not.
            continue
        if not (stat.S_ISREG(found.st_mode) or _is_hidden(relative)):
            wanted = "a regular file"
            remedy = "put the export itself there"
            refused.append(expected(name, wanted, describe_mode(found.st_mode), remedy))
        elif _is_ignored(relative, suffixes):
            ignored.append(name)
        else:
            files.append(LandedFile(path, found.st_size, found.st_mtime_ns, landing))
    files.sort(key=lambda file: (file.modified_ns, os.fsencode(file.path)))
    return Landing(tuple(files), tuple(sorted(ignored)), tuple(sorted(refused)))


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes as they landed, compressed if they are.

    Raises:
        LandingError: it is absent, no regular file, or changed while it was read.
    """
    return hash_landed(land_file(path))


def _walk(landing: Path) -> Iterator[tuple[Path, str]]:
    if not landing.exists():
        return

    def fail(error: OSError) -> None:
        words = (error.strerror or type(error).__name__).lower()
        remedy = "check the path and its permissions"
        name = f"landing folder {printable(landing)}"
        raise LandingError(expected(name, "a readable folder", words, remedy)) from error

    for folder, folders, names in os.walk(landing, onerror=fail, followlinks=False):
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        folders[:] = sorted(name for name in folders if not _is_hidden(name))
        for name in sorted([*names, *links]):
            path = Path(folder) / name
            yield path, str(path.relative_to(landing))


def _is_hidden(relative: str) -> bool:
    return relative.rsplit(os.sep, maxsplit=1)[-1].startswith(".")


def _is_ignored(relative: str, suffixes: tuple[str, ...]) -> bool:
    name = relative.rsplit(os.sep, maxsplit=1)[-1].casefold()
    is_temporary = name.endswith(_TEMPORARY_ENDINGS) or name.startswith(("~", "#"))
    return _is_hidden(name) or is_temporary or not name.endswith(suffixes)
