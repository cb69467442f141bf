import json
from types import ModuleType

import pytest

from songpop.evaluate import baselines
from songpop.model import rankmap, teacher, train
from songpop.policy import ModelKind
from songpop.training import ingredients
from songpop.training.ingredients import list_ingredients

KINDS: tuple[ModelKind, ...] = ("network", "logistic")


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_code_and_packages_are_told_alike(kind: ModelKind) -> None:
    assert list_ingredients(kind) == list_ingredients(kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("module", "name"),
    [
        (ingredients, "TRAINING_REVISION"),
        (teacher, "MOST_TREES"),
        (teacher, "_EDGE"),
        (rankmap, "KNOTS_COUNT"),
        (train, "INVERSE_STRENGTHS"),
        (baselines, "INVERSE_STRENGTHS"),
    ],
)
def test_other_code_is_told_apart(
    monkeypatch: pytest.MonkeyPatch, kind: ModelKind, module: ModuleType, name: str
) -> None:
    before = list_ingredients(kind)
    value = getattr(module, name)
    monkeypatch.setattr(module, name, value[1:] if isinstance(value, tuple) else value + 1)

    assert list_ingredients(kind) != before


@pytest.mark.parametrize(
    ("package", "changed"),
    [
        ("tensorflow", {"network"}),
        ("keras", {"network"}),
        ("scikit-learn", {"network", "logistic"}),
        ("numpy", {"network", "logistic"}),
        ("polars", set[str]()),
    ],
)
def test_another_version_of_a_package_is_told_where_it_fits(
    monkeypatch: pytest.MonkeyPatch, package: str, changed: set[str]
) -> None:
    before = {kind: list_ingredients(kind) for kind in KINDS}
    known = ingredients.version

    def answer(name: str) -> str:
        return "99.0" if name == package else known(name)

    monkeypatch.setattr(ingredients, "version", answer)

    assert {kind for kind in KINDS if list_ingredients(kind) != before[kind]} == changed


def test_a_reader_finds_the_constants_by_module() -> None:
    told = json.loads(list_ingredients("network"))

    assert told["constants"]["songpop.model.rankmap"]["KNOTS_COUNT"] == rankmap.KNOTS_COUNT
    assert told["revision"] == ingredients.TRAINING_REVISION
