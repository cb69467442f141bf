import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from songpop.model.metrics import auc
from songpop.reproduce.bootstrap import Bootstrap
from tests.songpop.reproduce.builders import make_scores

Y = np.arange(400) % 2 == 0
ARTISTS = np.arange(400) // 4
GOOD, BAD = make_scores(Y, 0.5), make_scores(Y, 2.0)


def test_difference_is_that_of_all_rows() -> None:
    bootstrap = Bootstrap(ARTISTS, 200, seed=1)
    found = bootstrap.compare_auc(Y, GOOD, BAD)
    one, other = auc(Y, GOOD), auc(Y, BAD)

    assert one is not None
    assert other is not None
    assert found.mean == pytest.approx(one - other)
    assert found.low < found.mean < found.high


def test_better_model_has_an_interval_below_zero_and_equal_ones_have_none() -> None:
    bootstrap = Bootstrap(ARTISTS, 200, seed=1)

    assert bootstrap.compare_log_loss(Y, GOOD, BAD).high < 0
    equal = bootstrap.compare_log_loss(Y, GOOD, GOOD)
    assert (equal.mean, equal.low, equal.high) == (0.0, 0.0, 0.0)


def test_rows_of_one_artist_are_drawn_together() -> None:
    noise = np.random.default_rng(3).normal(0, 1, 100)[ARTISTS]
    other = 1 / (1 + np.exp(-(np.where(Y, 2.0, -2.0) + np.where(Y, 1, -1) * noise)))
    base = np.where(Y, 0.88, 0.12)
    apart = Bootstrap(np.arange(400), 400, seed=1).compare_log_loss(Y, other, base)
    together = Bootstrap(ARTISTS, 400, seed=1).compare_log_loss(Y, other, base)

    assert together.high - together.low > 1.5 * (apart.high - apart.low)


def test_numbers_of_artists_need_not_be_dense() -> None:
    dense = Bootstrap(ARTISTS, 100, seed=1).compare_log_loss(Y, GOOD, BAD)

    assert Bootstrap(ARTISTS * 7 + 3, 100, seed=1).compare_log_loss(Y, GOOD, BAD) == dense


@settings(max_examples=20)
@given(st.integers(0, 1_000))
def test_turning_the_models_round_turns_the_interval_round(seed: int) -> None:
    bootstrap = Bootstrap(ARTISTS, 100, seed)
    one, other = make_scores(Y, 1.0, seed), make_scores(Y, 1.0, seed + 1)
    there, back = (bootstrap.compare_auc(Y, *pair) for pair in ((one, other), (other, one)))

    assert (there.mean, there.low, there.high) == pytest.approx((-back.mean, -back.high, -back.low))
