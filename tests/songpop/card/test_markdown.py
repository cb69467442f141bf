import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from songpop.card.markdown import (
    bullets,
    factor,
    level,
    plain,
    rows_of,
    share,
    signed,
    table,
    weeks_of,
)

HOSTILE = "a|b\n| c `d` **e** <script>\x1b[31m\u202e\\| [x](y) ~~z~~ _w_"


def split_row(line: str) -> list[str]:
    """Split a table's line as GitHub does: an escaped sign is text, a bare bar ends the cell."""
    cells = re.findall(r"((?:\\.|[^|\\])*)\|", line)
    return [re.sub(r"\\(.)", r"\1", cell.strip()) for cell in cells[1:]]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a|b", r"a\|b"),
        ("two\nlines", r"two\\nlines"),
        ("`code`", r"\`code\`"),
        ("\x1b[31mred", r"\\x1b\[31mred"),
        ("\u202eright", r"\\u202eright"),
        ("<b>", r"\<b\>"),
        ("spotify_charts_us", "spotify_charts_us"),
        ("_lean_", r"\_lean\_"),
        ("R&B", r"R\&B"),
    ],
)
def test_text_is_shown_as_it_is(text: str, shown: str) -> None:
    assert plain(text) == shown


@given(st.text())
def test_text_stays_one_printable_line(text: str) -> None:
    assert all(character.isprintable() for character in plain(text))


@given(st.lists(st.lists(st.text(), min_size=3, max_size=3), max_size=4))
def test_table_keeps_its_shape_whatever_its_cells_hold(rows: list[list[str]]) -> None:
    lines = table(["a", "b|c", "d"], rows).split("\n")

    assert len(lines) == len(rows) + 2
    assert {len(split_row(line)) for line in lines} == {3}
    assert all(line.startswith("| ") and line.endswith(" |") for line in lines)


def test_hostile_cell_is_read_back_as_one_cell() -> None:
    line = table(["name", "n"], [[HOSTILE, "1"]]).split("\n")[2]

    cells = split_row(line)
    assert cells[1] == "1"
    assert cells[0].startswith(r"a|b\n| c `d` **e** <script>\x1b[31m\u202e\| [x](y)")


def test_table_is_padded_to_be_read_as_text() -> None:
    assert table(["name", "rows"], [["fit", "12,000"], ["stop", "9"]]).split("\n") == [
        "| name |   rows |",
        "| ---- | -----: |",
        "| fit  | 12,000 |",
        "| stop |      9 |",
    ]


def test_table_without_rows_has_its_header() -> None:
    assert table(["name", "n"], []).count("\n") == 1


def test_bullets_are_lines() -> None:
    assert bullets(["one", "two"]) == "- one\n- two"


def test_figures_are_rounded_for_people() -> None:
    assert (share(0.12345), level(0.32149), factor(1.5714)) == ("12.3 %", "0.321", "1.57×")
    assert (share(None), level(None), factor(None)) == ("–", "–", "–")
    assert (rows_of(1), rows_of(6_000), weeks_of(1), weeks_of(4)) == (
        "1 row",
        "6,000 rows",
        "1 week",
        "4 weeks",
    )


@pytest.mark.parametrize(
    ("value", "text"), [(0.01, "+0.0100"), (-0.01, "−0.0100"), (-0.00001, "0.0000"), (0, "0.0000")]
)
def test_difference_has_a_sign_unless_it_is_nothing(value: float, text: str) -> None:
    assert signed(value) == text
