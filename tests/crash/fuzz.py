"""Mutants of real exports through the load of a run: each row is accounted for, or the file named.

``python -m tests.crash.fuzz --mutants 10000`` is the long form, which writes its line of
``tests/crash/README.md``. A mutant is its seed, so that one which finds something can be tried
again: ``--first 1234 --mutants 1``.
"""

import argparse
import datetime as dt
import math
import multiprocessing
import os
import platform
import resource
import sys
import tempfile
import textwrap
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path
from typing import Final

from tests.crash.fuzzer import OUTCOMES, Tally, open_fuzzer
from tests.crash.mutate import make_mutant
from tests.crash.readme import write_part
from tests.real_data import ROOT

MOST_BYTES: Final = 3 << 30
BATCH_COUNT: Final = 500
"""Mutants of one process: some memory stays with its allocators."""
PROCESSES_COUNT: Final = 2
WRITTEN_COUNT: Final = 1000
"""Mutants from the first on whose figures are worth a line of the README."""
_PART: Final = "mutants"
_SUFFIXES: Final = (".csv", ".tsv", ".txt")
_LARGEST_PARENT: Final = 40_000_000


def find_parents() -> list[Path]:
    """Return the real exports that are text, sorted; none where they are absent."""
    return sorted(
        path
        for path in ROOT.rglob("*")
        if path.suffix in _SUFFIXES
        and path.name != "setlist_truth.csv"
        and path.stat().st_size < _LARGEST_PARENT
    )


def fuzz(
    folder: Path, parents: Sequence[Path], seeds: Sequence[int], until: float = math.inf
) -> Tally:
    """Load the mutants of *seeds* into a warehouse below *folder*, those begun before *until*."""
    with open_fuzzer(folder) as fuzzer:
        for seed in seeds:
            if time.monotonic() < until:
                fuzzer.try_mutant(make_mutant(parents, seed), seed)
    return fuzzer.tally


def fuzz_apart(seeds: range, until: float) -> Tally:
    """Load the mutants of *seeds* in a process that may use so much memory and no more."""
    if time.monotonic() >= until:
        return Tally()
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))
    with tempfile.TemporaryDirectory() as folder:
        return fuzz(Path(folder), find_parents(), seeds, until)


def main() -> None:
    """Try many mutants; end with 1 where anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash.fuzz", description=__doc__)
    parser.add_argument("--mutants", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="seed of the first")
    parser.add_argument("--seconds", type=float, default=math.inf, help="after which none begins")
    options = parser.parse_args()
    started = time.monotonic()
    stop = options.first + options.mutants
    batches = [
        range(first, min(first + BATCH_COUNT, stop))
        for first in range(options.first, stop, BATCH_COUNT)
    ]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES_COUNT, context, max_tasks_per_child=1) as pool:
        tallies = list(pool.map(fuzz_apart, batches, repeat(started + options.seconds)))
    total = _add_up(tallies)
    line = describe(total, time.monotonic() - started)
    print(*total.findings, line, sep="\n")  # noqa: T201 - a command line prints
    if options.first == 0 and total.mutants >= WRITTEN_COUNT:
        write_part(_PART, line)
    sys.exit(bool(total.findings))


def _add_up(tallies: Sequence[Tally]) -> Tally:
    counts = {
        name: sum(getattr(tally, name) for tally in tallies) for name in ("mutants", *OUTCOMES)
    }
    rows = sum((tally.rows for tally in tallies), Counter[str]())
    findings = [finding for tally in tallies for finding in tally.findings]
    return Tally(**counts, rows=rows, findings=findings)


def describe(tally: Tally, seconds: float) -> str:
    """Return the line of the README: where, how many, and what became of them."""
    outcomes = ", ".join(f"{getattr(tally, name):,} {name}" for name in OUTCOMES)
    rows = tally.rows
    text = (
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}: {tally.mutants:,} mutants in {seconds:,.0f} s: {outcomes}; "
        f"of {rows['read']:,} rows read {rows['loaded']:,} loaded, {rows['duplicate']:,} "
        f"duplicate, {rows['quarantined']:,} quarantined; {len(tally.findings):,} findings."
    )
    return textwrap.fill(text, 120)


if __name__ == "__main__":
    main()
