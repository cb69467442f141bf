"""Whether the artefact of every registered model is there, unaltered, and nothing else."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from songpop.errors import expected
from songpop.warehouse.checks import Finding
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.sqlfiles import read_sql

MANIFEST = "manifest.json"
MODELS_CHECK: Final = "model artefacts"
_RESTORE = (
    "run `songpop repair`, which takes it from a backup; where none has it, "
    "`songpop backfill --feed {}`"
)


@dataclass(frozen=True)
class Registered:
    """A registered model, as far as its files are concerned."""

    feed: str
    version: str
    artefact_sha256: str
    """Of its manifest, which has those of its other files."""


def list_registered(con: duckdb.DuckDBPyConnection) -> list[Registered]:
    """Return every model whose artefact is kept."""
    rows = con.execute(read_sql("marts/list_artefacts")).fetchall()
    return [Registered(*row) for row in rows]


def audit_models(con: duckdb.DuckDBPyConnection, paths: WarehousePaths) -> list[Finding]:
    """Verify each registered model's manifest and files; note the folders of no model.

    Args:
        con: a connection to the private file.
        paths: the warehouse; a model's folder is ``models/<feed>/<version>``.
    """
    findings: list[Finding] = []
    for model in list_registered(con):
        folder = paths.models / model.feed / model.version
        problem = find_problem(folder, model.artefact_sha256)
        if problem is not None:
            path, wanted, got = problem
            message = expected(str(path), wanted, got, _RESTORE.format(model.feed))
            findings.append(Finding("error", MODELS_CHECK, f"model {model.version}", message))
    return findings + [_describe_orphan(folder) for folder in list_orphans(con, paths)]


def list_orphans(con: duckdb.DuckDBPyConnection, paths: WarehousePaths) -> list[Path]:
    """Return the artefact folders that no registered model owns, sorted.

    A run that was killed between putting an artefact in place and committing leaves one, and so
    does a version that was trained anew from other data. They only take room.
    """
    owned = {paths.models / model.feed / model.version for model in list_registered(con)}
    return sorted(path for path in paths.models.glob("*/*") if path not in owned)


def find_problem(folder: Path, sha256: str) -> tuple[Path, str, str] | None:
    """Return the first file that is wrong, what was expected of it, and what it is.

    Args:
        folder: of an artefact.
        sha256: that its manifest must have.
    """
    manifest = folder / MANIFEST
    try:
        text = manifest.read_bytes()
    except OSError as error:
        return manifest, "a file", error.strerror or "none"
    got = hashlib.sha256(text).hexdigest()
    if got != sha256:
        return manifest, f"SHA-256 {sha256[:12]}…", f"{got[:12]}…"
    try:
        files = {str(name): str(digest) for name, digest in json.loads(text)["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return manifest, 'a JSON object with "files"', "none"
    for name, digest in sorted(files.items()):
        problem = _find_file_problem(folder, name, digest)
        if problem is not None:
            return folder / name, *problem
    return None


def _find_file_problem(folder: Path, name: str, sha256: str) -> tuple[str, str] | None:
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        return "a file inside its folder", "one outside"
    try:
        with path.open("rb") as file:
            got = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return "a file", error.strerror or "none"
    return None if got == sha256 else (f"SHA-256 {sha256[:12]}…", f"{got[:12]}…")


def _describe_orphan(folder: Path) -> Finding:
    message = expected(
        str(folder), "a registered model", "none", "delete it, or keep it for a run that needs it"
    )
    return Finding("note", MODELS_CHECK, f"folder {folder.name}", message)
