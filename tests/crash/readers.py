"""Processes that read a warehouse while somebody writes to it; ``python -m`` a year of that."""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from songpop.pipeline.runner import Caller
from tests.builders import week_number, write_chart
from tests.crash.label import NOW, WEEKS_AFTER, draw_rows, prepare, run_label
from tests.crash.reader import Seen
from tests.crash.readme import write_part

READERS_COUNT = 8
_YEAR_WEEKS = 52

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def reading(warehouse: Path, count: int) -> Generator[list[Seen]]:
    """Have *count* processes read a published warehouse; put what they saw into the list."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.crash.reader", str(warehouse)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(count)
    ]
    told: list[Seen] = []
    try:
        yield told
    finally:
        answers = [process.communicate("stop\n", timeout=120)[0] for process in processes]
    told += [Seen(**json.loads(answer)) for answer in answers]


def read_through(root: Path, weeks_count: int) -> list[Seen]:
    """Have eight processes read a label's warehouse while *weeks_count* further weeks are run."""
    with reading(root / "warehouse", READERS_COUNT) as told:
        for number in range(WEEKS_AFTER + 1, WEEKS_AFTER + 1 + weeks_count):
            write_chart(root / "warehouse" / "landing", week_number(number), draw_rows(number))
            run_label(root, Caller(f"run {number}", NOW))
    return told


def make_table(told: Sequence[Seen], weeks_count: int) -> str:
    """Return what the readers saw, as a line for each of them."""
    lines = [
        f"{weeks_count} weeks, a line a process:",
        "",
        "| answers | states seen | errors | mixed weeks | states that went back |",
        "|---:|---:|---:|---:|---:|",
        *(
            f"| {seen.answers:,} | {seen.revisions} | {len(seen.errors)} | {len(seen.mixed)} | "
            f"{len(seen.backwards)} |"
            for seen in told
        ),
    ]
    return "\n".join(lines)


def main() -> None:
    """Read through a year, and write the table of ``tests/crash/README.md``."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash.readers", description=__doc__)
    parser.add_argument("--weeks", type=int, default=_YEAR_WEEKS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        prepare(root)
        run_label(root, Caller("first", NOW))
        told = read_through(root, options.weeks)
    table = make_table(told, options.weeks)
    print(table)  # noqa: T201 - a command line prints
    write_part("readers", table)
    sys.exit(any(seen.errors or seen.mixed or seen.backwards for seen in told))


if __name__ == "__main__":
    main()
