"""A Dask cluster of processes: a scheduler and workers, each to be killed alone."""

import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.deployments.live import free_port

_START_SECONDS = 60


@dataclass
class Cluster:
    """What runs."""

    address: str
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)


@contextmanager
def run_cluster(folder: Path, workers_count: int = 2) -> Generator[Cluster]:
    """Run a scheduler and workers of one thread each on the loopback interface."""
    port = free_port()
    cluster = Cluster(f"tcp://127.0.0.1:{port}")
    scheduler = _start(
        folder, "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"
    )
    try:
        for number in range(workers_count):
            words = (cluster.address, "--no-nanny", "--nthreads", "1", "--no-dashboard")
            place = ("--local-directory", str(folder / f"worker-{number}"))
            cluster.workers.append(_start(folder, "worker", *words, *place))
        _await_workers(cluster)
        yield cluster
    finally:
        for process in (*cluster.workers, scheduler):
            process.kill()
            process.wait()


def _start(folder: Path, what: str, *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *words]
    with (folder / f"dask-{what}.log").open("ab") as log:
        return subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)


def _await_workers(cluster: Cluster) -> None:
    from distributed import Client  # noqa: PLC0415 - an extra, and loads slowly

    deadline = time.monotonic() + _START_SECONDS
    with Client(cluster.address, timeout=_START_SECONDS) as client:
        client.wait_for_workers(len(cluster.workers), timeout=deadline - time.monotonic())
