import pytest
from pydantic import ValidationError

from songpop.reproduce.plan import ReproducePlan
from songpop.settings import TrainingSettings


def test_networks_have_the_written_settings() -> None:
    network = ReproducePlan().network

    assert network.hidden_units == (128, 64, 32, 16)
    assert (network.learning_rate, network.halve_every_epochs) == (0.01, 10)
    assert (network.dropout, network.batch_norm_momentum) == (0.3, 0.99)


def test_epochs_are_tried_where_the_rate_is_halved() -> None:
    assert ReproducePlan().epochs == (20, 30, 40, 50, 60)
    assert ReproducePlan(network=TrainingSettings(max_epochs=4)).epochs == (4,)


def test_the_written_strength_is_among_those_tried() -> None:
    assert 0.05 in ReproducePlan().l2_grid


def test_settings_of_the_file_take_the_place_of_the_shipped_ones() -> None:
    training = TrainingSettings(l2_grid=(0.5,), dropout=0.1)
    plan = ReproducePlan.of(training, seeds_count=3)

    assert (plan.l2_grid, plan.network.dropout, plan.seeds_count) == ((0.5,), 0.1, 3)
    assert ReproducePlan.of(TrainingSettings(), 5) == ReproducePlan()


def test_unknown_keys_are_refused() -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        ReproducePlan.model_validate({"seed": 1})
