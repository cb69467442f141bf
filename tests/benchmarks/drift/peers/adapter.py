"""Evidently and NannyML as detectors: every week is judged against the eight before it."""

import json
import subprocess
import uuid
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal, Self, get_args

import polars as pl

from songpop.formats.registry import load_formats
from songpop.simulate.columns import NUMBERS
from tests.benchmarks.drift.detector import Alarm
from tests.benchmarks.drift.peers.install import peers_environment, peers_python

Tool = Literal["evidently", "evidently_report", "nannyml", "nannyml_classifier"]
TOOLS: Final[tuple[Tool, ...]] = get_args(Tool)
"""What the worker runs; the report and the classifier are slow, so they have fewer weeks."""

REFERENCE_WEEKS: Final = 8
REVISION: Final = "1"
"""To be raised when what the worker measures changes."""

_NAMES = {column.headers[0]: column.name for column in load_formats()["chartmetric"].columns}
COLUMNS: Final = tuple(_NAMES[header] for header in NUMBERS)
"""The 22 numeric columns that hold something; TIDAL's popularity is empty, as in the real file."""

_WORKER = Path(__file__).with_name("worker.py")


def fingerprint_of(tool: Tool) -> str:
    """Return what a tool's answers depend on, beside the simulation."""
    return f"{tool}-{REVISION}"


class Worker:
    """A process in the environment of both tools that judges weeks with one of them."""

    def __init__(self, tool: Tool) -> None:
        self.tool: Tool = tool
        self._process = subprocess.Popen(
            [str(peers_python()), str(_WORKER)],
            env=peers_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def ask(self, reference: Sequence[Path], current: Path) -> dict[str, Any]:
        """Return what the tool measured of *current* against *reference*.

        Raises:
            RuntimeError: its process ended.
        """
        request = {
            "tool": self.tool,
            "reference": [str(path) for path in reference],
            "current": str(current),
            "columns": COLUMNS,
        }
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError(f"{self.tool}: its process has no pipes")
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.tool}: its process ended with {self._process.wait()}")
        return json.loads(line)

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()


class Peer:
    """One tool that follows a history; its weeks stand in Parquet files while they are needed.

    Args:
        worker: the process that judges.
        folder: where the files go.
        past: the files of the weeks so far.
    """

    def __init__(self, worker: Worker, folder: Path, past: Sequence[Path] = ()) -> None:
        self._worker = worker
        self._folder = folder
        self._past = list(past)
        self._own: deque[Path] = deque()
        self.name: str = worker.tool
        self.memory_weeks = REFERENCE_WEEKS
        self.fingerprint = fingerprint_of(worker.tool)

    def begin(self) -> None:
        """Forget everything: a new history begins."""
        self.end()
        self._past = []

    def copy(self) -> Self:
        """Return a detector with the same past; the files stay this one's."""
        return type(self)(self._worker, self._folder, self._past)

    def take(self, week: pl.DataFrame, weeks_to_go: int) -> None:
        """Keep a week for later references."""
        del weeks_to_go  # weeks that no reference needs do not come here
        self._past.append(self._write(week))

    def judge(self, week: pl.DataFrame) -> Alarm:
        """Judge a week by the eight before it."""
        current = self._write(week)
        reference = self._past[-REFERENCE_WEEKS:]
        figures = self._worker.ask(reference, current)
        self._past.append(current)
        del figures["cpu_seconds"]
        return Alarm("", (), figures.pop("seconds"), figures)

    def end(self) -> None:
        """Remove its own files."""
        while self._own:
            self._own.popleft().unlink()

    def _write(self, week: pl.DataFrame) -> Path:
        path = self._folder / f"{uuid.uuid4().hex}.parquet"
        week.select("week", *COLUMNS).write_parquet(path, compression="uncompressed")
        self._own.append(path)
        if len(self._own) > REFERENCE_WEEKS + 1:
            self._own.popleft().unlink()
        return path
