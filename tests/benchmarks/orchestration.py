"""What Prefect costs: an empty flow beside the weekly one, cold, warm, against a server."""

import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from tests.benchmarks.process import Usage, alternate, median, median_ratio, run_process
from tests.benchmarks.weekly_run import (
    EMPTY_FLOW,
    REPOSITORY,
    SMALL_TRACKS,
    WEEKLY_FLOW,
    Bench,
    measure_run,
    prepare,
)
from tests.deployments.live import Live

_EMBEDDED: Final = {"PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180"}


def compare_orchestration(folder: Path, runs_count: int) -> list[str]:
    """Return the table of a quiet week of 4,600 tracks under every kind of Prefect."""
    bench = prepare(folder, SMALL_TRACKS)
    live = Live(folder)
    try:
        live.start_server()
        against = {
            name: text for name, text in live.environment().items() if name.startswith("PREFECT_")
        }
        (plain,) = alternate(runs_count, lambda: measure_run(bench))
        served = _pair(bench, runs_count, lambda: against)
    finally:
        live.close()
    home = {**_EMBEDDED, "PREFECT_HOME": str(folder / "warm")}
    warm = _pair(bench, runs_count, lambda: home)
    cold = _pair(bench, runs_count, lambda: _fresh_home(folder))
    return [
        f"### A quiet week of {SMALL_TRACKS:,} tracks under Prefect, whole processes",
        "",
        "| process | wall s | CPU s |",
        "|---|---:|---:|",
        _row("`songpop run`, without Prefect", plain),
        *_rows("a server that runs already", *served),
        *_rows("embedded API, its database made before", *warm),
        *_rows("embedded API, first run of all", *cold),
        "",
        "CPU is of the process and its children; a server's own is not in it.",
        "",
    ]


def _pair(
    bench: Bench, runs_count: int, environment: Callable[[], Mapping[str, str]]
) -> tuple[list[Usage], list[Usage]]:
    empty, weekly = alternate(
        runs_count,
        lambda: _run(bench, EMPTY_FLOW, environment()),
        lambda: _run(
            bench, WEEKLY_FLOW, environment(), str(bench.landing), str(bench.fresh_warehouse())
        ),
    )
    return empty, weekly


def _run(bench: Bench, code: str, environment: Mapping[str, str], *arguments: str) -> Usage:
    return run_process(
        [sys.executable, "-c", code, *arguments],
        cwd=bench.folder,
        environment={"PYTHONPATH": str(REPOSITORY), **environment},
    )


def _fresh_home(folder: Path) -> dict[str, str]:
    home = folder / "cold"
    shutil.rmtree(home, ignore_errors=True)
    return {**_EMBEDDED, "PREFECT_HOME": str(home)}


def _rows(where: str, empty: list[Usage], weekly: list[Usage]) -> list[str]:
    wall, cpu = (median_ratio(weekly, empty, name) for name in ("wall_seconds", "cpu_seconds"))
    return [
        _row(f"{where}: an empty flow", empty),
        _row(f"{where}: the weekly flow", weekly),
        f"| weekly / empty, turn by turn | {wall:.2f} | {cpu:.2f} |",
    ]


def _row(name: str, usages: list[Usage]) -> str:
    return (
        f"| {name} | {median(usages, 'wall_seconds'):.2f} | {median(usages, 'cpu_seconds'):.2f} |"
    )
