import itertools
from pathlib import Path

import pytest

from tests.mutation.children import run_in_child
from tests.mutation.mutants import Mutant
from tests.mutation.tracing import IMPORT, Test, choose_tests

MUTANT = Mutant("songpop.gate.words", 0, 9, 9, "condition", "a", "b")


def make_test(name: str, seconds: float, *lines: int, file: str = "test_words.py") -> Test:
    return Test(f"tests/{file}::{name}", seconds, {MUTANT.module: frozenset(lines)})


def test_tests_that_run_the_line_are_chosen_those_of_the_module_first_and_quick_ones_first() -> (
    None
):
    tests = [
        make_test("elsewhere", 0.1, 9, file="test_judge.py"),
        make_test("slow", 2.0, 9, 10),
        make_test("other_line", 0.1, 8, 10),
        make_test("quick", 0.1, 9),
        make_test("slowest", 6.0, 9),
    ]

    chosen = choose_tests(tests, MUTANT, 5.0)

    assert [test.name.partition("::")[2] for test in chosen] == ["quick", "slow", "elsewhere"]


def test_all_may_notice_a_line_that_the_import_runs_and_none_one_that_nothing_runs() -> None:
    tests = [make_test("one", 0.1, 10), make_test("other", 0.2)]
    imported = Test(IMPORT, 0.0, {MUTANT.module: frozenset({9})})

    assert choose_tests([imported, *tests], MUTANT, 5.0) == tests
    assert choose_tests(tests, MUTANT, 5.0) == []


def test_tests_are_chosen_for_a_quarter_of_a_minute() -> None:
    tests = [make_test(f"test_{number:02}", 4.0, 9) for number in range(10)]

    assert choose_tests(tests, MUTANT, 5.0) == tests[:3]


@pytest.mark.parametrize("status", [0, 1])
def test_a_child_tells_its_status(status: int) -> None:
    assert run_in_child(lambda: status, 20.0) == status


def test_a_child_that_fails_is_no_success(tmp_path: Path) -> None:
    def fail() -> int:
        (tmp_path / "began").touch()
        raise KeyError

    assert run_in_child(fail, 20.0) == 70
    assert (tmp_path / "began").exists()


def test_a_child_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    def count() -> int:
        for number in itertools.count():
            (tmp_path / "count").write_text(str(number), encoding="utf-8")
        return 0

    assert run_in_child(count, 1.0) is None
    assert (tmp_path / "count").exists()
