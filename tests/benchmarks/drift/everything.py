"""The whole drift benchmark: what is missing is judged and measured, then the table is written."""

from collections.abc import Callable
from typing import Final

from tests.benchmarks.drift.realism import keep_realism
from tests.benchmarks.drift.report import write_report
from tests.benchmarks.drift.run import HISTORIES, open_detector, run_size
from tests.benchmarks.drift.speed import keep_speed
from tests.benchmarks.drift.tables import SIZES

_MEASURES: Final[tuple[Callable[[], None], ...]] = (keep_speed, keep_realism)


def run_drift() -> list[str]:
    """Go on with the benchmark until nothing is missing; return what the README says then."""
    for measure in _MEASURES:
        measure()
    for tracks in SIZES:
        for name in HISTORIES:
            with open_detector(name) as detector:
                run_size(detector, tracks)
    return write_report()
