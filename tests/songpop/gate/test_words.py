import pytest

from songpop.evaluate.clusters import Difference
from songpop.gate import judge
from songpop.gate.verdict import GateFigures, SliceFigures
from songpop.gate.words import (
    say_gain,
    say_miscalibrated,
    say_rows,
    say_scant,
    say_small_gain,
    say_unbeaten,
    say_worse_ages,
)
from tests.songpop.gate.make_evidence import QUICK, gap, make_evidence


def make_figures(**parts: object) -> GateFigures:
    figures = judge(make_evidence(weeks=1, rows=40), QUICK).figures
    assert figures is not None
    return figures.model_copy(update=parts)


def test_numbers_of_rows_and_weeks_are_in_words() -> None:
    assert say_rows(1, 1) == "1 row of 1 week"
    assert say_rows(5_200, 26) == "5,200 rows of 26 weeks"


def test_a_gain_names_losses_rows_and_interval() -> None:
    figures = judge(make_evidence(), QUICK).figures

    assert figures is not None
    gap = figures.difference
    assert say_gain(figures) == (
        "its forecasts came closer to what happened than the champion's on 5,200 rows of 26 weeks "
        "that neither has seen (log loss, less is better: "
        f"{figures.challenger_log_loss:.4f} against {figures.champion_log_loss:.4f}, "
        f"difference {gap.mean:+.4f}, 95 % interval {gap.low:+.4f} to {gap.high:+.4f})"
    )
    assert say_scant(figures) is None


@pytest.mark.parametrize("mean", [0.0, 0.2])
def test_a_challenger_that_gains_nothing_came_no_closer(mean: float) -> None:
    said = say_gain(make_figures(difference=gap(mean)))

    assert said.startswith("its forecasts came no closer to what happened than the champion's on ")


def test_a_gain_of_exactly_the_margin_is_not_enough() -> None:
    shown = Difference(mean=-0.01, low=-0.02, high=-0.0051)
    short = Difference(mean=-0.01, low=-0.02, high=-0.005)

    assert say_small_gain(make_figures(difference=shown)) is None
    said = say_small_gain(make_figures(difference=short))
    assert said is not None
    assert said.startswith("not shown to be better by 0.005: its forecasts came closer ")


def test_a_calibration_error_may_be_demonstrated_up_to_the_most_that_is_allowed() -> None:
    allowed = Difference(mean=0.05, low=0.03, high=0.07)
    off = Difference(mean=0.05, low=0.031, high=0.07)

    assert say_miscalibrated(make_figures(calibration_error=allowed)) is None
    assert say_miscalibrated(make_figures(calibration_error=off)) == (
        "what it calls likely does not happen as often as it says (calibration error 0.050, of "
        "which 0.031 is demonstrated, above 0.03)"
    )


def test_an_age_may_lose_up_to_the_most_that_is_allowed() -> None:
    rules = QUICK.model_copy(update={"max_auc_loss": 0.25})  # exact in binary
    slices = {
        "young": SliceFigures(rows_count=1_000, champion_auc=0.75, challenger_auc=0.5),
        "old": SliceFigures(rows_count=2_000, champion_auc=0.75, challenger_auc=0.499),
    }

    assert say_worse_ages(make_figures(rules=rules, slices=slices)) == [
        (
            "old: ranks tracks worse than the champion (AUC 0.499 against 0.750 on 2,000 rows, "
            "a loss above 0.25)"
        )
    ]


def test_a_baseline_that_comes_as_close_is_not_beaten() -> None:
    baselines = {"constant": gap(-0.0001), "persistence": gap(0.0)}

    assert say_unbeaten(make_figures(baselines=baselines)) == [
        (
            "does not beat persistence: its forecasts came no closer to what happened (log loss "
            "+0.0000 beside it, below 0 would be better)"
        )
    ]
