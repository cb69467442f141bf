import dataclasses

import pytest

from songpop.card.standing import (
    best_baseline,
    explain_identity,
    judge,
    lost_to,
    state_standing,
    state_watch,
)
from songpop.evaluate.clusters import Difference
from songpop.model.calibration import Calibration
from tests.songpop.card.builders import (
    LARGEST,
    make_evaluation,
    make_manifest,
    make_material,
    make_test,
    make_untested,
)

LOSING = {"network": 0.33, "constant": 0.66, "logistic": 0.34, "boosting": 0.32}


@pytest.mark.parametrize(
    ("mean", "low", "high", "words"),
    [
        (-0.02, -0.03, -0.01, "better: shown"),
        (-0.02, -0.05, 0.01, "better: not shown"),
        (-0.02, -0.05, 0.0, "better: not shown"),
        (0.0, -0.01, 0.01, "the same"),
        (0.02, -0.01, 0.05, "worse: not shown"),
        (0.02, 0.01, 0.03, "worse: shown"),
    ],
)
def test_interval_decides_what_is_shown(mean: float, low: float, high: float, words: str) -> None:
    assert judge(Difference(mean=mean, low=low, high=high)) == words


def test_loss_to_a_baseline_comes_first() -> None:
    first = state_standing(make_material(make_evaluation(LOSING))).split("\n")[0]

    assert first.startswith(
        "**It loses to boosting**: log loss 0.330 against 0.320 on 6,000 rows of test"
    )
    assert "difference +0.0100, 95 % interval +0.0050 to +0.0150: this is shown" in first


def test_loss_that_may_be_luck_is_called_so() -> None:
    text = state_standing(make_material(make_evaluation(LOSING, half_width=0.02)))

    assert "this may be luck" in text
    assert "It loses to logistic" not in text


def test_worst_loss_is_named_first() -> None:
    evaluation = make_evaluation({"network": 0.5, "logistic": 0.4, "boosting": 0.3})

    assert [one.other for one in lost_to(evaluation)] == ["boosting", "logistic"]


def test_win_names_the_best_baseline_and_what_is_not_shown() -> None:
    text = state_standing(make_material(make_evaluation(half_width=0.02)))

    assert "is no higher than any baseline's; the best of them is boosting, 0.310" in text
    assert "better than boosting is not shown" in text
    assert "constant" not in text


def test_clear_win_says_that_it_is_shown() -> None:
    assert "Each difference is shown" in state_standing(make_material(make_evaluation()))


def test_best_baseline_is_that_of_the_slice() -> None:
    evaluation = make_evaluation(
        LOSING, largest={"network": 0.3, "constant": 0.1, "logistic": 0.2, "boosting": 0.3}
    )
    whole, largest = best_baseline(evaluation), best_baseline(evaluation, LARGEST)

    assert whole is not None
    assert largest is not None
    assert (whole.model, largest.model) == ("boosting", "constant")
    assert best_baseline(make_evaluation({"network": 0.3})) is None


def test_untested_model_says_what_is_missing_and_when_it_can_be_known() -> None:
    text = state_standing(make_untested())

    assert text.startswith("**Not tested**")
    assert "at least 16 weeks with known outcomes" in text
    assert "week by week, once the export of 2025-01-09 or a later one" in text


def test_untested_snapshot_promises_no_later_figures() -> None:
    text = state_standing(make_untested(label="snapshot"))

    assert text.startswith("**Not tested**")
    assert "model_performance" not in text


def test_tested_model_without_baselines_says_so() -> None:
    material = make_material(manifest=make_manifest(test=make_test()))

    assert state_standing(material).startswith("**Not compared**")


def test_refused_model_has_no_scores_to_watch() -> None:
    material = dataclasses.replace(make_untested(), decision="refused: log loss not below")

    assert "no published scores" in state_watch(material)


def test_missing_calibration_has_its_reason() -> None:
    assert explain_identity(Calibration(rows_count=96)) == (
        "96 rows were left for it, and it takes 200"
    )
    assert "contradicted the ranking" in explain_identity(Calibration(rows_count=400))
