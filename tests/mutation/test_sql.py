from pathlib import Path

import pytest

from tests.mutation.sql import Fault, list_faults


def changes_of(folder: Path, code: str) -> list[str]:
    file = folder / "one.sql"
    file.write_text(code, encoding="utf-8")
    return [fault.told.partition("  =>  ")[2] for fault in list_faults(file)]


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("a <= b", ["a < b"]),
        ("a > 1 and b", ["a >= 1 and b", "a > 1 or b", "a > 2 and b"]),
        ("order by size desc", ["order by size asc"]),
        ("tw.week = $week", ["tw.week <> $week", "tw.week = $later_week"]),
        ("x1 as y", []),
        ("a - 0.5  -- 1 = 2", ["a + 0.5", "a - 0.59"]),
        ("-- a = b", []),
    ],
)
def test_a_fault_changes_one_thing_of_the_code(
    tmp_path: Path, code: str, changes: list[str]
) -> None:
    assert changes_of(tmp_path, code) == changes


def test_a_fault_is_one_file_with_one_line_changed(tmp_path: Path) -> None:
    file = tmp_path / "one.sql"
    file.write_text("select 1\nfrom a", encoding="utf-8")

    [fault] = list_faults(file)

    assert fault == Fault(file, 1, "select 2\nfrom a", "select 1  =>  select 2")
