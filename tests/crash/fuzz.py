"""Mutants of real exports through the load of a run: each row is accounted for, or the file named.

``python -m tests.crash.fuzz --mutants 10000`` is the long form. A mutant is its seed, so that one
which finds something can be tried again: ``--first 1234 --mutants 1``.
"""

import argparse
import multiprocessing
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Generator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Final

import duckdb

from songpop.errors import InputError
from songpop.formats.registry import load_formats
from songpop.pipeline.discover import Discovery, Hints, discover
from songpop.pipeline.loading import load_exports, stage_exports
from songpop.pipeline.plan import Selection, plan_arriving
from songpop.pipeline.platforms import load_platform_exports
from songpop.pipeline.plausible import keep_out
from songpop.pipeline.runner import Caller, run_weeks
from songpop.pipeline.session import Session, WeekRun
from songpop.platforms.unload import unload_export
from songpop.settings import PlatformSettings, Settings
from songpop.warehouse.fingerprint import Fingerprints, fingerprint
from songpop.warehouse.writer import open_writer
from tests.crash.label import NOW
from tests.crash.mutate import Mutant, make_mutant
from tests.real_data import ROOT

MOST_SECONDS: Final = 30.0
MOST_BYTES: Final = 3 << 30
BATCH_COUNT: Final = 500
"""Mutants of one process: some memory stays with its allocators."""
PROCESSES_COUNT: Final = 2
_SUFFIXES: Final = (".csv", ".tsv", ".txt")
_LARGEST_PARENT: Final = 40_000_000


class TooSlowError(Exception):
    """A mutant took longer than it may."""


@dataclass
class Tally:
    """What became of mutants."""

    mutants: int = 0
    loaded: int = 0
    refused: int = 0
    """Exports that were refused whole, recorded as such."""
    named: int = 0
    """Files that could not be placed, each named with a remedy."""
    ignored: int = 0
    rows: Counter[str] = field(default_factory=Counter[str])
    findings: list[str] = field(default_factory=list[str])


def find_parents() -> list[Path]:
    """Return the real exports that are text, sorted; none where they are absent."""
    return sorted(
        path
        for path in ROOT.rglob("*")
        if path.suffix in _SUFFIXES
        and path.name != "setlist_truth.csv"
        and path.stat().st_size < _LARGEST_PARENT
    )


