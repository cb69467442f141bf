"""Where the real exports are, for the tests and benchmarks that read them."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "shared" / "data"


def real_data(name: str) -> Path:
    """Return the path of the real export *name*; skip the test, saying so, where it is absent."""
    path = ROOT / name
    if not path.exists():
        pytest.skip(f"real data absent: expected ../shared/data/{name} beside the checkout")
    return path
