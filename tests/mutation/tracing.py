"""Which lines of a package each of its tests runs, and how long each takes."""

import hashlib
import json
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import coverage
import pytest

from tests.mutation.children import run_in_child
from tests.mutation.mutants import ROOT, Mutant, find_source

_MOST_SECONDS = 900.0
_BUDGET_SECONDS = 15.0
IMPORT = ""
"""What stands for a test where a line is run by an import alone."""
PYTEST_OPTIONS = ("-q", "-p", "no:cacheprovider", "--tb=no", "--no-header", "--no-summary")


@dataclass(frozen=True)
class Test:
    """One test function with all its cases.

    Attributes:
        name: its node id, without parameters.
        seconds: its cases' times together, set-up included.
        lines: lines that it runs, by module.
    """

    __test__ = False

    name: str
    seconds: float
    lines: dict[str, frozenset[int]]

    @property
    def file(self) -> str:
        """The file that it stands in, from the root of the checkout."""
        return self.name.partition("::")[0]


def trace_tests(files: Iterable[Path], package: str, cache: Path) -> list[Test]:
    """Run test files once each, unless neither they nor the code changed since; return the tests.

    Args:
        files: test files.
        package: what is to be mutated, ``songpop.gate``.
        cache: folder of what was found before.

    Raises:
        RuntimeError: tests fail on the code as it is.
    """
    cache.mkdir(parents=True, exist_ok=True)
    code = _digest(sorted((ROOT / "songpop").rglob("*.py")))
    return [test for file in files for test in _read_or_trace(file, package, cache, code)]


def choose_tests(tests: Iterable[Test], mutant: Mutant, most_seconds: float) -> list[Test]:
    """Return the tests that run a mutant's lines, those of its own module's test file first.

    All may notice a line that the import runs, none one that nothing runs. Within a file the
    fastest come first. Tests that take longer than *most_seconds* are left out, and so is what
    comes after a quarter of a minute.
    """
    lines = range(mutant.first_line, mutant.last_line + 1)
    known = [test for test in tests if test.seconds <= most_seconds]
    reached = [
        test for test in known if not test.lines.get(mutant.module, frozenset()).isdisjoint(lines)
    ]
    if any(test.name == IMPORT for test in reached):
        reached = known
    own = f"test_{find_source(mutant.module).name}"
    ranked = sorted(
        (test for test in reached if test.name != IMPORT),
        key=lambda test: (not test.file.endswith(own), test.seconds),
    )
    ends = accumulate(test.seconds for test in ranked)
    return [test for test, end in zip(ranked, ends, strict=True) if end <= _BUDGET_SECONDS]


def _read_or_trace(file: Path, package: str, cache: Path, code: str) -> Iterator[Test]:
    kept = cache / f"{package}-{_digest([file])}-{code}.json"
    if not kept.exists():
        status = run_in_child(lambda: _trace(file, package, kept), _MOST_SECONDS)
        if status or not kept.exists():
            raise RuntimeError(f"{file}: expected tests that pass, got status {status}")
    for name, (seconds, lines) in json.loads(kept.read_text(encoding="utf-8")).items():
        yield Test(name, seconds, {module: frozenset(found) for module, found in lines.items()})


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


class _Tracer:
    # One context a test: coverage.py then knows which lines each one runs.

    def __init__(self, cover: coverage.Coverage) -> None:
        self.cover = cover
        self.seconds: dict[str, float] = defaultdict(float)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.cover.switch_context(name_function(item.nodeid))
        result = yield
        self.cover.switch_context(IMPORT)
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[name_function(report.nodeid)] += report.duration


def name_function(node_id: str) -> str:
    """Return a node id without the parameters of its case."""
    return node_id.partition("[")[0]


def _trace(file: Path, package: str, kept: Path) -> int:
    cover = coverage.Coverage(data_file=None, config_file=False, source_pkgs=[package])
    tracer = _Tracer(cover)
    cover.start()
    with tempfile.TemporaryDirectory() as folder:
        options = [*PYTEST_OPTIONS, f"--basetemp={folder}/tests", str(file)]
        status = pytest.main(options, plugins=[tracer])
    cover.stop()
    contexts = {IMPORT: 0.0, **tracer.seconds}
    found = {name: (taken, _read_lines(cover, name)) for name, taken in contexts.items()}
    if status == pytest.ExitCode.OK:
        kept.write_text(json.dumps(found), encoding="utf-8")
    return int(status)


def _read_lines(cover: coverage.Coverage, context: str) -> dict[str, list[int]]:
    data = cover.get_data()
    data.set_query_contexts([f"^{re.escape(context)}$"])
    return {
        ".".join(Path(file).relative_to(ROOT).with_suffix("").parts): lines
        for file in data.measured_files()
        if (lines := data.lines(file))
    }
