"""The same large week scored by the run itself and on a Dask cluster, of which parts are killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from tests.benchmarks.lake import read_scores
from tests.benchmarks.process import Usage, run_process
from tests.benchmarks.weekly_run import REPOSITORY, WEEKLY_FLOW, Bench, prepare
from tests.deployments.live import Live
from tests.flows.dask import run_cluster

_OUTPUTS: Final = "private/scratch/**/outputs-*.parquet"
"""What workers write, a file a part."""
_LOOK_SECONDS: Final = 0.05


def compare_cluster(folder: Path, tracks_count: int) -> list[str]:
    """Return the table of a week scored in four ways, and whether all came to the same scores."""
    return compare_on(prepare(folder / "week", tracks_count), folder)


def compare_on(bench: Bench, folder: Path) -> list[str]:
    """Return the table for a *bench* that is prepared; *folder* takes what servers write."""
    live = Live(folder)
    rows: list[str] = []
    found: list[object] = []

    def add(words: str, usage: Usage, warehouse: Path) -> None:
        found.append(read_scores(warehouse))
        rows.append(
            f"| {words} | {usage.wall_seconds:.1f} | {usage.cpu_seconds:.1f} | "
            f"{usage.peak_bytes / 1e6:.0f} |"
        )

    try:
        live.start_server()
        server = {k: text for k, text in live.environment().items() if k.startswith("PREFECT_")}
        os.environ.update(server)  # the workers' tasks report there, too
        with run_cluster(folder) as cluster:
            dask = {**server, "SONGPOP_SCORING__DASK": cluster.address}
            warehouse = bench.fresh_warehouse()
            add("the run itself", _run(bench, warehouse, server), warehouse)
            warehouse = bench.fresh_warehouse()
            add("two workers", _run(bench, warehouse, dask), warehouse)
            warehouse = bench.fresh_warehouse()
            _kill_run(bench, warehouse, dask)
            add(
                "two workers, once more after a kill -9 of the run",
                _run(bench, warehouse, dask),
                warehouse,
            )
            warehouse = bench.fresh_warehouse()
            killer = _once_a_part_is_scored(warehouse, cluster.workers[0].kill)
            add("two workers, one of them killed", _run(bench, warehouse, dask), warehouse)
            killer.join()
            killed = cluster.workers[0].wait()
    finally:
        live.close()
    is_equal = all(scores == found[0] for scores in found)
    return [
        f"### {bench.tracks_count:,} tracks, scored by the run and on a Dask cluster",
        "",
        "| scored by | wall s | CPU s of the run | peak MB of the run |",
        "|---|---:|---:|---:|",
        *rows,
        "",
        (
            f"Scores of all, run ids and times apart: {'equal' if is_equal else 'DIFFERENT'}. "
            f"The worker ended with signal {-killed}."
        ),
        "",
    ]


def _command(bench: Bench, warehouse: Path) -> list[str]:
    return [sys.executable, "-c", WEEKLY_FLOW, str(bench.landing), str(warehouse)]


def _run(bench: Bench, warehouse: Path, environment: Mapping[str, str]) -> Usage:
    return run_process(
        _command(bench, warehouse),
        cwd=bench.folder,
        environment={"PYTHONPATH": str(REPOSITORY), **environment},
    )


def _kill_run(bench: Bench, warehouse: Path, environment: Mapping[str, str]) -> None:
    """Run the week, and kill the process, which alone commits, once a part is scored."""
    process = subprocess.Popen(
        _command(bench, warehouse),
        cwd=bench.folder,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environment},
    )
    _once_a_part_is_scored(warehouse, process.kill).join()
    if process.wait() != -signal.SIGKILL:
        raise RuntimeError(f"run: expected one that is killed, got exit {process.returncode}")


def _once_a_part_is_scored(warehouse: Path, act: Callable[[], None]) -> threading.Thread:
    def wait() -> None:
        while not list(warehouse.glob(_OUTPUTS)):
            time.sleep(_LOOK_SECONDS)
        act()

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    return thread
