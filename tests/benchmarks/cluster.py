"""The same large week scored by the run itself and on a Dask cluster, of which parts are killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from songpop.settings import ScoringSettings
from tests.benchmarks.lake import read_scores
from tests.benchmarks.process import run_process
from tests.benchmarks.weekly_run import REPOSITORY, WEEKLY_FLOW, Bench, prepare
from tests.deployments.live import Live
from tests.flows.dask import run_cluster

_OUTPUTS: Final = "private/scratch/**/outputs-*.parquet"
"""What workers write, a file a part."""
_FEWEST_PARTS: Final = 8
_LOOK_SECONDS: Final = 0.05


def compare_cluster(folder: Path, tracks_count: int) -> list[str]:
    """Return the table of a week scored in four ways, and whether all came to the same scores."""
    return compare_on(prepare(folder / "week", tracks_count), folder)


def compare_on(bench: Bench, folder: Path) -> list[str]:
    """Return the table for a *bench* that is prepared; *folder* takes what servers write.

    Raises:
        RuntimeError: a run was over before what should be killed was.
    """
    live = Live(folder)
    rows: list[str] = []
    found: list[object] = []
    part_rows = min(ScoringSettings().part_rows, bench.tracks_count // _FEWEST_PARTS)

    def add(words: str, environment: Mapping[str, str], warehouse: Path) -> None:
        usage = run_process(
            _command(bench, warehouse), cwd=bench.folder, environment=_with_code(environment)
        )
        found.append(read_scores(warehouse))
        rows.append(
            f"| {words} | {usage.wall_seconds:.1f} | {usage.cpu_seconds:.1f} | "
            f"{usage.peak_bytes / 1e6:.0f} |"
        )

    try:
        live.start_server()
        server = {k: text for k, text in live.environment().items() if k.startswith("PREFECT_")}
        os.environ.update(server)  # the workers' tasks report there, too
        alone = {**server, "SONGPOP_SCORING__PART_ROWS": str(part_rows)}
        with run_cluster(folder) as cluster:
            dask = {**alone, "SONGPOP_SCORING__DASK": cluster.address}
            add("the run itself", alone, bench.fresh_warehouse())
            add("two workers", dask, bench.fresh_warehouse())
            warehouse = bench.fresh_warehouse()
            _kill_run(bench, warehouse, dask)
            add("two workers, once more after a kill -9 of the run", dask, warehouse)
            warehouse = bench.fresh_warehouse()
            with _killed_once_a_part_is_scored(cluster.workers[0], warehouse):
                add("two workers, one of them killed", dask, warehouse)
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
        f"Scores of all, run ids and times apart: {'equal' if is_equal else 'DIFFERENT'}.",
        "",
    ]


def _command(bench: Bench, warehouse: Path) -> list[str]:
    return [sys.executable, "-c", WEEKLY_FLOW, str(bench.landing), str(warehouse)]


def _with_code(environment: Mapping[str, str]) -> dict[str, str]:
    return {"PYTHONPATH": str(REPOSITORY), **environment}


def _kill_run(bench: Bench, warehouse: Path, environment: Mapping[str, str]) -> None:
    """Run the week, and kill the process, which alone commits, once a part is scored."""
    process = subprocess.Popen(
        _command(bench, warehouse),
        cwd=bench.folder,
        env={**os.environ, **_with_code(environment)},
    )
    while process.poll() is None and not _has_output(warehouse):
        time.sleep(_LOOK_SECONDS)
    process.kill()
    _require_killed("run", process)


@contextmanager
def _killed_once_a_part_is_scored(
    worker: subprocess.Popen[bytes], warehouse: Path
) -> Generator[None]:
    """Kill a worker once a part is scored, while the block runs."""
    is_over = threading.Event()

    def wait() -> None:
        while not is_over.wait(_LOOK_SECONDS):
            if _has_output(warehouse):
                worker.kill()
                return

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
    if worker.poll() is None:
        raise RuntimeError("worker: expected one that is killed, got a run that had no parts")
    _require_killed("worker", worker)


def _has_output(warehouse: Path) -> bool:
    return any(warehouse.glob(_OUTPUTS))


def _require_killed(name: str, process: subprocess.Popen[bytes]) -> None:
    if process.wait() != -signal.SIGKILL:
        raise RuntimeError(f"{name}: expected one that is killed, got exit {process.returncode}")
