"""A model version on disk: a folder without pickles, recognised by the SHA-256 of its manifest."""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from pydantic import ValidationError

from songpop.errors import ArtefactError, expected
from songpop.model.archive import read_stacks, write_stacks
from songpop.model.candidate import Candidate
from songpop.model.inputs import InputTransform
from songpop.model.manifest import Manifest, make_manifest
from songpop.model.scorer import Scorer

MANIFEST_FILE = "manifest.json"
WEIGHTS_FILE = "weights.npz"

_REMEDY = "run `songpop repair`, which takes it from a backup, or retrain with --force-retrain"


def save_artefact(candidate: Candidate, folder: Path) -> str:
    """Write *candidate* to *folder*, whole or not at all; return its manifest's SHA-256.

    The files are written aside, flushed to disk and renamed into place, so that a crash leaves the
    folder as it was. Equal candidates give equal bytes, and so the same SHA-256; a folder that is
    there already is replaced.
    """
    contents = {WEIGHTS_FILE: write_stacks(candidate.stacks)}
    for number, content in enumerate(candidate.keras, start=1):
        name = "model.keras" if len(candidate.keras) == 1 else f"model_{number}.keras"
        contents[name] = content
    hashes = {name: _sha256(content) for name, content in sorted(contents.items())}
    manifest = make_manifest(candidate, hashes).model_dump_json().encode() + b"\n"
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    try:
        for name, content in {**contents, MANIFEST_FILE: manifest}.items():
            _write(aside / name, content)
        _rename(aside, folder)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return _sha256(manifest)


def load_artefact(folder: Path, sha256: str) -> Scorer:
    """Return the scorer of a model version, once every file has proved to be the registered one.

    Args:
        folder: the artefact.
        sha256: of its manifest, as the registry has it.

    Raises:
        ArtefactError: a file is missing, differs from what was registered, or cannot be read.
    """
    manifest = read_manifest(folder, sha256)
    contents = {name: _verified(folder / name, known) for name, known in manifest.files.items()}
    return Scorer(
        inputs=InputTransform(manifest.inputs),
        stacks=read_stacks(contents[WEIGHTS_FILE]),
        calibration=manifest.calibration,
        conformal=manifest.conformal,
    )


def hash_manifest(folder: Path) -> str:
    """Return the SHA-256 of the manifest that is there now, whatever the registry says of it.

    Raises:
        ArtefactError: the manifest is missing.
    """
    return _sha256(_read(folder / MANIFEST_FILE))


def read_manifest(folder: Path, sha256: str) -> Manifest:
    """Return what is known about a model version, without its weights.

    Raises:
        ArtefactError: the manifest is missing, differs from the registered one, or has a layout
            that this version of songpop does not know.
    """
    path = folder / MANIFEST_FILE
    content = _verified(path, sha256)
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        message = expected(str(path), "a manifest of format 1", f"{key}: {first['msg']}", _REMEDY)
        raise ArtefactError(message) from error


def read_keras_file(folder: Path, sha256: str, member: int = 0) -> bytes:
    """Return the verified bytes of a network's ``.keras`` file, for ``architecture.read_keras``.

    Raises:
        ArtefactError: as in ``load_artefact``, or the model has no such network.
    """
    manifest = read_manifest(folder, sha256)
    names = sorted(name for name in manifest.files if name.endswith(".keras"))
    if member >= len(names):
        message = expected(
            str(folder), f"a Keras file {member + 1}", f"{len(names)} of them", "ask for another"
        )
        raise ArtefactError(message)
    return _verified(folder / names[member], manifest.files[names[member]])


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "an error").lower()
        message = expected(str(path), "a file of the model", reason, _REMEDY)
        raise ArtefactError(message) from error


def _verified(path: Path, sha256: str) -> bytes:
    content = _read(path)
    got = _sha256(content)
    if got != sha256:
        raise ArtefactError(expected(str(path), f"SHA-256 {sha256}", got, _REMEDY))
    return content


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _rename(aside: Path, folder: Path) -> None:
    aside.chmod(0o755)  # mkdtemp lets nobody else read it
    former = aside.with_name(f"{aside.name}-former")
    if folder.exists():
        folder.rename(former)
    aside.rename(folder)
    shutil.rmtree(former, ignore_errors=True)
    descriptor = os.open(folder.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
