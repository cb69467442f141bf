"""What a backup says of itself: ``manifest.json``, and whether its files are what it says."""

import datetime as dt
import hashlib
import re
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from songpop.errors import CheckError, InputError, expected, list_names
from songpop.warehouse.durable import write_durably

MANIFEST_FILE: Final = "manifest.json"
DATABASE_FILE: Final = "songpop.duckdb"
LOG_FILE: Final = "songpop.duckdb.wal"
"""Only beside a database that was damaged when a restore replaced it."""

_OTHER_FOLDER: Final = "pass a folder that `songpop backup` wrote, or latest"
_OTHER_BACKUP: Final = "use another backup"
_PART = r"[A-Za-z0-9_][A-Za-z0-9._-]*"
_NAME: Final = rf"(songpop\.duckdb(\.wal)?|models/{_PART}/{_PART}/{_PART})"
FileName = Annotated[str, StringConstraints(pattern=f"^{_NAME}$")]
"""No path is taken from a manifest but those that songpop writes itself."""


class FileRecord(BaseModel):
    """One file of a backup."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: str
    size_bytes: int = Field(ge=0)


class BackupManifest(BaseModel):
    """What ``manifest.json`` holds; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    """Version of this layout; another one is refused rather than guessed at."""
    made_at: dt.datetime
    warehouse: str
    """The folder that it is a backup of."""
    songpop: str
    """The version that made it."""
    revision: int | None
    """Of the private file; null: it could not be read, in a damaged state that was replaced."""
    tables: dict[str, int]
    """Rows of each table; none where the file could not be read."""
    files: dict[FileName, FileRecord]

    @classmethod
    def of(
        cls,
        root: Path,
        now: dt.datetime,
        state: tuple[int | None, dict[str, int]],
        files: dict[str, FileRecord],
    ) -> Self:
        """Return the manifest of what this songpop keeps of the warehouse *root*.

        Args:
            root: its folder.
            now: when.
            state: revision, and rows of each table.
            files: by name.
        """
        revision, tables = state
        return cls(
            made_at=now,
            warehouse=str(root.resolve()),
            songpop=version("songpop"),
            revision=revision,
            tables=tables,
            files=files,
        )

    @property
    def size_bytes(self) -> int:
        """Of all files but the manifest."""
        return sum(record.size_bytes for record in self.files.values())

    @property
    def models(self) -> set[tuple[str, str]]:
        """Feed and version of each model."""
        return {
            (parts[1], parts[2])
            for parts in (name.split("/") for name in self.files)
            if parts[0] == "models"
        }


def is_file_name(name: str) -> bool:
    """Return whether a backup may hold a file of that name."""
    return re.fullmatch(_NAME, name) is not None


def write_manifest(folder: Path, manifest: BackupManifest) -> None:
    """Write the manifest of the backup in *folder*, whose other files are there already."""
    write_durably(folder / MANIFEST_FILE, manifest.model_dump_json(indent=2) + "\n")


def read_manifest(folder: Path, remedy: str = _OTHER_FOLDER) -> BackupManifest:
    """Return what the backup in *folder* says of itself.

    Args:
        folder: of one backup.
        remedy: what an error says can be done.

    Raises:
        InputError: there is no such folder, it is no backup, or one of a layout that this songpop
            does not know.
    """
    try:
        return BackupManifest.model_validate_json((folder / MANIFEST_FILE).read_bytes())
    except OSError as error:
        reason = (error.strerror or "an error").lower()
        got = f"no {MANIFEST_FILE} ({reason})" if folder.is_dir() else "no folder"
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        got = f"a {MANIFEST_FILE} that is none" + (f" ({key}: {first['msg']})" if key else "")
    raise InputError(expected(str(folder), "a backup", got, remedy))


def verify_files(
    folder: Path, manifest: BackupManifest, remedy: str = _OTHER_BACKUP, *, reads: bool = True
) -> None:
    """Compare every file of the backup in *folder* with the manifest.

    Args:
        folder: of one backup.
        manifest: what it says of itself.
        remedy: what an error says can be done.
        reads: whether files are read and hashed; else only their sizes are compared.

    Raises:
        CheckError: files are missing or altered; the message names at most five of them.
    """
    problems = [
        f"{name} {problem}"
        for name, record in manifest.files.items()
        if (problem := _find_problem(folder / name, record, reads=reads)) is not None
    ]
    if DATABASE_FILE not in manifest.files:
        problems.append(f"{DATABASE_FILE} not listed")
    if problems:
        message = expected(
            f"backup {folder}", "every file as it was written", list_names(problems), remedy
        )
        raise CheckError(message)


def _find_problem(path: Path, record: FileRecord, *, reads: bool) -> str | None:
    if path.is_symlink() or not path.is_file():
        return "missing" if not path.exists() else "no file of its own"
    if path.stat().st_size != record.size_bytes:
        return f"of {path.stat().st_size} bytes instead of {record.size_bytes}"
    if not reads:
        return None
    try:
        with path.open("rb") as file:
            got = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return f"unreadable ({(error.strerror or 'an error').lower()})"
    return None if got == record.sha256 else "altered"
