"""Files and folders that survive a power cut: written aside, synced, renamed into place."""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

PART: Final = ".part"
"""Ends the hidden name under which a file is written aside."""


def replace_durably(aside: Path, final: Path) -> None:
    """Put the finished file *aside* at *final*, at once and for good.

    A reader sees the file that was there before or the new one, never a part. Both paths must be
    on one file system; folders that *final* lacks are made.
    """
    _sync(aside)
    make_folder(final.parent)
    aside.replace(final)
    _sync(final.parent)


def place_folder(aside: Path, final: Path) -> None:
    """Put the finished folder *aside* at *final*, which does not exist, at once and for good."""
    for path in sorted(aside.rglob("*"), reverse=True):
        _sync(path)
    _sync(aside)
    make_folder(final.parent)
    aside.rename(final)
    _sync(final.parent)


def remove_folder(folder: Path) -> None:
    """Remove *folder* so that a kill in the middle leaves no part of it under its name."""
    gone = folder.with_name(f".{folder.name}.gone")
    shutil.rmtree(gone, ignore_errors=True)
    folder.rename(gone)
    _sync(gone.parent)
    shutil.rmtree(gone)


def write_durably(path: Path, content: str | bytes) -> None:
    """Put *content*, text as UTF-8, at *path*, at once and for good; make folders that it lacks."""
    make_folder(path.parent)
    aside = path.with_name(f".{path.name}{PART}")
    try:
        aside.write_bytes(content.encode() if isinstance(content, str) else content)
        replace_durably(aside, path)
    except BaseException:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise


def remove_durably(path: Path) -> bool:
    """Remove *path* for good; return whether it was there. A folder left empty goes too."""
    if not path.exists():
        return False
    path.unlink()
    _sync(path.parent)
    if not any(path.parent.iterdir()):
        path.parent.rmdir()
        _sync(path.parent.parent)
    return True


def make_folder(folder: Path) -> None:
    """Make *folder* and the folders above it that are missing, each entry synced."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync(folder.parent)


def prove_writable(folder: Path) -> None:
    """Make *folder* and write to it, so that what cannot be written later is refused now.

    Raises:
        OSError: it is a file, or nothing can be written to it; the error names the folder.
    """
    make_folder(folder)
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        # It would name the file that was tried, which a person has never heard of.
        raise OSError(error.errno, error.strerror, str(folder)) from error


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
