import pytest

from songpop.gate import warn_of
from tests.songpop.card.builders import make_evaluation


def test_a_model_without_a_test_is_not_yet_compared() -> None:
    assert warn_of(None) == ("not yet compared with baselines: nothing was left to test it on")


def test_a_model_that_beats_what_is_simpler_needs_no_warning() -> None:
    losses = {"network": 0.3, "constant": 0.6, "persistence": 0.4, "logistic": 0.31}

    assert warn_of(make_evaluation({**losses, "boosting": 0.2})) is None


@pytest.mark.parametrize("loss", [0.3, 0.29])
def test_a_model_that_does_not_beat_a_simpler_one_says_so(loss: float) -> None:
    losses = {"network": 0.3, "constant": 0.6, "persistence": loss, "logistic": 0.25}

    assert warn_of(make_evaluation(losses)) == (
        f"does not beat persistence ({loss:.4f}) and logistic (0.2500): log loss 0.3000 on "
        "6,000 test rows"
    )


@pytest.mark.parametrize("simpler", ["constant", "persistence", "logistic"])
def test_each_simpler_model_has_to_be_beaten(simpler: str) -> None:
    losses = {"network": 0.3, "constant": 0.6, "persistence": 0.4, "logistic": 0.31}

    warning = warn_of(make_evaluation({**losses, simpler: 0.2}))

    assert warning is not None
    assert warning.startswith(f"does not beat {simpler} (0.2000): log loss 0.3000 ")


def test_a_logistic_model_is_not_compared_with_itself() -> None:
    assert warn_of(make_evaluation({"logistic": 0.3, "constant": 0.6, "boosting": 0.2})) is None
