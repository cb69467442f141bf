"""Trials: a label is disturbed, then let through, and has to be as if nothing had happened."""

import datetime as dt
import os
import shutil
import subprocess
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from songpop.warehouse.doctor import examine
from songpop.warehouse.paths import WarehousePaths
from tests.crash.inject import UMOUNT, Ending, Fault, Injector, Request, change_mount, mount
from tests.crash.label import NOW, prepare
from tests.crash.state import State, differences, list_leftovers, read_snapshot, read_state

ROOM = "256m"
"""Of the file system that fills up, before it does."""
_PUBLISHES = "run `songpop run`, which publishes"
_UTC = "UTC"


@dataclass(frozen=True)
class Trial:
    """Faults of one run after another, and what is wrong afterwards."""

    faults: tuple[Fault, ...]
    endings: tuple[Ending, ...]
    """Of each fault's run, and of the last one, which nothing disturbed."""
    complaints: tuple[str, ...]


def count_kills(trial: Trial) -> int:
    """Return how many runs of a trial were killed."""
    return sum(ending.how == "killed" for ending in trial.endings)


class Campaign:
    """A prepared label, what an undisturbed run makes of it, and trials of the same run."""

    def __init__(self, folder: Path) -> None:
        """Prepare the label and run it once undisturbed."""
        self._template = folder / "template"
        self._root = folder / "label"
        self._injector = Injector()
        prepare(self._template)
        kept = folder / "kept"
        kept.mkdir()
        self._place()
        self.undisturbed = self._run("undisturbed", keeps=str(kept))
        assert (self.undisturbed.how, self.undisturbed.told) == ("done", "")
        self._wanted = read_state(self._root)
        assert differences(read_state(self._template), self._wanted)
        self._shown = _distinct(
            [*(read_snapshot(path) for path in sorted(kept.iterdir())), self._read_snapshot()]
        )

    @property
    def shown_count(self) -> int:
        """How many states readers see in turn."""
        return len(self._shown)

    def kill(self, faults: Sequence[Fault]) -> Trial:
        """Kill one run after another, then let one through."""
        self._place()
        endings: list[Ending] = []
        complaints: list[str] = []
        shown = 0
        for number, fault in enumerate(faults):
            ending = self._run(f"killed {number}", fault)
            endings.append(ending)
            if ending.how not in {"killed", "done"}:
                complaints.append(f"{ending.how}: {ending.told}")
            shown, told = self._look(shown)
            complaints += told
        return self._let_through(faults, endings, complaints)

    def fill(self, mark: str) -> Trial:
        """Leave no room on the disk from *mark* on, then enough."""
        fault = Fault("full", mark)
        with self._mounted():
            self._place()
            ending = self._run("full", fault)
            complaints = [*_complain_of(ending), *self._look(0)[1]]
            change_mount(self._root, f"remount,size={ROOM}")
            return self._let_through([fault], [ending], complaints)

    def close_folder(self, folder: str, mark: str) -> Trial:
        """Mount *folder* for reading alone from *mark* on, then for writing again."""
        fault = Fault("closed", mark, folder=folder)
        self._place()
        closed = self._root / "warehouse" / folder
        closed.mkdir(parents=True, exist_ok=True)
        try:
            ending = self._run("closed", fault)
        finally:
            subprocess.run([UMOUNT, str(closed)], check=False)  # not mounted if killed before
        complaints = [*_complain_of(ending), *self._look(0)[1]]
        return self._let_through([fault], [ending], complaints)

    def set_clock(self, fault: Fault, again: dt.datetime, timezone: str) -> Trial:
        """Kill a run, then run at another time of another timezone."""
        self._place()
        ending = self._run("killed", fault)
        return self._let_through([fault], [ending], self._look(0)[1], again, timezone)

    def finish(self) -> None:
        """End the injector."""
        self._injector.close()

    def _place(self) -> None:
        """Put a fresh label where every one stands, since some paths are stored."""
        warehouse = self._root / "warehouse"
        shutil.rmtree(warehouse, ignore_errors=True)
        shutil.copytree(self._template / "warehouse", warehouse)

    def _run(
        self,
        run_id: str,
        fault: Fault | None = None,
        *,
        now: dt.datetime = NOW,
        timezone: str = _UTC,
        keeps: str = "",
    ) -> Ending:
        return self._injector.run(
            Request(str(self._root), run_id, now.isoformat(), fault, timezone, keeps)
        )

    def _read_snapshot(self) -> State:
        return read_snapshot(WarehousePaths(self._root / "warehouse").snapshot)

    def _look(self, earlier: int) -> tuple[int, list[str]]:
        """Return which of the states readers see, and what is wrong with a killed label."""
        seen = self._read_snapshot()
        complaints = [
            f"doctor: {finding.message}"
            for finding in examine(WarehousePaths(self._root / "warehouse"))
            if finding.severity == "error" and _PUBLISHES not in finding.message
        ]
        if seen not in self._shown:
            near = min((differences(shown, seen) for shown in self._shown), key=len)
            return earlier, [*complaints, f"readers see what no run shows: {near[:3]}"]
        now = self._shown.index(seen)
        if now < earlier:
            complaints.append(f"readers see state {now} after state {earlier}")
        return now, complaints

    def _let_through(
        self,
        faults: Sequence[Fault],
        endings: Sequence[Ending],
        complaints: Sequence[str],
        now: dt.datetime = NOW,
        timezone: str = _UTC,
    ) -> Trial:
        last = self._run("last", now=now, timezone=timezone)
        found = list(complaints)
        if (last.how, last.told) != ("done", ""):
            found.append(f"the run after it {last.how}: {last.told}")
        else:
            found += differences(self._wanted, read_state(self._root))
            found += [f"left over: {name}" for name in list_leftovers(self._root)]
            found += self._look(self.shown_count - 1)[1]
        return Trial(tuple(faults), (*endings, last), tuple(found))

    @contextmanager
    def _mounted(self) -> Generator[None]:
        shutil.rmtree(self._root, ignore_errors=True)
        self._root.mkdir()
        mount("-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(self._root))
        try:
            yield
        finally:
            subprocess.run([UMOUNT, str(self._root)], check=True)


def can_mount() -> bool:
    """Return whether this process may mount a file system."""
    if os.geteuid() != 0:
        return False
    with tempfile.TemporaryDirectory() as folder:
        try:
            mount("-t", "tmpfs", "tmpfs", folder)
        except (OSError, subprocess.CalledProcessError):
            return False
        subprocess.run([UMOUNT, folder], check=True)
    return True


def _complain_of(ending: Ending) -> list[str]:
    """Return what is wrong with how a run met a disk that it could not write to.

    One that had nothing more to write is done.
    """
    return [] if ending.how in {"refused", "done"} else [f"{ending.how}: {ending.told}"]


def _distinct(states: list[State]) -> list[State]:
    """Return the states in order, each once."""
    kept: list[State] = []
    for state in states:
        if state not in kept:
            kept.append(state)
    return kept
