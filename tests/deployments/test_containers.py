"""The files for containers and Kubernetes name what exists; neither runs where the tests do."""

import json
import re
from pathlib import Path
from typing import Any

import yaml

from deployments.deploy import FILE
from deployments.local import POOL
from songpop.environment import OF_DEPLOYMENTS, PREFIX
from songpop.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deployments"
DOCKERFILE = (FOLDER / "container" / "Dockerfile").read_text(encoding="utf-8")
TEMPLATE: dict[str, Any] = json.loads((FOLDER / "kubernetes" / "pool.json").read_text("utf-8"))
COMPOSE = yaml.safe_load((FOLDER / "container" / "compose.yaml").read_text("utf-8"))
OBJECTS = list(yaml.safe_load_all((FOLDER / "kubernetes" / "songpop.yaml").read_text("utf-8")))


def texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in texts(one)]
    return [str(value)]


def names_of(kind: str) -> set[str]:
    return {one["metadata"]["name"] for one in OBJECTS if one["kind"] == kind}


def test_variables_of_the_pool_are_those_that_its_template_uses() -> None:
    used = {name for text in texts(TEMPLATE["job_configuration"]) for name in find_variables(text)}

    assert used == set(TEMPLATE["variables"]["properties"])


def find_variables(text: str) -> list[str]:
    return re.findall(r"\{\{ (\w+) \}\}", text)


def test_job_variables_of_the_deployments_are_declared_by_the_pool() -> None:
    entries = yaml.safe_load(FILE.read_text("utf-8"))["deployments"]

    for entry in entries:
        assert entry["work_pool"]["name"] == POOL
        given = set(entry["work_pool"]["job_variables"])
        assert given <= set(TEMPLATE["variables"]["properties"])


def test_pods_find_the_claims_accounts_and_servers_that_are_made() -> None:
    everything = texts(OBJECTS)
    variables = TEMPLATE["variables"]["properties"]

    assert variables["warehouse_claim"]["default"] in names_of("PersistentVolumeClaim")
    assert {variables["namespace"]["default"]} == {one["metadata"]["namespace"] for one in OBJECTS}
    for claim in re.findall(r"'claimName': '([^']+)'", str(OBJECTS)):
        assert claim in names_of("PersistentVolumeClaim")
    (url,) = (text for text in everything if text.startswith("http://"))
    assert re.fullmatch(r"http://([\w-]+):4200/api", url)[1] in names_of("Service")  # type: ignore[index] - it matched
    assert names_of("ServiceAccount") == {
        one["subjects"][0]["name"] for one in OBJECTS if one["kind"] == "RoleBinding"
    }


def test_image_holds_what_the_install_reads() -> None:
    kept = (FOLDER / "container" / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    wanted = [line.removeprefix("!") for line in kept if line.startswith("!")]

    assert all((ROOT / name).exists() for name in wanted)
    for name in re.findall(r"[\w-]+\.txt", (ROOT / "Makefile").read_text("utf-8")):
        outside = {"requirements-cluster.txt", "requirements-dev.txt", "constraints.txt"}
        assert name in {*wanted, *outside}


def test_variables_of_the_image_are_known_to_songpop() -> None:
    known = {name.upper() for name in Settings.model_fields} | OF_DEPLOYMENTS
    named = re.findall(rf"\b{PREFIX}(\w+)=", DOCKERFILE)

    assert named
    assert set(named) <= known


def test_ports_are_open_on_loopback_alone() -> None:
    ports = [port for service in COMPOSE["services"].values() for port in service.get("ports", [])]

    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)
