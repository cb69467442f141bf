import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from songpop.reproduce.measure import (
    Confusion,
    count_confusion,
    mean_measures,
    measure,
    spread_measures,
)

Y = np.array([True, True, True, False, False, False])
P = np.array([0.9, 0.5, 0.2, 0.8, 0.1, 0.3])


def test_one_half_counts_as_high() -> None:
    assert count_confusion(Y, P) == Confusion(2, 1, 1, 2)


def test_figures_are_those_of_their_definitions() -> None:
    found = measure(Y, P)

    assert (found.precision, found.recall, found.f1) == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    assert found.accuracy == pytest.approx(4 / 6)
    assert found.auc == pytest.approx(6 / 9)
    assert found.log_loss == pytest.approx(-np.mean(np.log(np.where(Y, P, 1 - P))))
    assert found.brier == pytest.approx(np.mean((P - Y) ** 2))


def test_nothing_predicted_high_has_no_precision() -> None:
    found = measure(Y, np.full(6, 0.1))

    assert (found.precision, found.recall, found.f1) == (0.0, 0.0, 0.0)


def test_mean_and_spread_are_taken_figure_by_figure() -> None:
    one, other = measure(Y, P), measure(Y, 1 - P)
    mean, spread = mean_measures([one, other]), spread_measures([one, other])

    assert mean.auc == pytest.approx(0.5)
    assert spread.auc == pytest.approx(abs(one.auc - other.auc) / np.sqrt(2))
    assert spread_measures([one]).auc == 0.0


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=2, max_size=50))
def test_figures_agree_with_each_other(rows: list[tuple[bool, float]]) -> None:
    y = np.array([True, False, *(high for high, _ in rows)])
    p = np.array([0.6, 0.4, *(score for _, score in rows)])
    found, counts = measure(y, p), count_confusion(y, p)

    right = counts.true_positives + counts.true_negatives
    assert found.accuracy == pytest.approx(right / y.size)
    assert 0 <= min(found.precision, found.recall) <= found.f1 <= 1
    assert found.f1 <= max(found.precision, found.recall) + 1e-12
    assert 0 <= found.auc <= 1
