"""Measure whole processes: wall and CPU seconds and peak memory, as the kernel accounts them."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_RUSAGE_UNIT_BYTES = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Usage:
    """What one finished process, and the children that it waited for, used."""

    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int
    """Largest resident set of the process itself."""


def run_process(
    command: Sequence[str], *, cwd: Path, environment: Mapping[str, str] | None = None
) -> Usage:
    """Run *command* to its end and return what it used.

    Raises:
        RuntimeError: it exited with an error; the message ends with what it printed.
    """
    output, errors = cwd / "output.txt", cwd / "errors.txt"
    with output.open("wb") as sink, errors.open("wb") as error_sink:
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=cwd,
            stdout=sink,
            stderr=error_sink,
            # As where songpop is installed: modules are compiled once.
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "", **(environment or {})},
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        tail = (output.read_text(errors="replace") + errors.read_text(errors="replace"))[-2_000:]
        raise RuntimeError(f"{command} exited with {process.returncode}: {tail}")
    return Usage(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * _RUSAGE_UNIT_BYTES)


def alternate(runs_count: int, *measures: Callable[[], Usage]) -> list[list[Usage]]:
    """Run each measure once uncounted, then all of them in turn; return the usages of each.

    Turn by turn, because a shared machine's speed drifts: ratios are taken within a turn.
    """
    for measure in measures:
        measure()
    turns = [[measure() for measure in measures] for _ in range(runs_count)]
    return [list(usages) for usages in zip(*turns, strict=True)]


def median(usages: Sequence[Usage], field: str) -> float:
    """Return the median of one field."""
    return statistics.median(getattr(usage, field) for usage in usages)


def median_ratio(above: Sequence[Usage], below: Sequence[Usage], field: str) -> float:
    """Return the median of the ratios turn by turn."""
    return statistics.median(
        getattr(a, field) / getattr(b, field) for a, b in zip(above, below, strict=True)
    )
