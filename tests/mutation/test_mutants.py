import ast
from pathlib import Path

import pytest

from tests.mutation import mutants
from tests.mutation.__main__ import bound_share, draw_sample
from tests.mutation.mutants import Mutant, find_mutants, mutate

CODE = '''"""A module."""

from typing import Literal

__all__ = ["choose"]

Kind = Literal["level"]
LEAST: int = 3


@decorated(1)
def choose(
    rows: list[int], least: "int" = 5
) -> "int":
    """Return something."""
    if (
        len(rows) > least
    ):
        raise ValueError(f"too many: {len(rows)}")
    return rows[0]
'''


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "invented.py").write_text(CODE, encoding="utf-8")
    monkeypatch.setattr(mutants, "ROOT", tmp_path)
    return "invented"


def test_docstrings_annotations_decorators_and_text_of_messages_stay(module: str) -> None:
    assert [(one.first_line, one.before, one.after) for one in find_mutants(module)] == [
        (8, "3", "4"),
        (8, "3", "2"),
        (12, "5", "6"),
        (12, "5", "4"),
        (16, "if len(rows) > least:", "if True:"),
        (16, "if len(rows) > least:", "if False:"),
        (16, "len(rows) > least", "len(rows) >= least"),
        (16, "len(rows)", "len(None)"),
        (19, "ValueError(f'too many: {len(rows)}')", "ValueError(None)"),
        (19, "len(rows)", "len(None)"),
        (20, "return rows[0]", "return None"),
        (20, "0", "1"),
        (20, "0", "-1"),
    ]


def test_a_mutant_is_the_module_with_one_difference(module: str) -> None:
    whole = ast.unparse(ast.parse(CODE)).splitlines()

    for mutant in find_mutants(module):
        lines = ast.unparse(mutate(module, mutant.number)).splitlines()
        changed = [pair for pair in zip(whole, lines, strict=True) if pair[0] != pair[1]]
        assert len(changed) == 1
        assert mutant.after in changed[0][1]


def test_lines_of_a_block_are_those_of_its_head(module: str) -> None:
    lines = {(one.first_line, one.last_line) for one in find_mutants(module)}

    assert lines == {(8, 8), (12, 14), (16, 18), (19, 19), (20, 20)}


def test_a_number_too_large_is_refused(module: str) -> None:
    with pytest.raises(IndexError, match="invented: expected fewer than 99 mutants"):
        mutate(module, 99)


def test_a_sample_takes_from_each_module_its_share_and_depends_on_its_seed() -> None:
    everything = [
        Mutant(module, number, 1, 1, "number", "1", "2")
        for module, count in (("a", 90), ("b", 9), ("c", 1))
        for number in range(count)
    ]

    drawn = draw_sample(everything, 20, 1)

    assert [sum(one.module == name for one in drawn) for name in "abc"] == [18, 2, 1]
    assert drawn == draw_sample(everything, 20, 1)
    assert drawn != draw_sample(everything, 20, 2)


def test_the_interval_of_a_share_is_wilsons() -> None:
    # Newcombe, Statistics in Medicine 17, 1998, table I, method 3: 81 of 263 and 0 of 20.
    assert bound_share(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert bound_share(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert bound_share(0, 0) == (0, 1)
