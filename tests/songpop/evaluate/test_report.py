import datetime as dt

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from songpop.evaluate import report
from songpop.evaluate.clusters import ClusterBootstrap
from songpop.evaluate.report import (
    WHOLE,
    Evaluation,
    Intervals,
    evaluate,
    number_groups,
)

Floats = NDArray[np.float64]

FIRST = dt.date(2024, 1, 4)
COUNT = 600
WEEK_OF = np.arange(COUNT) * 3 // COUNT
TRUTH = np.random.default_rng(1).uniform(0.05, 0.95, COUNT)
Y = np.random.default_rng(2).random(COUNT) < TRUTH


@pytest.fixture(autouse=True)
def _few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    def few(artists: NDArray[np.intp], weeks: NDArray[np.intp], seed: int) -> ClusterBootstrap:
        return ClusterBootstrap(artists, weeks, seed, draws_count=100)

    monkeypatch.setattr(report, "ClusterBootstrap", few)


def make_rows(y: NDArray[np.bool_] = Y) -> report.TestedRows:
    """Return three weeks of two hundred rows by sixty artists, half of them known."""
    number = np.arange(COUNT)
    return report.TestedRows(
        keys=pl.DataFrame(
            {
                "feed": ["f"] * COUNT,
                "week": [FIRST + dt.timedelta(weeks=int(week)) for week in WEEK_OF],
            }
        ),
        facts=pl.DataFrame(
            {
                "artist": [f"a{n % 60}" for n in number],
                "size": (number % 200 + 1) / 200,
                "today": (number % 200 + 1) / 200,
                "age_weeks": np.where(number % 3 == 0, 2.0, 100.0),
            }
        ),
        y=y,
        is_known_artist=number % 2 == 0,
    )


def make_intervals() -> Intervals:
    """Return intervals that miss every outcome of the first week and hold those of the others."""
    outcome = np.linspace(0.01, 0.99, COUNT)
    low = np.where(WEEK_OF == 0, outcome + 0.005, np.maximum(outcome - 0.1, 0))
    return Intervals(
        low=low,
        high=low + 0.2,
        outcome=outcome,
        constant_low=np.full(COUNT, 0.25),
        constant_high=np.full(COUNT, 0.75),
    )


def evaluate_three() -> Evaluation:
    scores = {"network": TRUTH, "constant": np.full(COUNT, 0.5), "worst": 1 - TRUTH}
    return evaluate(make_rows(), scores, make_intervals(), seed=1)


def test_the_network_comes_first_and_is_compared_with_each_other_model() -> None:
    evaluation = evaluate_three()

    assert [one.model for one in evaluation.models] == ["network", "constant", "worst"]
    assert [one.other for one in evaluation.comparisons] == ["constant", "worst"]
    assert evaluation.model("worst") == evaluation.models[2]


def test_a_better_network_has_the_lower_loss_and_the_larger_area() -> None:
    for comparison in evaluate_three().comparisons:
        assert comparison.log_loss.high < 0
        assert comparison.auc is not None
        assert comparison.auc.low > 0


def test_differences_are_those_of_the_models_figures() -> None:
    evaluation = evaluate_three()
    network, worst = evaluation.model("network").whole, evaluation.model("worst").whole
    comparison = evaluation.comparisons[1]

    assert comparison.log_loss.mean == pytest.approx(network.log_loss - worst.log_loss)
    assert comparison.auc is not None
    assert comparison.auc.mean == pytest.approx((network.auc or 0) - (worst.auc or 0))


def test_every_model_is_measured_on_the_same_slices_the_whole_first() -> None:
    evaluation = evaluate_three()
    slices = [list(one.slices) for one in evaluation.models]
    intervals = evaluation.intervals

    assert intervals is not None
    assert slices[0] == slices[1] == slices[2] == list(intervals.slices)
    assert slices[0][0] == WHOLE
    assert {"age: 0 to 3 weeks", "size: middle fifth", "artist: known"} < set(slices[0])
    known = evaluation.models[0].slices["artist: known"]
    assert (known.rows_count, known.base_rate) == (300, Y[::2].mean())


def test_coverage_by_week_adds_up_to_that_of_all_rows() -> None:
    intervals = evaluate_three().intervals

    assert intervals is not None
    by_week = [(week, part.rows_count, part.coverage) for week, part in intervals.weeks.items()]
    assert by_week == [("2024-01-04", 200, 0), ("2024-01-11", 200, 1), ("2024-01-18", 200, 1)]
    whole = intervals.slices[WHOLE]
    assert whole.rows_count == sum(part.rows_count for part in intervals.weeks.values())
    assert whole.coverage == pytest.approx(2 / 3)
    assert whole.width == pytest.approx(0.2)


def test_the_constant_interval_is_judged_beside() -> None:
    intervals = evaluate_three().intervals

    assert intervals is not None
    assert intervals.constant.coverage == pytest.approx(0.51, abs=0.01)
    assert intervals.constant.width == 0.5


def test_an_outcome_on_an_end_lies_inside() -> None:
    ends = np.full(COUNT, 0.5)
    intervals = evaluate(
        make_rows(), {"network": TRUTH}, Intervals(ends, ends, ends, ends, ends), seed=1
    ).intervals

    assert intervals is not None
    assert intervals.slices[WHOLE].coverage == 1


def test_without_intervals_there_are_no_figures_of_them() -> None:
    assert evaluate(make_rows(), {"network": TRUTH}, None, seed=1).intervals is None


def test_rows_of_one_class_are_compared_by_their_loss_alone() -> None:
    rows = make_rows(np.ones(COUNT, dtype=np.bool_))
    scores = {"network": TRUTH, "constant": np.full(COUNT, 0.5)}

    evaluation = evaluate(rows, scores, None, seed=1)

    assert evaluation.models[0].whole.auc is None
    assert evaluation.comparisons[0].auc is None


def test_an_evaluation_survives_json() -> None:
    evaluation = evaluate_three()

    assert Evaluation.model_validate_json(evaluation.model_dump_json()) == evaluation


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.none() | st.integers(0, 2)), min_size=1),
)
def test_rows_share_a_number_if_and_only_if_they_are_equal(
    rows: list[tuple[str, int | None]],
) -> None:
    frame = pl.DataFrame(rows, schema={"feed": pl.String, "week": pl.Int64}, orient="row")

    groups = number_groups(frame).tolist()

    assert len(set(groups)) == len(set(rows)) == len(set(zip(groups, rows, strict=True)))
    assert min(groups) >= 0
