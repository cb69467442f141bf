"""No text reaches a spreadsheet as a formula, and none is lost."""

import re
import unicodedata

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from songpop.export.cells import MOST_UNITS, make_harmless
from tests.songpop.hostile import HOSTILE

SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b"
BLANKS = " \t\n\u00a0\u3000\u200b"
tricky = st.text(st.sampled_from([*SIGNS, *BLANKS, *"';\"a,\\"]), max_size=12)
plain = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def written(text: str | None) -> str | None:
    safe, _ = make_harmless(pl.DataFrame({"title": [text]}, schema={"title": pl.String}))
    return safe.item()


def restore(cell: str) -> str:
    """Take the apostrophes away again, as decision 46 says that one can."""
    blank = r"[\s\u200b-\u200d\u2060]"
    sign = f"[{re.escape(SIGNS)}]"
    text = re.sub(rf"\A'('*(?:{blank}*{sign}|[\t\n]))", r"\1", cell)
    return re.sub(rf"([;\t\n](?:{blank}|\")*)'('*{sign})", r"\1\2", text)


@pytest.mark.parametrize(("text", "cell"), HOSTILE.items())
def test_hostile_title_is_written_harmlessly(text: str, cell: str) -> None:
    assert written(text) == cell


@given(tricky | plain)
def test_no_cell_begins_as_a_formula(text: str) -> None:
    cell = written(text)

    assert cell is not None
    assert not cell.strip(BLANKS + "\u200c\u200d\u2060").startswith(tuple(SIGNS))
    assert not cell.startswith(("\t", "\n"))


@given(tricky | plain)
def test_no_piece_begins_as_a_formula_where_lists_are_cut_at_semicolons(text: str) -> None:
    _, *pieces = re.split(r"[;\t\n]", written(text) or "")

    assert not any(piece.lstrip(BLANKS + '"').startswith(tuple(SIGNS)) for piece in pieces)


@given(tricky | plain)
def test_no_sign_acts_on_a_terminal_or_turns_the_text_round(text: str) -> None:
    cell = written(text) or ""

    assert all(unicodedata.category(sign) != "Cc" for sign in cell if sign not in "\t\n")
    assert not {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"} & {
        unicodedata.bidirectional(sign) for sign in cell
    }


@given(tricky)
def test_apostrophes_can_be_taken_away_again(text: str) -> None:
    assert restore(written(text) or "") == text


def test_numbers_stay_numbers_and_nothing_stays_nothing() -> None:
    df = pl.DataFrame({"change": [-5, None], "share": [-0.5, None], "is_new": [True, None]})

    safe, cut = make_harmless(df)

    assert safe.equals(df)
    assert cut == 0
    assert written(None) is None


def test_what_is_no_finite_number_is_left_out() -> None:
    safe, _ = make_harmless(pl.DataFrame({"share": [float("-inf"), float("nan"), 0.5]}))

    assert safe["share"].to_list() == [None, None, 0.5]


@pytest.mark.parametrize("sign", ["x", "🎤"])
def test_cell_longer_than_a_spreadsheet_holds_is_cut_and_counted(sign: str) -> None:
    fits = MOST_UNITS // (len(sign.encode("utf-16-le")) // 2)
    df = pl.DataFrame({"card": [sign * fits, sign * fits + "=1+1", None]})

    safe, cut = make_harmless(df)

    assert cut == 1
    assert safe["card"][0] == sign * fits
    assert safe["card"][1].endswith(f"{sign}…")
    assert len(safe["card"][1].encode("utf-16-le")) // 2 <= MOST_UNITS
