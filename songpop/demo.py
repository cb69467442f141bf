"""The simulated small label that shows the whole path where no export has landed yet."""

from pathlib import Path
from typing import Final

from songpop.simulate import parse_fault, simulate
from songpop.warehouse.paths import WarehousePaths

DEMO_FEED: Final = "demo"
DEMO_WEEKS_COUNT: Final = 16
DEMO_TRACKS_COUNT: Final = 2_000
_SEED: Final = 7
# Dirty rows in week 3, a corrected export of week 7, and from week 12 on one platform doubles.
_FAULTS: Final = ("dirty@3", "correct@7", "scale:TikTok Views:2@12")


def demo_landing(paths: WarehousePaths) -> Path:
    """Return the folder of the demo's exports, apart from the real landing folder."""
    return paths.root / "demo"


def write_demo(paths: WarehousePaths) -> list[Path]:
    """Write the demo's exports; files that are there already are written again, byte for byte."""
    faults = [parse_fault(text) for text in _FAULTS]
    return simulate(DEMO_WEEKS_COUNT, DEMO_TRACKS_COUNT, _SEED, demo_landing(paths), faults)
