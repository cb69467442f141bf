import numpy as np
import pytest

from songpop.evaluate.clusters import ClusterBootstrap
from songpop.gate.calibration import bound_calibration_error, make_binned_error
from songpop.model.metrics import expected_calibration_error, reliability


def draw(seed: int, rows: int = 2_600, off: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    p = rng.random(rows)
    return rng.random(rows) < np.clip(p + off, 0, 1), p


def bootstrap(rows: int, draws_count: int = 200) -> ClusterBootstrap:
    number = np.arange(rows)
    return ClusterBootstrap(number % 100, number * 13 // rows, 1, draws_count)


def test_error_of_the_rows_as_they_are_is_that_of_the_reliability_table() -> None:
    y, p = draw(1)

    assert make_binned_error(y, p)(np.ones(y.size)) == pytest.approx(
        expected_calibration_error(reliability(y, p))
    )


def test_a_weight_counts_as_so_many_rows() -> None:
    y, p = draw(2, rows=10)
    weights = np.arange(10.0)

    gaps = np.abs(weights * (p - y)).sum() / weights.sum()

    assert make_binned_error(y, p)(weights) == pytest.approx(gaps)


def test_a_perfect_model_is_hardly_ever_demonstrably_off() -> None:
    lows = [bound_calibration_error(bootstrap(2_600), *draw(seed)).low for seed in range(20)]

    assert max(lows) < 0.03


def test_the_lower_end_takes_off_what_chance_adds() -> None:
    y, p = draw(3)
    found = bound_calibration_error(bootstrap(y.size), y, p)

    assert 0 <= found.low < 0.01 < found.mean
    assert found.low <= found.high <= 1


def test_a_model_that_is_off_by_a_tenth_is_found_out() -> None:
    y, p = draw(4, off=0.1)

    assert bound_calibration_error(bootstrap(y.size), y, p).low > 0.03
