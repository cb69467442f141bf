"""Runs a label in children of one process, each with a fault: killed, without room, not let in.

Run as a program: it reads one request a line in JSON and answers each with a line. Children are
forked before DuckDB and polars start threads, so that none pays for imports.
"""

import datetime as dt
import importlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Generator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from songpop.errors import SongpopError
from songpop.pipeline.runner import Caller
from songpop.pipeline.session import Facts, WeekRun
from songpop.pipeline.steps import Step
from songpop.warehouse.paths import WarehousePaths
from tests.crash.checkpoints import watch_checkpoints
from tests.crash.label import run_label
from tests.crash.names import name_call

TIMEOUT_SECONDS = 120.0
MOUNT = shutil.which("mount") or "/bin/mount"
UMOUNT = shutil.which("umount") or "/bin/umount"
_IMPORTED_ON_DEMAND = (
    "matplotlib.backends.backend_svg",
    "matplotlib.figure",
    "pandera.backends.polars.register",
    "pandera.backends.polars.builtin_checks",
    "pyarrow.dataset",
    "sklearn.linear_model",
    "songpop.training.fit",
)
_CHANGING = ("fsync", "rename", "replace", "link", "unlink", "rmdir", "mkdir")
"""Functions of ``os`` that change what is on the disk, or make it last."""


@dataclass(frozen=True)
class Fault:
    """What happens to a run, and when.

    ``kind`` is ``kill``, ``full`` (no byte more fits on the file system, a tmpfs) or ``closed``
    (``folder`` is mounted again, for reading alone).
    """

    kind: str
    mark: str | None = None
    """At which of the run's marks it happens; see ``Ending.marks``."""
    delay: float = 0.0
    """Seconds after the mark; for a kill."""
    call: str | None = None
    """Instead of a mark: before which kind of call that changes files, as ``name_call`` has it."""
    number: int = 1
    """Before which call of that kind."""
    folder: str = ""
    """Below the warehouse."""


@dataclass(frozen=True)
class Request:
    """A run of the label below ``root``."""

    root: str
    run_id: str
    now: str
    """Its time, in ISO 8601."""
    fault: Fault | None = None
    timezone: str = "UTC"
    """Of the machine."""
    keeps: str = ""
    """Folder for a copy of the snapshot as it is at each mark; empty: none is kept."""


@dataclass(frozen=True)
class Ending:
    """How a run ended."""

    how: str
    """``done``, ``killed``, ``refused`` (an error that a person is told), ``failed`` (any other)
    or ``hung``."""
    told: str
    """The error, or what went wrong without stopping the run."""
    marks: list[tuple[str, float]]
    """What was about to happen, and the seconds until the next mark or the end."""
    calls: list[str]
    """Calls that change files, each with what it changes."""


class Injector:
    """The program, from the side of those who ask it."""

    def __init__(self) -> None:
        """Start it."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.inject"],
            cwd=Path(__file__).resolve().parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, request: Request) -> Ending:
        """Run a label."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(request)) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        marks = [(name, seconds) for name, seconds in answer.pop("marks")]
        return Ending(marks=marks, **answer)

    def close(self) -> None:
        """End it."""
        self._process.communicate(timeout=TIMEOUT_SECONDS)


class _Teller:
    """What a child tells its parent through a pipe, one line each, so that a kill loses none."""

    def __init__(self, pipe: int, request: Request) -> None:
        self._pipe = pipe
        self._fault = request.fault
        self._keeps = Path(request.keeps) if request.keeps else None
        self._paths = WarehousePaths(Path(request.root) / "warehouse")
        self._marks_count = 0
        self._calls = Counter[str]()

    def tell(self, kind: str, text: str) -> None:
        os.write(self._pipe, (json.dumps([kind, text]) + "\n").encode())

    def mark(self, name: str) -> None:
        self.tell("mark", name)
        fault = self._fault
        if fault is not None and fault.kind != "kill" and fault.mark == name:
            spoil(fault, self._paths.root)
        if self._keeps is not None:
            shutil.copyfile(self._paths.snapshot, self._keeps / f"{self._marks_count:03}.duckdb")
        self._marks_count += 1

    def call_step(self, step: Step, run: WeekRun) -> Facts:
        self.mark(f"{step.name} of {run.plan.name}")
        facts = step.run(run)
        self.mark(f"after {step.name} of {run.plan.name}")
        return facts

    def watch_calls(self) -> None:
        for name in _CHANGING:
            setattr(os, name, self._counted(name, getattr(os, name)))

    def _counted(self, name: str, function: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: Any, **options: Any) -> object:  # noqa: ANN401 - of any function
            told = f"{name} {_name_target(arguments[0], self._paths.root)}"
            self.tell("call", told)
            kind = name_call(told)
            self._calls[kind] += 1
            fault = self._fault
            if fault is not None and (fault.call, fault.number) == (kind, self._calls[kind]):
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments, **options)

        return call


