import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from songpop.simulate.codes import code_tracks


def test_codes_have_the_form_of_an_isrc() -> None:
    codes = code_tracks(np.arange(1_000), np.full(1_000, 2007), 3)

    assert codes.str.contains(r"^[A-Z]{2}[A-Z0-9]{3}07[0-9]{5}$").all()


def test_codes_are_unique_far_beyond_one_registrant_round() -> None:
    serials = np.arange(200_000)

    assert code_tracks(serials, 2000 + serials % 20, 3).n_unique() == serials.size


@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=50, unique=True), st.integers(0))
def test_two_tracks_never_share_a_code(serials: list[int], seed: int) -> None:
    codes = code_tracks(np.array(serials), np.full(len(serials), 2020), seed % 2**63)

    assert codes.n_unique() == len(serials)
    assert codes.dtype == pl.String
