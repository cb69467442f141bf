"""One mutant, tried: its module is imported with the fault, and tests run until one fails."""

import importlib.abc
import importlib.machinery
import importlib.util
import sys
import tempfile
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from types import CodeType, ModuleType

import pytest
from hypothesis import Phase, settings

from tests.mutation.children import run_in_child
from tests.mutation.mutants import Mutant, find_source, mutate
from tests.mutation.tracing import PYTEST_OPTIONS, Test, name_function

_START_SECONDS = 15.0
_TIMES_AS_LONG = 3.0
_NOTICED = (pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED)


@dataclass(frozen=True)
class Trial:
    """What came of a mutant.

    Attributes:
        mutant: the fault.
        status: ``killed``; ``timeout``, which counts as killed; ``survived``; ``error`` where
            pytest itself failed, which counts as survived.
        seconds: how long it took.
        tests_count: how many tests were chosen.
    """

    mutant: Mutant
    status: str
    seconds: float
    tests_count: int


def try_mutant(mutant: Mutant, tests: Sequence[Test]) -> Trial:
    """Run *tests* on a mutant in a child, until one fails."""
    began = time.monotonic()
    if not tests:
        return Trial(mutant, "survived", 0.0, 0)
    most_seconds = _START_SECONDS + _TIMES_AS_LONG * sum(test.seconds for test in tests)
    status = run_in_child(lambda: _run_tests(mutant, tests), most_seconds)
    return Trial(mutant, _name_status(status), time.monotonic() - began, len(tests))


def _name_status(status: int | None) -> str:
    if status is None:
        return "timeout"
    if status == pytest.ExitCode.OK:
        return "survived"
    # A signal: the fault ended the interpreter.
    return "killed" if status in _NOTICED or status < 0 else "error"


def _run_tests(mutant: Mutant, tests: Sequence[Test]) -> int:
    sys.meta_path.insert(0, _MutantFinder(mutant))
    files = list(dict.fromkeys(test.file for test in tests))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        options = [*PYTEST_OPTIONS, "-x", f"--basetemp={folder}/tests", *files]
        return int(pytest.main(options, plugins=[_Chosen(tests)]))


class _Chosen:
    # Of the files' tests the chosen ones, in their order.

    def __init__(self, tests: Sequence[Test]) -> None:
        self.ranks = {test.name: rank for rank, test in enumerate(tests)}

    def pytest_sessionstart(self) -> None:
        # A counterexample is enough: nobody reads the smallest one.
        phases = [Phase.explicit, Phase.generate]
        settings.register_profile("mutants", settings.get_profile("songpop"), phases=phases)
        settings.load_profile("mutants")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        chosen = [item for item in items if name_function(item.nodeid) in self.ranks]
        items[:] = sorted(chosen, key=lambda item: self.ranks[name_function(item.nodeid)])


class _MutantFinder(importlib.abc.MetaPathFinder):
    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(
        self, fullname: str, path: object = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        del path, target
        if fullname != self.mutant.module:
            return None
        file = str(find_source(fullname))
        loader = _MutantLoader(fullname, file, self.mutant.number)
        return importlib.util.spec_from_file_location(fullname, file, loader=loader)


class _MutantLoader(importlib.machinery.SourceFileLoader):
    def __init__(self, fullname: str, path: str, number: int) -> None:
        super().__init__(fullname, path)
        self.number = number

    def get_code(self, fullname: str) -> CodeType:
        with warnings.catch_warnings():
            # `None()` and `"x" is None` are suspicious by design.
            warnings.simplefilter("ignore", SyntaxWarning)
            return compile(mutate(fullname, self.number), self.path, "exec")
