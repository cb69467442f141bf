"""Three simulated years of weekly runs in one process: what grows, and what does not.

``python -m tests.crash.soak`` writes its table into ``tests/crash/README.md``.
"""

import argparse
import datetime as dt
import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from songpop.pipeline.runner import Caller
from songpop.warehouse.paths import WarehousePaths
from tests.builders import week_number, write_chart
from tests.crash.label import draw_rows, run_label
from tests.crash.readme import write_part

WEEKS_COUNT = 156
REFRESH_WEEKS = 13
"""As shipped: one week in thirteen trains, all others only score."""
MOST_GROWTH = {"seconds": 1.5, "memory_bytes": 1.15, "files_count": 1.0}
"""Of medians, from the first weeks after the warm-up to the last; noise is high in seconds."""
_WARM_UP = 26
"""Weeks after which every kind of week has been seen: trained, matured, drifted."""
_PART = "soak"


@dataclass(frozen=True)
class Week:
    """What stood after a week."""

    seconds: float
    memory_bytes: int
    """Resident."""
    files_count: int
    """Open ones."""
    private_bytes: int
    snapshot_bytes: int


def run_weeks(root: Path, count: int) -> list[Week]:
    """Land and run one week after another."""
    paths = WarehousePaths(root / "warehouse")
    weeks: list[Week] = []
    for number in range(1, count + 1):
        write_chart(paths.root / "landing", week_number(number), draw_rows(number))
        now = dt.datetime.combine(week_number(number), dt.time(6), dt.UTC) + dt.timedelta(days=1)
        started = time.perf_counter()
        run_label(root, Caller(f"run {number}", now), refresh_weeks=REFRESH_WEEKS)
        weeks.append(
            Week(
                seconds=time.perf_counter() - started,
                memory_bytes=_read_memory(),
                files_count=len(os.listdir("/proc/self/fd")),  # noqa: PTH208 - names alone
                private_bytes=paths.private.stat().st_size,
                snapshot_bytes=paths.snapshot.stat().st_size,
            )
        )
    return weeks


def _read_memory() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def list_grown(weeks: list[Week]) -> list[str]:
    """Return what grew by more than MOST_GROWTH, which nothing should but what is stored."""
    first, last = _first_and_last(weeks).values()
    return [
        name
        for name, most in MOST_GROWTH.items()
        if _median(last, name) > most * _median(first, name)
    ]


def _first_and_last(weeks: list[Week]) -> dict[str, list[Week]]:
    return {
        f"weeks {_WARM_UP + 1} to {_WARM_UP + 13}": weeks[_WARM_UP : _WARM_UP + 13],
        f"weeks {len(weeks) - 12} to {len(weeks)}": weeks[-13:],
    }


def make_table(weeks: list[Week]) -> str:
    """Return what the first weeks after the warm-up and the last ones took, medians of 13."""
    rows = [
        f"| {name} | {_median(some, 'seconds'):.2f} | {_median(some, 'memory_bytes') / 1e6:.0f} | "
        f"{_median(some, 'files_count'):.0f} | {_median(some, 'private_bytes') / 1e6:.1f} | "
        f"{_median(some, 'snapshot_bytes') / 1e6:.1f} |"
        for name, some in _first_and_last(weeks).items()
    ]
    return "\n".join(
        [
            "| medians of | s a week | MB of memory | open files | private MB | snapshot MB |",
            "|---|---:|---:|---:|---:|---:|",
            *rows,
        ]
    )


def _median(weeks: list[Week], name: str) -> float:
    return statistics.median(float(getattr(week, name)) for week in weeks)


def main() -> None:
    """Run the years."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash.soak", description=__doc__)
    parser.add_argument("--weeks", type=int, default=WEEKS_COUNT)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        weeks = run_weeks(Path(folder), options.weeks)
    table = make_table(weeks)
    print(table)  # noqa: T201 - a command line prints
    write_part(_PART, table)
    grown = list_grown(weeks)
    if grown:
        sys.exit(f"grew by more than it may: {', '.join(grown)}")


if __name__ == "__main__":
    sys.exit(main())
