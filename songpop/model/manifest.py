"""The manifest of an artefact: everything of a model but its weights, in JSON."""

import platform
from importlib.metadata import version
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from songpop.model.calibration import Calibration
from songpop.model.candidate import Candidate, ModelKind
from songpop.model.conformal import Conformal
from songpop.model.evaluation import ModelMetrics
from songpop.model.inputs import InputSpec

_PACKAGES = {
    "network": ("keras", "numpy", "polars", "scikit-learn", "songpop", "tensorflow"),
    "logistic": ("numpy", "polars", "scikit-learn", "songpop"),
    "persistence": ("numpy", "polars", "songpop"),
    "constant": ("numpy", "polars", "songpop"),
}


class Manifest(BaseModel):
    """What ``manifest.json`` holds; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    """Version of this layout; another one is refused rather than guessed at."""
    kind: ModelKind
    inputs: tuple[InputSpec, ...]
    calibration: Calibration
    conformal: Conformal
    metrics: ModelMetrics
    settings: dict[str, Any]
    """As they were, including any that songpop has since renamed."""
    versions: dict[str, str]
    """Of Python and of each package that had a hand in the weights."""
    files: dict[str, str]
    """Hexadecimal SHA-256 of each other file in the folder, by name."""


def make_manifest(candidate: Candidate, files: dict[str, str]) -> Manifest:
    """Return the manifest of *candidate*, whose other files have the SHA-256 of *files*."""
    versions = {name: version(name) for name in _PACKAGES[candidate.kind]}
    return Manifest(
        kind=candidate.kind,
        inputs=candidate.inputs.specs,
        calibration=candidate.calibration,
        conformal=candidate.conformal,
        metrics=candidate.metrics,
        settings=candidate.settings.model_dump(mode="json"),
        versions={"python": platform.python_version(), **versions},
        files=files,
    )
