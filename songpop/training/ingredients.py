"""What a model depends on besides rows and settings: the code that fits it, and its packages."""

import json
from importlib.metadata import version
from types import ModuleType
from typing import Final

from songpop.evaluate import baselines, clusters, slices
from songpop.model import (
    calibration,
    conformal,
    fit_inputs,
    keras_runtime,
    logistic,
    network,
    rankmap,
    rows,
    teacher,
    train,
)
from songpop.policy import ModelKind
from songpop.training import compare

TRAINING_REVISION: Final = 1
"""Of the code that fits, calibrates and compares models. Raise it with every change of that code
that gives other weights or figures for the same rows and settings, so that no backfill takes up an
artefact of the older code as the same. Constants need no raise: they are told by themselves."""

_MODULES: Final[tuple[ModuleType, ...]] = (
    baselines,
    calibration,
    clusters,
    compare,
    conformal,
    fit_inputs,
    keras_runtime,
    logistic,
    network,
    rankmap,
    rows,
    slices,
    teacher,
    train,
)
_PACKAGES: Final = ("numpy", "scikit-learn", "scipy")
_NETWORK_PACKAGES: Final = ("keras", "tensorflow")
"""Nothing of these has a hand in a logistic model, so it outlasts their upgrades."""


def list_ingredients(kind: ModelKind) -> str:
    """Return as JSON all that two fits of the same rows and settings may differ by.

    Args:
        kind: network or logistic.

    Returns:
        The training revision, the versions of the packages that fit, and every constant of the
        modules that fit: the same text wherever these are the same.
    """
    packages = (*_PACKAGES, *(_NETWORK_PACKAGES if kind == "network" else ()))
    ingredients = {
        "revision": TRAINING_REVISION,
        "packages": {name: version(name) for name in packages},
        "constants": {module.__name__: _list_constants(module) for module in _MODULES},
    }
    return json.dumps(ingredients, sort_keys=True)


def _list_constants(module: ModuleType) -> dict[str, object]:
    """Return what has a name in capitals and a value that JSON can say."""
    return {
        name: value
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, int | float | str | tuple)
    }
