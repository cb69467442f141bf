from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from songpop.evaluate.slices import MIN_SLICE_ROWS, slice_rows

Bools = NDArray[np.bool_]


def make_facts(
    sizes: Sequence[float | None], ages_weeks: Sequence[float | None] | None = None
) -> pl.DataFrame:
    count = len(sizes)
    return pl.DataFrame(
        {
            "artist": ["a"] * count,
            "size": sizes,
            "today": sizes,
            "age_weeks": ages_weeks or [None] * count,
        },
        schema_overrides={"size": pl.Float64, "today": pl.Float64, "age_weeks": pl.Float64},
    )


def slice_known(facts: pl.DataFrame) -> dict[str, Bools]:
    return slice_rows(facts, np.ones(facts.height, dtype=np.bool_))


def families(slices: dict[str, Bools]) -> Iterator[list[Bools]]:
    for family in ("size", "age", "artist"):
        yield [mask for title, mask in slices.items() if title.startswith(f"{family}: ")]


def test_sizes_are_cut_into_fifths() -> None:
    facts = make_facts([place / 500 for place in range(1, 501)])

    slices = slice_known(facts)

    firsts = {title: int(mask.argmax()) for title, mask in slices.items() if "fifth" in title}
    assert firsts == {
        "size: smallest fifth": 0,
        "size: second smallest fifth": 100,
        "size: middle fifth": 200,
        "size: second largest fifth": 300,
        "size: largest fifth": 400,
    }
    assert all(slices[title].sum() == 100 for title in firsts)


@pytest.mark.parametrize(
    ("age_weeks", "title"),
    [
        (0.0, "age: 0 to 3 weeks"),
        (27 / 7, "age: 0 to 3 weeks"),
        (4.0, "age: 4 to 12 weeks"),
        (13.0, "age: 13 to 51 weeks"),
        (52.0, "age: 52 to 259 weeks"),
        (260.0, "age: 260 weeks or more"),
        (5_000.0, "age: 260 weeks or more"),
    ],
)
def test_ages_fall_into_the_bands_of_the_age_steps(age_weeks: float, title: str) -> None:
    slices = slice_known(make_facts([None] * 100, [age_weeks] * 100))

    assert [name for name in slices if name.startswith("age")] == [title]
    assert slices[title].all()


def test_unknown_ages_and_sizes_are_in_no_slice() -> None:
    assert list(slice_known(make_facts([None] * 300))) == ["artist: known"]


def test_a_slice_of_too_few_rows_is_left_out() -> None:
    count = 2 * MIN_SLICE_ROWS - 1
    is_known = np.arange(count) < MIN_SLICE_ROWS

    slices = slice_rows(make_facts([None] * count), is_known)

    assert list(slices) == ["artist: known"]
    assert slices["artist: known"].sum() == MIN_SLICE_ROWS


def test_known_and_new_artists_are_told_apart() -> None:
    is_known = np.arange(250) % 2 == 0

    slices = slice_rows(make_facts([None] * 250), is_known)

    assert np.array_equal(slices["artist: known"], is_known)
    assert np.array_equal(slices["artist: new to the model"], ~is_known)


@given(
    st.lists(
        st.tuples(
            st.none() | st.floats(0.001, 1),
            st.none() | st.floats(0, 600),
            st.booleans(),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_slices_of_one_kind_share_no_row(
    rows: list[tuple[float | None, float | None, bool]],
) -> None:
    # Each row a hundred times over, so that every slice that holds one is large enough.
    sizes, ages, known = (list(column) * MIN_SLICE_ROWS for column in zip(*rows, strict=True))
    facts = make_facts(sizes, ages)

    slices = slice_rows(facts, np.array(known))

    for family, is_known in zip(
        families(slices),
        (facts["size"].is_not_null(), facts["age_weeks"].is_not_null(), pl.Series(known) | True),
        strict=True,
    ):
        assert not any((one & other).any() for one, other in combinations(family, 2))
        assert sum((mask.astype(int) for mask in family), np.zeros(len(known), int)).tolist() == (
            is_known.cast(pl.Int64).to_list()
        )
