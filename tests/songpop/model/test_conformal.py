import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from songpop.model.conformal import Conformal, Interval, fit_conformal, fit_constant_interval


def draw(
    rows: int, seed: int
) -> tuple[
    np.ndarray[tuple[int], np.dtype[np.float64]], np.ndarray[tuple[int], np.dtype[np.float64]]
]:
    """Return logits, and percentiles that spread more where the logit is low, some absent."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, rows)
    middle = 1 / (1 + np.exp(-logits))
    outcome = np.clip(middle + rng.normal(0, 0.3 - 0.2 * middle), 0, 1)
    return logits, np.where(rng.random(rows) < 0.05, 0.0, outcome)


def test_coverage_holds_on_new_rows_over_many_draws() -> None:
    shares = []
    for seed in range(40):
        conformal = fit_conformal(*draw(300, seed))
        logits, outcome = draw(2_000, 1_000 + seed)
        low, high = conformal.bounds(logits)
        shares.append(np.mean((low <= outcome) & (outcome <= high)))

    assert 0.8 <= np.mean(shares) <= 0.87  # ties at 0 and 1 can only add


def test_intervals_are_narrower_than_one_for_all_and_cover_each_bin() -> None:
    conformal = fit_conformal(*draw(10_000, 1))
    logits, outcome = draw(20_000, 2)
    low, high = conformal.bounds(logits)
    constant = fit_conformal(np.zeros(10_000), draw(10_000, 1)[1])
    flat_low, flat_high = constant.bounds(np.zeros(1))

    assert len(conformal.bins) == 20
    assert np.mean(high - low) < 0.8 * (flat_high - flat_low)[0]
    for part in np.array_split(np.argsort(logits), 5):
        inside = (low[part] <= outcome[part]) & (outcome[part] <= high[part])
        assert np.mean(inside) >= 0.77


def test_bounds_are_the_corrected_order_statistics() -> None:
    outcome = np.arange(1, 60) / 100

    assert fit_conformal(np.zeros(59), outcome).bins == (
        Interval(log_odds_from=None, low=0.06, high=0.54, rows_count=59),
    )


@pytest.mark.parametrize("rows", [9, 59, 1_000])
def test_the_constant_interval_is_that_of_a_single_bin(rows: int) -> None:
    outcome = draw(rows, 4)[1]
    place = (rows + 1) // 10

    ends = fit_constant_interval(outcome)

    assert ends == (np.sort(outcome)[place - 1], np.sort(outcome)[-place])


def test_the_constant_interval_holds_new_outcomes_whatever_their_order() -> None:
    outcome, later = np.split(np.random.default_rng(6).random(21_000), [1_000])
    low, high = fit_constant_interval(outcome)

    assert fit_constant_interval(outcome[::-1]) == (low, high)
    assert np.mean((low <= later) & (later <= high)) == pytest.approx(0.8, abs=0.04)


@pytest.mark.parametrize("rows", [0, 8])
def test_too_few_rows_give_the_whole_range_as_the_constant_interval(rows: int) -> None:
    assert fit_constant_interval(draw(rows, 3)[1]) == (0.0, 1.0)


@pytest.mark.parametrize("rows", [0, 49])
def test_too_few_rows_give_the_whole_range(rows: int) -> None:
    low, high = fit_conformal(*draw(rows, 3)).bounds(np.array([-9.0, 9.0]))

    assert low.tolist() == [0.0, 0.0]
    assert high.tolist() == [1.0, 1.0]


def test_intervals_survive_json() -> None:
    conformal = fit_conformal(*draw(1_000, 5))

    assert Conformal.model_validate_json(conformal.model_dump_json()) == conformal


@given(
    st.lists(st.tuples(st.floats(-5, 5), st.floats(0, 1)), min_size=1, max_size=200),
    st.lists(st.floats(-10, 10, width=32), max_size=20),
)
def test_bounds_are_ordered_and_within_range(
    block: list[tuple[float, float]], logits: list[float]
) -> None:
    raw, outcome = (np.array(part) for part in zip(*block, strict=True))
    low, high = fit_conformal(raw, outcome).bounds(np.array(logits, dtype=np.float32))

    assert (low >= 0).all()
    assert (low <= high).all()
    assert (high <= 1).all()
