import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from songpop.ingest.numbers import number_rule
from tests.songpop.ingest.judge import cell_of, judge, make_column

PLAYS = make_column("counter", "plays_count")
SCORE = make_column("gauge", "score", type="decimal")


def judge_plays(*cells: str | None) -> list[object]:
    return judge(number_rule(PLAYS, cell_of(PLAYS)), list(cells))


@pytest.mark.parametrize(
    ("cell", "result"),
    [
        (None, None),
        ("0", 0),
        ("007", 7),
        ("12345", 12_345),
        ("1,234,567", 1_234_567),
        (str(2**63 - 1), 2**63 - 1),
        (str(2**63), "!too_large"),
        ("1.5", "!not_whole"),
        ("1.", "!not_whole"),
        ("2.0", "!not_whole"),
        ("1,234.5", "!not_whole"),
        ("1e3", "!not_whole"),
        ("12,34,5", "!bad_thousands"),
        ("1,2345", "!bad_thousands"),
        (",123", "!bad_thousands"),
        ("-1", "!negative"),
        ("-1,234.5", "!negative"),
        ("+5", "!unreadable_number"),
        (" 5", "!unreadable_number"),
        ("5 ", "!unreadable_number"),
        ("5\n", "!unreadable_number"),
        ("5_0", "!unreadable_number"),
        ("0x1F", "!unreadable_number"),
        ("٣", "!unreadable_number"),
        ("n/a", "!unreadable_number"),
        ("--", "!unreadable_number"),
    ],
)
def test_whole_numbers_are_digits_plain_or_grouped(cell: str | None, result: object) -> None:
    assert judge_plays(cell) == [result]


@pytest.mark.parametrize(
    ("cell", "result"),
    [
        ("725.4", 725.4),
        ("1,725.40", 1725.4),
        ("7", 7.0),
        (".5", "!unreadable_number"),
        ("5.", "!unreadable_number"),
        ("1e3", "!unreadable_number"),
        ("inf", "!unreadable_number"),
        ("NaN", "!unreadable_number"),
        ("-0.5", "!negative"),
        ("1,23.5", "!bad_thousands"),
        ("9" * 400, "!too_large"),
    ],
)
def test_decimals_have_a_point_between_digits(cell: str, result: object) -> None:
    assert judge(number_rule(SCORE, cell_of(SCORE)), [cell]) == [result]


def test_maximum_and_first_rank_are_held() -> None:
    index = make_column("gauge", "popularity_index", maximum=100)
    rank = make_column("rank", "rank")

    assert judge(number_rule(index, cell_of(index)), ["100", "101"]) == [100, "!too_large"]
    assert judge(number_rule(rank, cell_of(rank)), ["1", "0"]) == [1, "!too_small"]


@given(st.integers(0, 2**63 - 1))
def test_every_whole_number_is_read_back(number: int) -> None:
    assert judge_plays(str(number), f"{number:,}") == [number, number]


@given(st.text(st.sampled_from("0123456789,.-+e x"), max_size=8))
def test_what_is_accepted_is_the_number_that_is_written(cell: str) -> None:
    (result,) = judge_plays(cell or None)

    plain = cell.replace(",", "")
    assert not isinstance(result, int) or (plain.isdecimal() and int(plain) == result)


def test_rule_reads_a_column_of_a_frame() -> None:
    rule = number_rule(PLAYS, cell_of(PLAYS))

    assert pl.DataFrame({"plays_count__cell": ["1"]}).select(rule.value).item() == 1
