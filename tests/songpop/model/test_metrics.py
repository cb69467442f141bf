from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as reference

from songpop.model.metrics import (
    accuracy,
    auc,
    average_ranks,
    brier,
    calibration_noise,
    expected_calibration_error,
    log_loss,
    reliability,
)

Y = np.array([True, False, True, True, False])
P = np.array([0.9, 0.2, 0.4, 0.4, 0.4])


def test_metrics_equal_scikit_learns() -> None:
    assert log_loss(Y, P) == pytest.approx(reference.log_loss(Y, P))
    assert brier(Y, P) == pytest.approx(reference.brier_score_loss(Y, P))
    assert auc(Y, P) == pytest.approx(reference.roc_auc_score(Y, P))
    assert accuracy(Y, P) == pytest.approx(0.6)


def test_one_half_counts_as_high() -> None:
    assert accuracy(np.array([True, False]), np.array([0.5, 0.5])) == 0.5


def test_certain_and_wrong_stays_finite() -> None:
    assert log_loss(np.array([True]), np.array([0.0])) == pytest.approx(-np.log(1e-15))


def test_auc_of_one_class_is_null() -> None:
    assert auc(np.array([True, True]), np.array([0.1, 0.2])) is None


def test_ties_share_the_mean_of_their_ranks() -> None:
    assert average_ranks(np.array([3.0, 1.0, 3.0, 2.0])).tolist() == [3.5, 1.0, 3.5, 2.0]


def test_reliability_bins_hold_equal_mass_in_order_of_score() -> None:
    p = np.linspace(0, 1, 95)
    table = reliability(p > 0.3, p)

    assert [bin_.rows_count for bin_ in table] == [10] * 5 + [9] * 5
    assert [bin_.score_mean for bin_ in table] == sorted(bin_.score_mean for bin_ in table)


def test_calibration_error_weighs_bins_by_rows() -> None:
    y = np.array([True, False, False, False])
    p = np.array([0.5, 0.5, 0.5, 0.5])

    assert expected_calibration_error(reliability(y, p, bins=1)) == pytest.approx(0.25)
    assert expected_calibration_error(()) is None


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=2, max_size=40), st.randoms())
def test_no_metric_depends_on_the_order_of_rows(
    rows: list[tuple[bool, float]], random: Random
) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    (y, p), (y2, p2) = ((np.array(part) for part in zip(*r, strict=True)) for r in (rows, shuffled))

    assert auc(y, p) == pytest.approx(auc(y2, p2))
    assert log_loss(y, p) == pytest.approx(log_loss(y2, p2))
    assert brier(y, p) == pytest.approx(brier(y2, p2))


def test_calibration_noise_is_what_a_perfect_model_shows() -> None:
    rng = np.random.default_rng(3)
    p = rng.beta(0.6, 0.8, 2_000)
    tables = [reliability(rng.random(p.size) < p, p) for _ in range(200)]
    shown = [expected_calibration_error(table) or 0.0 for table in tables]

    assert calibration_noise(tables[0]) == pytest.approx(np.mean(shown), rel=0.1)
    assert calibration_noise(()) == 0.0
