from dataclasses import replace

import pytest

from songpop.backtest.plan import BacktestPlan
from songpop.backtest.run import Backtest
from songpop.backtest.words import (
    count_things,
    describe_label,
    judge_difference,
    list_names,
    show_difference,
    show_figure,
    show_share,
    summarise,
)
from songpop.evaluate.clusters import Difference
from songpop.evaluate.report import Comparison
from tests.songpop.backtest.builders import make_backtest

FOUND = make_backtest()


def with_gaps(**gaps: tuple[float, float, float]) -> Backtest:
    comparisons = tuple(
        Comparison(other=name, log_loss=Difference(mean=mean, low=low, high=high), auc=None)
        for name, (mean, low, high) in gaps.items()
    )
    evaluation = FOUND.evaluation.model_copy(update={"comparisons": comparisons})
    return replace(FOUND, evaluation=evaluation)


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (-0.02, -0.001, "better"),
        (-0.02, 0.0, "not shown"),
        (-0.02, 0.001, "not shown"),
        (0.0, 0.02, "not shown"),
        (0.001, 0.02, "worse"),
    ],
)
def test_only_an_interval_beyond_nought_shows_anything(
    low: float, high: float, verdict: str
) -> None:
    assert judge_difference(Difference(mean=-0.01, low=low, high=high)) == verdict


def test_first_sentence_says_what_was_tested() -> None:
    first, _, _ = summarise(with_gaps(boosting=(-0.01, -0.02, -0.005)))

    assert first == (
        "Tested was the forecast that a track will rank in the upper half of its feed 4 "
        "weeks later, on 720 rows of 2 feeds (charts_de, charts_us) in 6 weeks from 2023-07-06 to "
        "2023-08-10, with 2 fits of every model on the weeks before."
    )


def test_first_sentence_begins_with_a_loss() -> None:
    first, second, _ = summarise(
        with_gaps(logistic=(0.02, 0.01, 0.03), boosting=(0.03, 0.02, 0.0412))
    )

    assert first.startswith("The network loses to logistic regression and boosting: tested was")
    assert second == (
        "The network loses to logistic regression (log-loss difference +0.0200 [+0.0100, "
        "+0.0300]) and boosting (+0.0300 [+0.0200, +0.0412])."
    )


def test_better_is_claimed_only_of_whom_it_is_shown() -> None:
    _, second, _ = summarise(
        with_gaps(
            constant=(-0.3, -0.4, -0.2),
            persistence=(-0.1, -0.2, -0.05),
            logistic=(-0.05, -0.08, -0.02),
            boosting=(0.001, -0.003, 0.005),
        )
    )

    assert second == (
        "The network is better than constant (log-loss difference −0.3000 [−0.4000, −0.2000]), "
        "persistence (−0.1000 [−0.2000, −0.0500]) and logistic regression (−0.0500 [−0.0800, "
        "−0.0200]); better than boosting is not shown: log-loss difference +0.0010 [−0.0030, "
        "+0.0050]."
    )


def test_nothing_shown_is_said_as_a_sentence() -> None:
    _, second, _ = summarise(with_gaps(boosting=(0.0, -0.1, 0.1)))

    assert second.startswith("Better than boosting is not shown: ")


def test_third_sentence_holds_calibration_and_intervals() -> None:
    _, _, third = summarise(FOUND)
    intervals = FOUND.evaluation.intervals

    assert intervals is not None
    own = intervals.slices["all rows"]
    error = FOUND.evaluation.model("network").whole.calibration_error
    assert third.startswith(f"Its calibration error is {error:.4f} (luck alone")
    assert f"held {100 * own.coverage:.1f} % of the outcomes" in third
    assert third.endswith(
        f"width of {own.width:.3f}, one constant interval "
        f"{100 * intervals.constant.coverage:.1f} % at 0.800."
    )


def test_without_intervals_nothing_is_said_of_them() -> None:
    evaluation = FOUND.evaluation.model_copy(update={"intervals": None})

    assert summarise(replace(FOUND, evaluation=evaluation))[2].endswith("independent rows).")


def test_growth_is_told_from_level() -> None:
    found = replace(FOUND, plan=BacktestPlan(label="growth", horizon_weeks=1))

    assert describe_label(found) == (
        "will gain more of its feed's total within 1 week than the median track of its size"
    )


def test_many_names_are_cut_to_five() -> None:
    assert list_names(["a", "b"]) == "a, b"
    assert list_names(list("abcdefg")) == "a, b, c, d, e and 2 more"


def test_numbers_as_words() -> None:
    assert [count_things(count, "week") for count in (1, 2_000)] == ["1 week", "2,000 weeks"]
    assert [show_figure(0.12345), show_figure(None)] == ["0.1235", "–"]
    assert show_share(0.8049) == "80.5 %"
    assert show_difference(None) == "–"