def _name_target(target: int | str | os.PathLike[str], root: Path) -> str:
    path = Path(f"/proc/self/fd/{target}").readlink() if isinstance(target, int) else target
    return os.path.relpath(path, root)


def spoil(fault: Fault, warehouse: Path) -> None:
    """Let nothing more be written, as the fault says."""
    if fault.kind == "full":
        found = os.statvfs(warehouse)
        used = (found.f_blocks - found.f_bfree) * found.f_frsize
        change_mount(warehouse.parent, f"remount,size={used}")
    else:
        folder = warehouse / fault.folder
        mount("--bind", str(folder), str(folder))
        change_mount(folder, "remount,bind,ro")


def change_mount(folder: Path, options: str) -> None:
    """Mount what is mounted at *folder* otherwise."""
    mount("-o", options, str(folder))


def mount(*words: str) -> None:
    """Mount a file system, as root may."""
    subprocess.run([MOUNT, *words], check=True, capture_output=True)


def _run_child(request: Request, pipe: int) -> None:
    """Run the label and end this process."""
    teller = _Teller(pipe, request)
    try:
        os.environ["TZ"] = request.timezone
        time.tzset()
        teller.watch_calls()
        watch_checkpoints(teller.mark)
        teller.mark("start")
        caller = Caller(
            request.run_id, dt.datetime.fromisoformat(request.now), call=teller.call_step
        )
        problems = run_label(Path(request.root), caller)
        teller.tell("done", "\n".join(problems))
    except (SongpopError, OSError, MemoryError) as error:  # as the command line tells them
        teller.tell("refused", str(error))
    except BaseException:  # noqa: BLE001 - told to the parent, which decides
        teller.tell("failed", traceback.format_exc())
    os._exit(0)


def _follow(request: Request) -> Ending:
    """Fork a child and follow it to its end; kill it where its fault says so."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _run_child(request, writer)
    os.close(writer)
    fault = request.fault
    kill_mark = fault.mark if fault is not None and fault.kind == "kill" else None
    marks: list[tuple[str, float]] = []
    calls: list[str] = []
    how, told = "killed", ""
    for kind, text, at in _read_lines(reader, child):
        if kind == "mark":
            marks.append((text, at))
            if kill_mark == text and fault is not None:
                time.sleep(fault.delay)
                os.kill(child, signal.SIGKILL)
        elif kind == "call":
            calls.append(text)
        else:
            how, told = kind, text
    os.close(reader)
    os.waitpid(child, 0)
    ends = [at for _, at in marks[1:]] + [time.perf_counter()]
    spans = [(name, end - at) for (name, at), end in zip(marks, ends, strict=True)]
    return Ending(how, told, spans, calls)


def _read_lines(reader: int, child: int) -> Generator[tuple[str, str, float]]:
    """Yield what the child tells, with when; kill one that is silent for too long."""
    rest = b""
    while True:
        ready, _, _ = select.select([reader], [], [], TIMEOUT_SECONDS)
        if not ready:
            os.kill(child, signal.SIGKILL)
            yield "hung", f"silent for {TIMEOUT_SECONDS:.0f} s", time.perf_counter()
            return
        chunk = os.read(reader, 1 << 16)
        if not chunk:
            return
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            kind, text = json.loads(line)
            yield kind, text, time.perf_counter()


def main() -> None:
    """Answer requests until there are no more."""
    for name in _IMPORTED_ON_DEMAND:
        importlib.import_module(name)
    for line in sys.stdin:
        asked = json.loads(line)
        fault = asked.pop("fault")
        request = Request(fault=None if fault is None else Fault(**fault), **asked)
        print(json.dumps(asdict(_follow(request))), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
