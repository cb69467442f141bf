import numpy as np
import pytest

from songpop.model.architecture import build_network
from songpop.model.loop import TrainingLoop
from songpop.model.sample import Sample
from songpop.settings import TrainingSettings
from tests.songpop.model.builders import quick_settings

RNG = np.random.default_rng(14)
X = RNG.normal(size=(96, 5)).astype(np.float32)
SAMPLE = Sample(X, X[:, 0] + X[:, 1] > 0)
ORDER = np.arange(96, dtype=np.int32).reshape(3, 32)


def make_loop(**overrides: object) -> TrainingLoop:
    """Return a loop of a small network, reset with seed 1."""
    loop = TrainingLoop(5, quick_settings(**overrides))
    loop.reset(np.random.default_rng(1))
    return loop


@pytest.mark.parametrize("regularizer", ["none", "l1", "l2"])
def test_an_epoch_moves_the_weights_as_keras_train_on_batch_does(regularizer: str) -> None:
    settings = quick_settings(regularizer=regularizer, dropout=0.0)
    loop = make_loop(regularizer=regularizer, dropout=0.0)
    network = build_network(5, settings, strength=0.01)
    for variable, value in zip(network.variables, loop.weights(), strict=True):
        variable.assign(value)
    from songpop.model.keras_runtime import load_keras  # noqa: PLC0415 - as the code under test

    _, keras = load_keras()
    network.compile(optimizer=keras.optimizers.RMSprop(0.01), loss="binary_crossentropy")
    for batch in ORDER:
        network.train_on_batch(SAMPLE.x[batch], SAMPLE.y[batch, None].astype(np.float32))
    loop.run_epoch(loop.tensors(SAMPLE), ORDER, strength=0.01, rate=0.01)

    for variable, value in zip(network.variables, loop.weights(), strict=True):
        assert value == pytest.approx(variable.numpy(), abs=2e-4)


def test_a_reset_gives_the_same_start_and_the_same_epoch() -> None:
    loop = make_loop()
    rows = loop.tensors(SAMPLE)
    start = loop.weights()
    first = loop.run_epoch(rows, ORDER, strength=0.01, rate=0.01)
    loop.reset(np.random.default_rng(1))

    assert all(np.array_equal(a, b) for a, b in zip(start, loop.weights(), strict=True))
    assert loop.run_epoch(rows, ORDER, strength=0.01, rate=0.01) == first


def test_given_weights_are_judged_and_the_network_stays() -> None:
    loop = make_loop()
    rows = loop.tensors(SAMPLE)
    start, before = loop.weights(), loop.log_loss(rows)
    loop.run_epoch(rows, ORDER, strength=0.01, rate=0.01)
    moved, after = loop.weights(), loop.log_loss(rows)

    assert loop.log_loss_of(rows, start) == before != after
    assert loop.log_loss_of(rows, moved) == after == loop.log_loss(rows)


def test_another_seed_gives_another_start() -> None:
    loop = make_loop()
    start = loop.weights()
    loop.reset(np.random.default_rng(2))

    assert not np.array_equal(start[0], loop.weights()[0])


def test_a_stronger_penalty_gives_smaller_weights() -> None:
    sizes = []
    for strength in (0.0, 0.5):
        loop = make_loop()
        for _ in range(5):
            loop.run_epoch(loop.tensors(SAMPLE), ORDER, strength=strength, rate=0.01)
        sizes.append(float(np.abs(loop.weights()[0]).sum()))

    assert sizes[1] < 0.7 * sizes[0]


def test_the_loss_is_that_of_the_network_without_dropout() -> None:
    loop = make_loop(dropout=0.5)
    rows = loop.tensors(SAMPLE)

    assert loop.log_loss(rows) == loop.log_loss(rows)
    assert loop.log_loss(rows) == pytest.approx(0.7, abs=0.3)


def test_settings_default_to_the_designs() -> None:
    settings = TrainingSettings()

    assert settings.hidden_units == (128, 64, 32, 16)
    assert (settings.dropout, settings.batch_norm_momentum) == (0.3, 0.99)
    assert (settings.learning_rate, settings.halve_every_epochs) == (0.01, 10)
