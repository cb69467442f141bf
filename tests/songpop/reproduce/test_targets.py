import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from songpop.reproduce.targets import soften

SOURCE = np.array([9.0, 1.0, 5.0, 3.0, 7.0, 8.0])
Y = SOURCE > 6


def test_without_softness_the_targets_are_the_labels() -> None:
    assert soften(Y, SOURCE, 0.0).tolist() == [1, 0, 0, 0, 1, 1]


def test_rows_near_the_cut_are_less_sure_than_rows_far_from_it() -> None:
    targets = soften(Y, SOURCE, 0.1)

    assert ((targets > 0.5) == Y).all()
    assert np.argsort(targets).tolist() == np.argsort(SOURCE).tolist()
    assert np.abs(targets - Y).argmax() in {2, 4}


@given(st.lists(st.integers(0, 30), min_size=4, max_size=60), st.floats(0.01, 1))
def test_targets_stay_between_the_labels_and_agree_with_them(
    points: list[int], softness: float
) -> None:
    source = np.array([*points, 0, 40], dtype=float)
    y = source > np.median(source)
    targets = soften(y, source, softness)

    assert ((targets >= 0) & (targets <= 1)).all()
    assert ((targets > 0.5) == y).all()
    assert (soften(y, source * 2 + 1, softness) == targets).all()
