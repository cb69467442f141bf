"""One landed file: described, opened without following links, and watched for changes."""

import hashlib
import os
import shlex
import stat
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, cast

from songpop.errors import LandingError, expected

_NAME_SHOWN_CHARACTERS: Final = 200
_HASHED_BYTES: Final = 4 << 20


@dataclass(frozen=True, slots=True)
class LandedFile:
    """One regular file as it lay in the landing folder."""

    path: Path
    size_bytes: int
    modified_ns: int
    """Time of the last change, in nanoseconds since 1970."""
    landing: Path | None = None
    """The landing folder that it was found in; null where it was named directly."""

    @property
    def shown(self) -> str:
        """What messages call it: its path within the landing folder, safe to print."""
        return self.name if self.landing is None else printable(self.path.relative_to(self.landing))

    @property
    def name(self) -> str:
        """The file's name as text that is safe to store and to print."""
        return printable(self.path.name)

    @property
    def shell_word(self) -> str:
        """Its path as a shell takes it; ``FILE`` where that cannot be printed."""
        text = str(self.path)
        if not text.isprintable():
            return "FILE"
        return shlex.quote(f"./{text}" if text.startswith("-") else text)

    @property
    def kind(self) -> str:
        """How it is read: ``csv``, ``gz``, ``zst`` or ``parquet``."""
        suffix = self.path.suffix.casefold().removeprefix(".")
        return suffix if suffix in {"gz", "zst", "parquet"} else "csv"


def land_file(path: Path) -> LandedFile:
    """Describe the file at *path*.

    Raises:
        LandingError: it is absent, or no regular file.
    """
    try:
        found = path.lstat()
    except (OSError, ValueError) as error:
        raise _unreadable(printable(path), error) from error
    if not stat.S_ISREG(found.st_mode):
        got = describe_mode(found.st_mode)
        remedy = "put the export itself there"
        raise LandingError(expected(printable(path), "a regular file", got, remedy))
    return LandedFile(path, found.st_size, found.st_mtime_ns)


@contextmanager
def open_landed(file: LandedFile) -> Generator[BinaryIO]:
    """Open *file*, never through a link, and check before and after that it has not changed.

    Raises:
        LandingError: it vanished, is no regular file, changed while it was read, or its disk
            does not give its bytes.
    """
    # O_NONBLOCK: a pipe that took the file's place must not hang the run.
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        number = os.open(file.path, flags)
    except OSError as error:
        raise _unreadable(file.shown, error) from error
    try:
        _check_unchanged(file, os.fstat(number))
        # A duplicate, since readers close what they are given, and the last look needs it open.
        with os.fdopen(os.dup(number), "rb", buffering=0) as raw:
            yield cast("BinaryIO", raw)
        _check_unchanged(file, os.fstat(number))
    except OSError as error:
        raise _unreadable(file.shown, error) from error
    finally:
        os.close(number)


def hash_landed(file: LandedFile) -> str:
    """Return the SHA-256 of the bytes of *file*.

    Raises:
        LandingError: as for open_landed.
    """
    digest = hashlib.sha256()
    with open_landed(file) as raw:
        while chunk := raw.read(_HASHED_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def describe_mode(mode: int) -> str:
    """Say what a file of the given mode is, where it is no regular one."""
    kinds = (
        (stat.S_ISLNK, "a symbolic link"),
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISFIFO, "a pipe"),
        (stat.S_ISSOCK, "a socket"),
    )
    return next((words for is_kind, words in kinds if is_kind(mode)), "a device")


def printable(name: str | Path) -> str:
    """Return *name* without control characters and without bytes that are no text."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    safe = "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text
    )
    return safe if len(safe) <= _NAME_SHOWN_CHARACTERS else safe[:_NAME_SHOWN_CHARACTERS] + "…"


def _check_unchanged(file: LandedFile, now: os.stat_result) -> None:
    is_same = (now.st_size, now.st_mtime_ns) == (file.size_bytes, file.modified_ns)
    if not (is_same and stat.S_ISREG(now.st_mode)):
        got = "one that changed while it was read"
        remedy = "wait until it is written and run again"
        raise LandingError(expected(file.shown, "a file at rest", got, remedy))


def _unreadable(name: str, error: Exception) -> LandingError:
    words = getattr(error, "strerror", None) or str(error) or type(error).__name__
    remedy = "put it there again"
    if isinstance(error, PermissionError):
        remedy = "make it and its folder readable for the user who runs songpop"
    message = expected(name, "a readable file", str(words).lower(), remedy)
    return LandingError(message)
