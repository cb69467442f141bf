"""Files copied, or linked, with the SHA-256 of what arrived."""

import hashlib
import os
import shutil
from pathlib import Path

from songpop.errors import CheckError, expected
from songpop.maintenance.manifest import BackupManifest, FileRecord
from songpop.warehouse.durable import place_folder, remove_folder

_CHUNK_BYTES = 1 << 20


def copy_file(source: Path, target: Path) -> FileRecord:
    """Copy *source* to the new file *target*, flushed to disk; return what was written.

    Raises:
        OSError: no room or no permission; it names *target* where the system names no file.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _copy(source, target)
    except OSError as error:
        if error.filename is None:
            raise OSError(error.errno, error.strerror, str(target)) from error
        raise


def _copy(source: Path, target: Path) -> FileRecord:
    digest, size_bytes = hashlib.sha256(), 0
    with source.open("rb") as reader, target.open("xb") as writer:
        while chunk := reader.read(_CHUNK_BYTES):
            digest.update(chunk)
            size_bytes += writer.write(chunk)
        writer.flush()
        os.fsync(writer.fileno())
    return FileRecord(sha256=digest.hexdigest(), size_bytes=size_bytes)


def describe_file(path: Path) -> FileRecord:
    """Return the record of a file that is there."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return FileRecord(sha256=digest, size_bytes=path.stat().st_size)


def link_file(source: Path, target: Path) -> FileRecord:
    """Give *source* a second name, which takes no room; copy it where names cannot be shared."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source.resolve(), target)
    except OSError:
        return copy_file(source, target)
    return describe_file(target)


def place_model(source: Path, final: Path) -> None:
    """Put a copy of a model's folder at *final*, whole and for good, in place of what is there.

    Args:
        source: the folder, whose files were verified.
        final: its place in a warehouse that this process holds: what an earlier, killed one left
            beside it was removed then.
    """
    aside = final.with_name(f".{final.name}.part")
    shutil.copytree(source, aside)
    if final.is_dir() and not final.is_symlink():
        remove_folder(final)
    else:
        final.unlink(missing_ok=True)
    place_folder(aside, final)


def copy_backup(folder: Path, manifest: BackupManifest, to_database: Path, models: Path) -> None:
    """Copy the files of a backup to where a warehouse has them, verified once more on the way.

    Raises:
        CheckError: a file differs from the manifest.
    """
    for name, record in manifest.files.items():
        inside = Path(name)
        is_model = inside.parts[0] == "models"
        target = models.parent / inside if is_model else to_database.with_name(inside.name)
        if copy_file(folder / name, target) != record:
            message = expected(
                f"backup {folder}", f"{name} as it was written", "another", "use another backup"
            )
            raise CheckError(message)
