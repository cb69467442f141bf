"""The tables of settings name every key of their sections with its default, and no other."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from songpop.settings import (
    DriftSettings,
    GateSettings,
    IngestSettings,
    OperationsSettings,
    PlatformSettings,
)

TEXT = (Path(__file__).resolve().parents[1] / "deployments" / "README.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("section", "settings"),
    [
        ("operations", OperationsSettings),
        ("ingest", IngestSettings),
        ("platforms", PlatformSettings),
        ("drift", DriftSettings),
        ("gate", GateSettings),
    ],
)
def test_table_names_every_key_with_its_default(section: str, settings: type[BaseModel]) -> None:
    table = TEXT.partition(f"### [{section}]\n")[2].partition("\n#")[0]

    documented = re.findall(r"^\| `(\w+)` \| `([^`]+)` \| \S.*\|$", table, re.MULTILINE)

    defaults = {name: str(field.default) for name, field in settings.model_fields.items()}
    assert dict(documented) == defaults
    assert len(documented) == len(defaults)
