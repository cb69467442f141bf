"""Work in a forked child: all that it imports, changes or leaves open ends with it.

The parent imports what is slow to import and belongs to others, and runs nothing of it: the
thread pools of polars, DuckDB and Arrow start with their first use, in the child.
"""

import contextlib
import importlib
import os
import signal
import time
import warnings
from collections.abc import Callable
from typing import Final

SLOW_IMPORTS: Final = (
    "coverage",
    "duckdb",
    "hypothesis",
    "numpy",
    "pandera.polars",
    "polars",
    "pyarrow",
    "pydantic_settings",
    "pytest",
    "rich.console",
    "scipy.stats",
    "sklearn.linear_model",
    "typer",
)
_LOOK_EVERY_SECONDS = 0.02


def import_slow() -> None:
    """Import once what every child needs, and none of the code under test."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for name in SLOW_IMPORTS:
        importlib.import_module(name)


def run_in_child(work: Callable[[], int], most_seconds: float) -> int | None:
    """Run *work* in a child of its own process group, without output.

    Args:
        work: returns the exit status.
        most_seconds: after them the child and what it started are killed.

    Returns:
        The exit status, negative where a signal ended the child; null where time ran out.
    """
    with warnings.catch_warnings():
        # From Python 3.12 on; the threads are of pools that nothing has used.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if not pid:
        _be_child(work)
    ends_at = time.monotonic() + most_seconds
    try:
        while time.monotonic() < ends_at:
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
            time.sleep(_LOOK_EVERY_SECONDS)
    except BaseException:
        _kill_group(pid)
        raise
    _kill_group(pid)
    os.waitpid(pid, 0)
    return None


def _be_child(work: Callable[[], int]) -> None:
    status = 70  # EX_SOFTWARE of sysexits.h: work itself failed
    try:
        os.setsid()
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        status = work()
    finally:
        os._exit(status)


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
