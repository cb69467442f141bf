import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from songpop.model.calibration import Calibration, fit_calibration, sigmoid


def make_block(
    rows: int, slope: float, intercept: float, seed: int = 4
) -> tuple[
    np.ndarray[tuple[int], np.dtype[np.float64]], np.ndarray[tuple[int], np.dtype[np.bool_]]
]:
    """Return logits, and labels drawn from their log-odds after an affine map."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, rows)
    return logits, rng.random(rows) < sigmoid(slope * logits + intercept)


def test_fit_finds_the_map_that_made_the_labels() -> None:
    fitted = fit_calibration(*make_block(50_000, slope=0.6, intercept=-0.4))

    assert fitted.method == "platt"
    assert fitted.slope == pytest.approx(0.6, abs=0.03)
    assert fitted.intercept == pytest.approx(-0.4, abs=0.03)


def test_fit_is_the_maximum_likelihood_but_for_the_smoothed_targets() -> None:
    logits, y = make_block(5_000, slope=1.5, intercept=0.3)
    plain = LogisticRegression(C=np.inf, tol=1e-8).fit(logits[:, None], y)
    fitted = fit_calibration(logits, y)

    assert fitted.slope == pytest.approx(plain.coef_[0, 0], rel=0.01)
    assert fitted.intercept == pytest.approx(plain.intercept_[0], abs=0.01)


def test_separable_classes_give_a_finite_map() -> None:
    logits = np.linspace(-5, 5, 400)
    fitted = fit_calibration(logits, logits > 0)

    assert fitted.method == "platt"
    assert 1 < fitted.slope < 1_000


@pytest.mark.parametrize("rows", [0, 199])
def test_too_few_rows_give_the_identity(rows: int) -> None:
    assert fit_calibration(*make_block(rows, 0.5, 0.0)) == Calibration(rows_count=rows)


def test_one_class_gives_the_identity() -> None:
    logits, y = make_block(300, 1.0, 0.0)

    assert fit_calibration(logits, np.ones_like(y)).method == "identity"


def test_a_model_that_ranks_backwards_gives_the_identity() -> None:
    logits, y = make_block(1_000, slope=-1.0, intercept=0.0)

    assert fit_calibration(logits, y) == Calibration(rows_count=1_000)


def test_sigmoid_does_not_overflow() -> None:
    assert sigmoid(np.array([-1e4, 0.0, 1e4])).tolist() == [0.0, 0.5, 1.0]


@given(st.lists(st.floats(-50, 50, width=32), min_size=1, max_size=30))
def test_probability_rises_with_the_logit_and_stays_within_bounds(logits: list[float]) -> None:
    calibration = Calibration(method="platt", slope=0.7, intercept=0.1)
    p = calibration.probability(np.sort(np.array(logits, dtype=np.float32)))

    assert (np.diff(p) >= 0).all()
    assert ((p >= 0) & (p <= 1)).all()


@pytest.mark.parametrize("logit", [-3.0, 0.0, 0.7])
def test_log_odds_that_are_all_equal_are_moved_to_the_rate(logit: float) -> None:
    y = np.arange(1_000) < 300
    calibration = fit_calibration(np.full(1_000, logit), y)

    assert calibration.probability(np.array([logit])) == pytest.approx([0.3], abs=0.001)
    assert calibration.slope == 1.0
