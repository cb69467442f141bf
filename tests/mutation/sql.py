"""``python -m tests.mutation.sql``: faults in the SQL that labels are made of, one at a time.

A fault replaces one operator, function, keyword, parameter or number. A fault that the tests of
``tests/songpop/labels`` do not notice is printed.
"""

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pytest

from tests.mutation.children import import_slow, run_in_child
from tests.mutation.mutants import ROOT
from tests.mutation.tracing import PYTEST_OPTIONS

_LEAST: Final = 0.85
_MOST_SECONDS: Final = 120.0
_TESTS: Final = "tests/songpop/labels"
_FOLDER: Final = "labels"
_SWAPS: Final = (
    ("<=", "<"),
    (">=", ">"),
    (" > ", " >= "),
    (" = ", " <> "),
    (" + ", " - "),
    (" - ", " + "),
    (" * ", " / "),
    (" // ", " * "),
    (" / ", " * "),
    (" desc", " asc"),
    (" asc", " desc"),
    ("nulls last", "nulls first"),
    (" and ", " or "),
    ("not is_high", "is_high"),
    ("is not null", "is null"),
    ("left join", "inner join"),
    ("min(", "max("),
    ("median(", "min("),
    ("sum(", "max("),
    ("ln(", "sqrt("),
    ("rank() over", "row_number() over"),
    ("count(*) over", "row_number() over"),
    ("greatest(", "least("),
    ("false", "true"),
    ("$week", "$later_week"),
    ("$later_week", "$week"),
)
_NUMBER: Final = re.compile(r"(?<![\w.$])\d+(\.\d+)?")


@dataclass(frozen=True)
class Fault:
    """One replacement in one file."""

    file: Path
    line: int
    text: str
    """The whole file, with the fault."""
    told: str
    """The line, before and after."""


def list_faults(file: Path) -> Iterator[Fault]:
    """Yield every fault of one SQL file; its comments stay as they are."""
    lines = file.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        code = line.partition("--")[0]
        for changed in _change(code):
            text = "\n".join([*lines[:number], changed, *lines[number + 1 :]])
            yield Fault(file, number + 1, text, f"{code.strip()}  =>  {changed.strip()}")


def _change(code: str) -> Iterator[str]:
    for before, after in _SWAPS:
        for found in re.finditer(re.escape(before) + (r"\b" if before[0] == "$" else ""), code):
            yield code[: found.start()] + after + code[found.end() :]
    for found in _NUMBER.finditer(code):
        one_more = found[0] + "9" if "." in found[0] else str(int(found[0]) + 1)
        yield code[: found.start()] + one_more + code[found.end() :]


def try_fault(fault: Fault) -> bool:
    """Return whether a test notices *fault*; that it takes too long is no sign of it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        root = Path(folder) / "sql"
        shutil.copytree(ROOT / "sql", root)
        (root / fault.file.relative_to(ROOT / "sql")).write_text(fault.text, encoding="utf-8")
        status = run_in_child(lambda: _run_tests(root), _MOST_SECONDS)
        if status not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, None}:
            raise RuntimeError(f"pytest ended with {status}: {fault.told}")
        return status == pytest.ExitCode.TESTS_FAILED


def _run_tests(root: Path) -> int:
    from songpop.warehouse import sqlfiles  # noqa: PLC0415 - in the child alone

    sqlfiles.SQL_ROOT = root  # pyright: ignore[reportConstantRedefinition]
    return int(pytest.main([*PYTEST_OPTIONS, "-x", f"--basetemp={root.parent}/tests", _TESTS]))


def main() -> int:
    """Try every fault; return 1 where fewer than 85 % are noticed."""
    import_slow()
    faults = [
        fault
        for file in sorted((ROOT / "sql" / _FOLDER).glob("*.sql"))
        for fault in list_faults(file)
    ]
    unchanged = replace(faults[0], text=faults[0].file.read_text(encoding="utf-8"))
    if try_fault(unchanged):
        raise RuntimeError("the tests fail without any fault")
    noticed = 0
    for fault in faults:
        if try_fault(fault):
            noticed += 1
        else:
            say(f"survived: {fault.file.name} line {fault.line}: {fault.told}")
    share = noticed / len(faults)
    say(f"sql/{_FOLDER}: {noticed} of {len(faults)} noticed, {share:.1%}")
    return int(share < _LEAST)


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)  # noqa: T201 - a command line prints


if __name__ == "__main__":
    sys.exit(main())
