import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from songpop.simulate.cells import write_decimals, write_integers


@given(st.lists(st.none() | st.integers(0, 999_999_999_999_999), min_size=1))
def test_integers_are_grouped_by_thousands(numbers: list[int | None]) -> None:
    values = np.array([math.nan if number is None else number for number in numbers])

    assert write_integers(values).to_list() == [
        None if number is None else f"{number:,}" for number in numbers
    ]


@given(st.lists(st.none() | st.integers(0, 10_000_000), min_size=1))
def test_decimals_have_one_place(tenths: list[int | None]) -> None:
    values = np.array([math.nan if tenth is None else tenth / 10 for tenth in tenths])

    assert write_decimals(values).to_list() == [
        None if tenth is None else f"{tenth // 10:,}.{tenth % 10}" for tenth in tenths
    ]


def test_an_absent_column_is_empty() -> None:
    absent = np.full(3, math.nan)

    assert write_integers(absent).to_list() == [None] * 3
    assert write_decimals(absent).to_list() == [None] * 3
