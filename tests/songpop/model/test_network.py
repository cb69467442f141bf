import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from songpop.model.forward import forward_logits
from songpop.model.loop import Weights
from songpop.model.network import NetworkTrainer, Schedule, shuffled_batches
from songpop.model.sample import Sample
from tests.songpop.model.builders import quick_settings


def make_sample(rows: int, seed: int) -> Sample:
    """Return rows of five inputs, the first two of which tell the label with some noise."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, 5)).astype(np.float32)
    return Sample(x, x[:, 0] + x[:, 1] + rng.normal(0, 0.5, rows) > 0)


FIT, STOP = make_sample(600, 1), make_sample(200, 2)


def test_training_learns_what_the_inputs_tell() -> None:
    trainer = NetworkTrainer(5, quick_settings(max_epochs=20, patience_epochs=20))
    fitted = trainer.fit(FIT, STOP, strength=0.0001, seed=1)

    assert fitted.log_loss is not None
    assert fitted.log_loss < 0.45


def test_the_same_seed_gives_the_same_weights_even_after_other_fits() -> None:
    trainer = NetworkTrainer(5, quick_settings())
    first = trainer.fit(FIT, STOP, strength=0.001, seed=1)
    other = trainer.fit(FIT, STOP, strength=0.1, seed=2)
    again = NetworkTrainer(5, quick_settings()).fit(FIT, STOP, strength=0.001, seed=1)
    third = trainer.fit(FIT, STOP, strength=0.001, seed=1)

    for a, b, c in zip(first.weights, again.weights, third.weights, strict=True):
        assert np.array_equal(a, b)
        assert np.array_equal(a, c)
    assert not np.array_equal(first.weights[0], other.weights[0])
    assert trainer.export(first)[1] == trainer.export(again)[1]


def test_the_best_epoch_is_kept_and_lateness_ends_the_fit() -> None:
    trainer = NetworkTrainer(5, quick_settings(max_epochs=60, patience_epochs=3, learning_rate=0.1))
    fitted = trainer.fit(FIT, STOP, strength=0.0, seed=1)
    losses = [epoch.judge for epoch in fitted.curve]
    stack, _ = trainer.export(fitted)
    p = 1 / (1 + np.exp(-forward_logits([stack], STOP.x).astype(float)))

    assert fitted.log_loss == min(loss for loss in losses if loss is not None)
    assert len(losses) == losses.index(fitted.log_loss) + 1 + 3
    assert fitted.log_loss == pytest.approx(-np.mean(np.log(np.where(STOP.y, p, 1 - p))), abs=1e-5)


def test_a_schedule_bounds_the_epochs_and_sets_the_rate() -> None:
    trainer = NetworkTrainer(5, quick_settings())
    short = trainer.fit(FIT, None, 0.0, 1, Schedule(epochs_count=2))
    slow = trainer.fit(FIT, None, 0.0, 1, Schedule(epochs_count=2, learning_rate=1e-6))

    assert (len(short.curve), short.epochs_count) == (2, 2)
    assert slow.learning_rate == 1e-6
    assert slow.curve[-1].fit > short.curve[-1].fit


def test_the_mean_of_the_last_epochs_is_kept() -> None:
    def weights_after(epochs: int, averaged: int) -> Weights:
        trainer = NetworkTrainer(5, quick_settings(averaged_epochs=averaged))
        return trainer.fit(FIT, None, 0.001, 1, Schedule(epochs_count=epochs)).weights

    means = weights_after(4, averaged=2)

    for mean, third, fourth in zip(
        means, weights_after(3, averaged=1), weights_after(4, averaged=1), strict=True
    ):
        # Dropout's generator goes on from the last epoch.
        wanted = (third + fourth) / 2 if fourth.dtype == np.float32 else fourth
        assert mean == pytest.approx(wanted, rel=1e-5, abs=1e-7)
        assert mean.dtype == fourth.dtype


def test_judging_the_mean_does_not_disturb_the_way() -> None:
    trainer = NetworkTrainer(5, quick_settings(averaged_epochs=3))
    judged = trainer.fit(FIT, STOP, strength=0.001, seed=1)
    blind = trainer.fit(FIT, None, strength=0.001, seed=1)

    assert [epoch.fit for epoch in judged.curve] == [epoch.fit for epoch in blind.curve]


def test_targets_take_the_place_of_labels() -> None:
    contrary = Sample(FIT.x, FIT.y, (~FIT.y).astype(np.float32))
    trainer = NetworkTrainer(5, quick_settings(max_epochs=20))
    stack, _ = trainer.export(trainer.fit(contrary, None, strength=0.0, seed=1))

    assert np.corrcoef(forward_logits([stack], STOP.x), STOP.y)[0, 1] < -0.5


def test_without_a_judge_all_epochs_are_run() -> None:
    fitted = NetworkTrainer(5, quick_settings()).fit(FIT, None, strength=0.0, seed=1)

    assert len(fitted.curve) == 6
    assert fitted.log_loss is None
    assert fitted.curve[-1].judge is None


@given(st.integers(1, 2_000), st.integers(1, 300), st.integers(0, 9))
def test_batches_are_different_rows_of_one_size(rows: int, batch_rows: int, seed: int) -> None:
    order = shuffled_batches(rows, batch_rows, np.random.default_rng(seed))

    assert len(set(order.ravel())) == order.size
    assert rows - order.shape[1] < order.size <= rows
    assert order.shape[1] == min(rows, max(batch_rows, rows // 256))


def test_an_epoch_has_about_256_batches_at_most() -> None:
    assert shuffled_batches(200_000, 128, np.random.default_rng(1)).shape == (256, 781)
