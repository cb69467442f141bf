import contextlib
import datetime as dt
import io
import json

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from songpop.cli.present import (
    format_cell,
    json_columns,
    print_error,
    print_frame,
    print_json,
    print_json_rows,
    print_text,
)


@given(st.text())
def test_no_text_can_reach_the_terminal_as_a_control_sequence(text: str) -> None:
    cell = format_cell(text)

    assert all(character.isprintable() for character in cell)
    assert len(cell) <= 72


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (0.123456, "0.1235"),
        (1234.5, "1,234.50"),
        (dt.date(2024, 6, 13), "2024-06-13"),
        ("\x1b[31mred\u202e", "\\x1b[31mred\\u202e"),
        ("x" * 80, "x" * 71 + "…"),
        (["a", "b"], "a, b"),
        ("Beyoncé 👩\u200d🎤", "Beyoncé 👩\\u200d🎤"),
        ("a\u0301\u0301\u0301\u0301b\u0301", "a\u0301\u0301\u0301\\u0301b\u0301"),
    ],
)
def test_cells_are_shown_for_people(value: object, shown: str) -> None:
    assert format_cell(value) == shown


def test_numbers_stand_right_and_text_left(capsys: pytest.CaptureFixture[str]) -> None:
    print_frame(pl.DataFrame({"name": ["a", "bb"], "count": [1, 20]}), "two rows")

    assert capsys.readouterr().out == "two rows\nname  count\na         1\nbb       20\n"


def test_columns_stand_straight_beside_emoji_and_accents(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_frame(pl.DataFrame({"title": ["🎤", "e\u0301", "abc"], "by": ["a", "b", "c"]}))

    assert capsys.readouterr().out == "title  by\n🎤     a\ne\u0301      b\nabc    c\n"


def test_names_of_columns_are_harmless_too(capsys: pytest.CaptureFixture[str]) -> None:
    print_frame(pl.DataFrame({"a\x1b[31m": [1]}))

    assert capsys.readouterr().out == "a\\x1b[31m\n        1\n"


def test_error_keeps_its_lines_and_loses_what_acts_on_a_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_error("a\x1b[31m.csv: expected b\nor c")

    assert capsys.readouterr().err == "songpop: a\\x1b[31m.csv: expected b\nor c\n"


@given(st.text())
def test_json_is_the_same_text_without_a_control_sequence(text: str) -> None:
    stream = io.StringIO()
    with contextlib.redirect_stdout(stream):
        print_json({"title": text})
    shown = stream.getvalue()

    assert json.loads(shown) == {"title": text}
    assert all(sign.isprintable() for sign in shown.replace("\n", ""))


def test_long_frames_say_how_much_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    print_frame(pl.DataFrame({"n": range(203)}))

    assert capsys.readouterr().out.endswith("… 3 more rows; add a limit, or --json for all\n")


def test_json_rows_keep_names_and_dates(capsys: pytest.CaptureFixture[str]) -> None:
    print_json_rows(pl.DataFrame({"title": ["Ä"], "week": [dt.date(2024, 6, 13)]}))

    assert json.loads(capsys.readouterr().out) == [{"title": "Ä", "week": "2024-06-13"}]


def test_json_texts_are_parsed_by_name_only() -> None:
    assert json_columns({"a": '{"x": 1}', "b": '{"x": 1}'}, ["a"]) == {
        "a": {"x": 1},
        "b": '{"x": 1}',
    }


def test_text_keeps_its_lines_and_loses_what_acts_on_a_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_text("# a\x1b[31m\n\n" + "b" * 300 + "\u202e\r")

    assert capsys.readouterr().out == "# a\\x1b[31m\n\n" + "b" * 300 + "\\u202e\\r\n"
