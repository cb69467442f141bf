import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from songpop.ingest.digits import is_within, read_columns, read_whole_numbers

STRICT = r"^(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)$"


@pytest.mark.parametrize("kind", ["string", "large_string"])
def test_plain_and_grouped_digits_are_read(kind: str) -> None:
    texts = pa.array(["1,234", "567", None, "12,345,678", "007", "0"], kind)

    numbers = read_whole_numbers(texts)

    assert numbers is not None
    assert numbers.to_pylist() == [1234, 567, None, 12_345_678, 7, 0]


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "1.5",
        "-1",
        "+1",
        " 1",
        "1,23",
        "1,2345",
        ",123",
        "123,",
        "1,2,345",
        "1234,567",
        "1" * 19,
        "١",
    ],
)
def test_column_with_any_other_cell_is_left_to_its_rule(cell: str) -> None:
    assert read_whole_numbers(pa.array(["1,234", cell, "5"])) is None


@pytest.mark.parametrize(
    "texts", [["1,234", ",567"], ["123", ",456"], ["1,", "234"], ["1,23", "4"]]
)
def test_cells_never_make_up_for_each_other(texts: list[str]) -> None:
    assert read_whole_numbers(pa.array(texts)) is None


def test_limits_hold_for_every_number() -> None:
    numbers = pa.array([1, None, 100])

    assert is_within(numbers, 1, 100)
    assert not is_within(numbers, 2, 100)
    assert not is_within(numbers, 1, 99)
    assert is_within(pa.array([None], pa.int64()), 1, 99)


def test_columns_are_read_together_or_one_by_one() -> None:
    one, two, bad = pa.array(["1,234", None]), pa.array([None, "5"]), pa.array(["x", "6"])

    together = read_columns([one, two])
    singly = read_columns([one, bad, two])

    assert [column and column.to_pylist() for column in together] == [[1234, None], [None, 5]]
    assert [column and column.to_pylist() for column in singly] == [[1234, None], None, [None, 5]]
    assert read_columns([]) == []


def test_part_of_a_column_is_left_to_its_rule() -> None:
    assert read_whole_numbers(pa.array(["1", "2"])[1:]) is None


@given(st.lists(st.none() | st.from_regex(r"[0-9,]{1,12}", fullmatch=True), min_size=1))
def test_column_is_read_just_where_every_cell_is_strict(texts: list[str | None]) -> None:
    cells = pl.Series(texts, dtype=pl.String)
    is_strict = bool(cells.str.contains(STRICT).fill_null(value=True).all())

    numbers = read_whole_numbers(pa.array(texts, pa.string()))

    if any(texts):
        assert (numbers is not None) == is_strict
    if numbers is not None:
        plain = cells.str.replace_all(",", "", literal=True).cast(pl.Int64)
        assert numbers.to_pylist() == plain.to_list()
