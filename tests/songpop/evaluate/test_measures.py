from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from songpop.evaluate.measures import average_precision, measure, precision_at


def bools(text: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return a row for each sign: + is high, - is not."""
    return np.array([sign == "+" for sign in text])


def numbers(values: Sequence[int]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    return np.array(values, dtype=np.intp)


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([0.1, 0.2, 0.5, 0.9])), min_size=1))
def test_average_precision_is_scikit_learns_with_ties_too(rows: list[tuple[bool, float]]) -> None:
    y, p = np.array([high for high, _ in rows]), np.array([score for _, score in rows])

    got = average_precision(y, p)

    if y.any():
        assert got == pytest.approx(average_precision_score(y, p))
    else:
        assert got is None


def test_precision_is_of_each_cohorts_own_list() -> None:
    # Over both cohorts together the two highest scores would be those of the first.
    y, p = bools("++--"), np.array([0.9, 0.2, 0.8, 0.1])

    assert precision_at(y, p, numbers([0, 1, 0, 1]), 1) == 1.0


def test_a_cohort_shorter_than_the_list_counts_with_all_its_rows() -> None:
    y, p = bools("+-+++-"), np.array([0.9, 0.8, 0.9, 0.8, 0.7, 0.1])

    assert precision_at(y, p, numbers([0, 0, 1, 1, 1, 1]), 3) == pytest.approx((1 / 2 + 1) / 2)


def test_rows_that_tie_for_the_last_places_share_them() -> None:
    # One place is left for three rows, of which one is high.
    y, p = bools("++--"), np.array([0.9, 0.5, 0.5, 0.5])

    assert precision_at(y, p, numbers([0] * 4), 2) == pytest.approx((1 + 1 / 3) / 2)


def test_one_score_for_all_rows_lifts_nothing_whatever_the_order_of_the_rows() -> None:
    y = np.arange(200) < 60

    measures = measure(y, np.full(200, 0.3), numbers([0] * 200))

    assert measures.precision_at_20 == pytest.approx(0.3)
    assert (measures.lift_at_20, measures.lift_at_50) == (pytest.approx(1), pytest.approx(1))
    assert measures.auc == 0.5


@given(
    st.lists(
        st.tuples(st.booleans(), st.sampled_from([0.1, 0.5, 0.9]), st.integers(0, 3)), min_size=1
    ),
    st.integers(1, 6),
    st.randoms(use_true_random=False),
)
def test_precision_is_bounded_and_depends_on_no_order(
    rows: list[tuple[bool, float, int]], count: int, random: "np.random.Generator"
) -> None:
    def precision(of: list[tuple[bool, float, int]]) -> float:
        y, p, cohorts = (np.array(column) for column in zip(*of, strict=True))
        return precision_at(y, p, cohorts.astype(np.intp), count)

    shuffled = rows.copy()
    random.shuffle(shuffled)  # type: ignore[arg-type] - a list will do

    assert 0 <= precision(rows) <= 1
    assert precision(shuffled) == pytest.approx(precision(rows))


def test_lift_is_precision_over_the_base_rate() -> None:
    y = np.arange(100) < 25
    p = np.where(y, 0.9, 0.1) - np.arange(100) / 1e4

    measures = measure(y, p, numbers([0] * 100))

    assert (measures.precision_at_20, measures.lift_at_20) == (1.0, 4.0)
    assert (measures.precision_at_50, measures.lift_at_50) == (0.5, 2.0)


@pytest.mark.parametrize(("sign", "precision", "lift"), [("+", 1.0, 1.0), ("-", 0.0, None)])
def test_rows_of_one_class_have_no_area_under_the_roc_curve(
    sign: str, precision: float, lift: float | None
) -> None:
    measures = measure(bools(sign * 3), np.array([0.2, 0.6, 0.4]), numbers([0, 0, 1]))

    assert measures.auc is None
    assert measures.average_precision == (1.0 if sign == "+" else None)
    assert (measures.precision_at_20, measures.lift_at_20) == (precision, lift)
    assert np.isfinite([measures.log_loss, measures.brier, measures.calibration_error]).all()
