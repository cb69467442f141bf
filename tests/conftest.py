"""What all tests share."""

import os
import sys

import pytest
from hypothesis import settings

# As the Makefile has it: no process compiles again what another has imported, TensorFlow say.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Shared machines stall; a slow example is no failure. The gate tries the same examples each time;
# `pytest --hypothesis-profile explore` looks for new ones.
settings.register_profile("songpop", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile("songpop")

LONGEST_FIRST = (
    "tests/deployments/test_end_to_end.py",
    "tests/crash/test_crash.py",
    "tests/songpop/pipeline/test_drift.py",
    "tests/songpop/pipeline/test_runner.py",
    "tests/songpop/pipeline/test_handover.py",
    "tests/songpop/maintenance/test_kills.py",
    "tests/songpop/maintenance/test_history.py",
    "tests/songpop/maintenance/test_repair.py",
    "tests/songpop/maintenance/test_restore.py",
    "tests/flows/test_weekly_scoring.py",
    "tests/songpop/cli/test_platforms.py",
    "tests/songpop/cli/test_convert.py",
    "tests/test_readme.py",
    "tests/songpop/cli/test_backtest.py",
    "tests/songpop/warehouse/test_invariants.py",
    "tests/songpop/cli/test_main.py",
)
"""Files that begin before all others, so that no worker waits at the end for another's."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(places)))
