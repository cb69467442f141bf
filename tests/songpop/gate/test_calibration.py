import numpy as np
import pytest

from songpop.evaluate.clusters import ClusterBootstrap
from songpop.gate.calibration import BINS_COUNT, bound_calibration_error, make_binned_error
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


def test_tied_probabilities_fall_into_bins_in_the_order_of_the_rows() -> None:
    y, p = draw(5)
    tied = np.floor(p * 10) / 10

    assert make_binned_error(y, tied)(np.ones(y.size)) == pytest.approx(
        expected_calibration_error(reliability(y, tied))
    )


def test_ties_that_alternate_keep_the_order_of_the_rows() -> None:
    p = np.tile([0.3, 0.5], 300)
    y = np.arange(600) < 300
    order = [*range(0, 600, 2), *range(1, 600, 2)]

    bins = (p - y)[order].reshape(BINS_COUNT, -1)

    assert make_binned_error(y, p)(np.ones(600)) == pytest.approx(np.abs(bins.sum(1)).sum() / 600)


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


def test_an_error_of_nothing_has_no_end_below_nothing() -> None:
    # In every bin as many are high as are foreseen; the samples differ from that, always upwards.
    y = np.arange(2_000) % 2 == 0
    found = bound_calibration_error(bootstrap(y.size), y, np.full(y.size, 0.5))

    assert (found.mean, found.low, found.high) == (0, 0, 0)


def test_no_end_is_above_one() -> None:
    # Nine of ten artists' rows are foreseen as wrongly as can be; some samples hold fewer of them.
    artists = np.arange(1_000) % 10
    found = bound_calibration_error(
        ClusterBootstrap(artists, np.zeros(1_000, dtype=np.intp), 1, 200),
        artists == 0,
        np.ones(1_000),
    )

    assert found.mean == pytest.approx(0.9)
    assert found.low < found.mean
    assert found.high == 1


def test_a_model_that_is_off_by_a_tenth_is_found_out() -> None:
    y, p = draw(4, off=0.1)

    assert bound_calibration_error(bootstrap(y.size), y, p).low > 0.03
