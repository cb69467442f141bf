"""Processes that read a warehouse while somebody writes to it."""

import json
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tests.crash.reader import Seen

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
