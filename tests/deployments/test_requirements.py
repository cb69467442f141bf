"""The requirements files: each has what the one before has, same versions and hashes."""

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = ("requirements.txt", "requirements-cluster.txt", "requirements-dev.txt")


def read_hashes(name: str) -> dict[str, set[str]]:
    """Return the hashes of each package, by its name and version."""
    blocks = re.split(r"^(?=\S)", (ROOT / name).read_text("utf-8"), flags=re.MULTILINE)
    return {
        block.split()[0]: set(re.findall(r"--hash=(sha256:[0-9a-f]{64})", block))
        for block in blocks
        if block.strip()
    }


@pytest.mark.parametrize("name", FILES)
def test_every_package_has_one_version_and_hashes(name: str) -> None:
    packages = read_hashes(name)

    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", package) for package in packages)
    assert all(packages.values())


@pytest.mark.parametrize(("fewer", "more"), list(pairwise(FILES)))
def test_larger_file_has_the_packages_of_the_smaller_one(fewer: str, more: str) -> None:
    assert read_hashes(fewer).items() <= read_hashes(more).items()


def test_file_of_the_cluster_has_what_the_extra_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = {re.split(r"[<>=]", text)[0] for text in project["optional-dependencies"]["cluster"]}

    held = {package.split("==")[0] for package in read_hashes("requirements-cluster.txt")}

    assert "prefect-dask" in wanted
    assert wanted <= held
