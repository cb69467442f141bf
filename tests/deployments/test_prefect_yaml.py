"""deployments/prefect.yaml: Prefect ignores a key that it does not know, so this test does not."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml
from prefect.cli.deploy._models import (  # the models that `prefect deploy` reads the file with
    ConcurrencyLimitSpec,
    DeploymentConfig,
    PrefectYamlModel,
    RawScheduleConfig,
    WorkPoolConfig,
)
from pydantic import BaseModel

from deployments.automations import list_automations
from deployments.deploy import FILE
from deployments.local import POOL

ROOT = Path(__file__).resolve().parents[2]
ANCHORS = {"definitions"}
"""Where the file keeps what its deployments share; Prefect passes over it."""
NESTED: dict[str, type[BaseModel]] = {
    "deployments": DeploymentConfig,
    "schedules": RawScheduleConfig,
    "concurrency_limit": ConcurrencyLimitSpec,
    "work_pool": WorkPoolConfig,
}


def read() -> dict[str, Any]:
    return yaml.safe_load(FILE.read_text("utf-8"))


def unknown_keys(entry: dict[str, Any], model: type[BaseModel], where: str) -> Iterator[str]:
    known = {field.alias or name for name, field in model.model_fields.items()}
    for key, value in entry.items():
        if key not in known | ANCHORS:
            yield f"{where}.{key}"
        if key in NESTED:
            for one in value if isinstance(value, list) else [value]:
                yield from unknown_keys(one, NESTED[key], f"{where}.{key}")


def test_every_key_is_one_that_prefect_knows() -> None:
    assert list(unknown_keys(read(), PrefectYamlModel, "prefect.yaml")) == []


@pytest.mark.parametrize("key", ["schedulles", "work_pol", "entry_point"])
def test_mistyped_key_would_be_found(key: str) -> None:
    content = read()
    content["deployments"][0][key] = {}

    assert list(unknown_keys(content, PrefectYamlModel, "")) == [f".deployments.{key}"]


def test_prefect_accepts_its_values() -> None:
    found = PrefectYamlModel.model_validate(read())

    assert len({one.name for one in found.deployments}) == len(found.deployments)
    assert {one.work_pool.name for one in found.deployments if one.work_pool} == {POOL}


def test_entry_points_are_flows_and_parameters_theirs() -> None:
    for entry in read()["deployments"]:
        file, name = entry["entrypoint"].split(":")
        (function,) = [
            node
            for node in ast.parse((ROOT / file).read_text("utf-8")).body
            if isinstance(node, ast.FunctionDef) and node.name == name
        ]
        assert any("flow(" in ast.unparse(one) for one in function.decorator_list)
        assert set(entry["parameters"]) <= {argument.arg for argument in function.args.args}


def test_weekly_schedule_names_its_time_zone() -> None:
    (weekly,) = [entry for entry in read()["deployments"] if entry["name"] == "weekly"]

    assert all({"cron", "timezone"} <= set(schedule) for schedule in weekly["schedules"])


def test_automations_are_valid_and_of_one_name_each() -> None:
    ids = {entry["name"]: uuid4() for entry in read()["deployments"]}

    silent = list_automations(ids, None)
    loud = list_automations(ids, uuid4())

    assert len({one.name for one in loud}) == len(loud) == len(silent) + 2
    assert all(one.enabled for one in loud)