class Fuzzer:
    """A warehouse with two real weeks, into which mutants are loaded and rolled back."""

    def __init__(self, folder: Path, con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
        """Take an open writer's connection."""
        self._landing = folder / "warehouse" / "landing"
        self._session = Session(settings, load_formats(), con, "fuzz", NOW)
        self._before = self._read()
        self.tally = Tally()

    def try_mutant(self, mutant: Mutant, seed: int) -> None:
        """Load a mutant; add what became of it, and what is wrong with that."""
        shutil.rmtree(self._landing, ignore_errors=True)
        self._landing.mkdir(parents=True)
        (self._landing / mutant.name.replace("/", "_")[:250]).write_bytes(mutant.content)
        self.tally.mutants += 1
        try:
            with _within(MOST_SECONDS):
                self._load(discover(self._session, Hints(None, None)))
        except InputError as error:
            self._check_told(str(error), mutant, seed)
        except BaseException:  # noqa: BLE001 - that is what is looked for
            self._find(mutant, seed, traceback.format_exc(limit=-4))
        try:
            if self._read() != self._before:
                self._find(mutant, seed, "an earlier week changed, or something was left")
        except duckdb.Error as error:
            self._find(mutant, seed, f"the warehouse cannot be read: {error}")

    def _load(self, found: Discovery) -> None:
        con, tally = self._session.con, self.tally
        tally.ignored += len(found.ignored)
        tally.named += len(found.problems)
        for problem in found.problems:
            _require("expected" in problem, f"no remedy: {problem}")
        con.begin()
        try:
            for plan in plan_arriving(con, found.arriving):
                run = WeekRun(
                    self._session,
                    plan,
                    self._session.formats[plan.exports[0].identity.format_name],
                )
                load_exports(run, keep_out(run, stage_exports(run)))
                for arrival in run.arrivals:
                    tally.refused += arrival.kind == "refused"
                    tally.loaded += arrival.kind != "refused"
                    self._count(
                        arrival.rows_read, arrival.loaded, arrival.duplicate, arrival.quarantined
                    )
        finally:
            con.rollback()
            _drop_staged(con)
        self._load_platforms(found)

    def _load_platforms(self, found: Discovery) -> None:
        if not found.platforms:
            return
        result = load_platform_exports(self._session, found.platforms, None)
        for file in result.files:
            self.tally.refused += file.status == "refused"
            self.tally.loaded += file.status == "loaded"
            self._count(file.rows_read, file.loaded, file.duplicate, file.quarantined)
        self.tally.named += len(result.problems) + len(result.waiting)
        _forget_platforms(self._session.con)

    def _count(self, rows_read: int, loaded: int, duplicate: int, quarantined: int) -> None:
        _require(
            loaded + duplicate + quarantined == rows_read,
            f"{loaded} + {duplicate} + {quarantined} is not {rows_read}",
        )
        self.tally.rows.update(
            read=rows_read, loaded=loaded, duplicate=duplicate, quarantined=quarantined
        )

    def _check_told(self, message: str, mutant: Mutant, seed: int) -> None:
        self.tally.named += 1
        if "expected" not in message:
            self._find(mutant, seed, f"no remedy: {message}")

    def _find(self, mutant: Mutant, seed: int, what: str) -> None:
        told = f"seed {seed}, {mutant.parent}, {', '.join(mutant.mutations)}: {what}"
        self.tally.findings.append(told)

    def _read(self) -> dict[str, Fingerprints]:
        con = self._session.con
        names = ("core.track_weeks", "raw.exports", "core.weeks", "raw.quarantine")
        return {name: fingerprint(con.table(name)) for name in names}


def _drop_staged(con: duckdb.DuckDBPyConnection) -> None:
    """Drop the temporary tables of exports, which a roll-back brought back."""
    for (name,) in con.execute(
        "select table_name from duckdb_tables() where temporary and table_name like 'staged_%'"
    ).fetchall():
        con.execute(f'drop table "{name}"')


def _forget_platforms(con: duckdb.DuckDBPyConnection) -> None:
    for (sha256,) in con.execute(
        "select sha256 from raw.platform_exports where status = 'loaded'"
    ).fetchall():
        unload_export(con, sha256, NOW)


def _require(condition: bool, what: str) -> None:  # noqa: FBT001 - as an assert
    if not condition:
        raise AssertionError(what)


@contextmanager
def _within(seconds: float) -> Generator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise TooSlowError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def fuzz(folder: Path, parents: Sequence[Path], seeds: Sequence[int]) -> Tally:
    """Load the mutants of *seeds* into a warehouse below *folder* that has two real weeks."""
    settings = Settings(
        warehouse=folder / "warehouse", platforms=PlatformSettings(artist="Lady Vengeance")
    )
    landing = folder / "warehouse" / "landing"
    landing.mkdir(parents=True)
    for path in sorted((ROOT / "spotify_charts" / "us").glob("*.csv"))[:2]:
        shutil.copy(path, landing)
    run_weeks(settings, "run", Selection(), Caller("before", NOW))
    with open_writer(settings, load_formats(), "a test", NOW) as con:
        fuzzer = Fuzzer(folder, con, settings)
        for seed in seeds:
            fuzzer.try_mutant(make_mutant(parents, seed), seed)
    return fuzzer.tally


def fuzz_apart(seeds: range) -> Tally:
    """Load the mutants of *seeds* in a process that may use so much memory and no more."""
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))
    with tempfile.TemporaryDirectory() as folder:
        return fuzz(Path(folder), find_parents(), seeds)


def main() -> None:
    """Try many mutants; end with 1 where anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash.fuzz", description=__doc__)
    parser.add_argument("--mutants", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="seed of the first")
    options = parser.parse_args()
    started = time.monotonic()
    stop = options.first + options.mutants
    batches = [
        range(first, min(first + BATCH_COUNT, stop))
        for first in range(options.first, stop, BATCH_COUNT)
    ]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES_COUNT, context, max_tasks_per_child=1) as pool:
        tallies = list(pool.map(fuzz_apart, batches))
    findings = [finding for tally in tallies for finding in tally.findings]
    rows = sum((tally.rows for tally in tallies), Counter[str]())
    counts = {
        name: sum(getattr(tally, name) for tally in tallies)
        for name in ("mutants", "loaded", "refused", "named", "ignored")
    }
    print(*findings, sep="\n")  # noqa: T201 - a command line prints
    seconds = time.monotonic() - started
    print(f"{seconds:.0f} s; files {counts}; rows {dict(rows)}; {len(findings)} findings")  # noqa: T201
    sys.exit(bool(findings))


if __name__ == "__main__":
    main()
