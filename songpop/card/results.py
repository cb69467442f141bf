"""How good a model is: figures beside its baselines, calibration, intervals, slices."""

from collections.abc import Mapping
from statistics import median

from songpop.card.markdown import (
    bullets,
    count,
    factor,
    level,
    plain,
    rows_of,
    share,
    signed,
    table,
)
from songpop.card.material import CardMaterial
from songpop.card.standing import BASELINE_WORDS, best_baseline, judge, state_watch
from songpop.evaluate.clusters import DRAWS_COUNT
from songpop.evaluate.measures import Measures
from songpop.evaluate.report import WHOLE, Comparison, Coverage, Evaluation, IntervalFigures
from songpop.model.conformal import COVERAGE
from songpop.model.evaluation import BlockMetrics

_CHANCE_ERROR = 0.79
"""A perfect model's calibration error times √rows, from 0.056 on 200 and 0.028 on 800 (DESIGN)."""

_FIGURES = (
    "Log loss: how surprised the scores were by what came, in nats. Brier: mean squared error. "
    "Calibration error: mean distance between scores and the share that came true, over ten "
    "groups. AUC: how often a high track has a higher score than a low one; 0.5 is chance. "
    "Average precision: the share of high tracks from the top of the list down, over all lengths. "
    "At 20, at 50: share of high tracks among so many highest scores of a week; lift: that share "
    "over that of all rows. Of the first three lower is better, of the others higher."
)


def write_results(material: CardMaterial) -> str:
    """Return the section of test figures, with the differences from each baseline."""
    test, evaluation = material.test, material.manifest.metrics.evaluation
    if test is None:
        return "None: see the top of the card."
    if evaluation is None:
        return _alone(test)
    block = material.block("test")
    where = f"On {rows_of(test.rows_count)} that it neither learned from nor was tuned on"
    if material.model.label != "snapshot" and block.first_week is not None:
        where += f", of the weeks {block.first_week} to {block.last_week}"
    watch = "" if material.model.label == "snapshot" else f"\n\n{state_watch(material)}"
    return (
        f"{where}. Baselines are fitted, tuned and calibrated on the same rows.\n\n"
        f"{_figures(evaluation)}\n\n{_FIGURES}\n\n{_baselines(evaluation)}\n\n"
        f"{_differences(evaluation)}{watch}"
    )


def write_calibration(material: CardMaterial) -> str:
    """Return the section on whether scores mean what they say."""
    calibration, test = material.manifest.calibration, material.test
    if calibration.method == "identity":
        lines = [
            (
                f"Scores are not calibrated: {rows_of(calibration.rows_count)} were there to do it "
                "on, and they were too few or told nothing."
            )
        ]
    else:
        lines = [
            (
                "Calibrated score, as log-odds (the logarithm of p / (1 − p)) = "
                f"{calibration.slope:.3f} × raw log-odds {_plus(calibration.intercept)}, fitted on "
                f"{rows_of(calibration.rows_count)}. {_lean(calibration.slope)}"
            )
        ]
    if test is None:
        return "\n\n".join([*lines, "No test rows to check it on."])
    return "\n\n".join([*lines, _reliability(test)])


def write_intervals(material: CardMaterial) -> str:
    """Return the section on the intervals: coverage and width, by size and by week."""
    test, evaluation = material.test, material.manifest.metrics.evaluation
    bins = material.manifest.conformal.bins
    made = (
        f"Intervals promise to hold {share(COVERAGE)} of outcomes, the track's percentile by "
        f"{plain(material.size_label)} (1 the largest, 0 gone). They come in {len(bins)} widths, "
        f"by score, from {rows_of(sum(one.rows_count for one in bins))}."
    )
    figures = None if evaluation is None else evaluation.intervals
    if figures is None:
        return made if test is None else f"{made} {_coverage_alone(test)}"
    rows = {"one interval for all (the baseline)": figures.constant, **figures.slices}
    return f"{made}\n\n{_coverage(rows)}\n\n{_by_week(figures)}"


def write_slices(material: CardMaterial) -> str:
    """Return the section on slices of the test rows."""
    evaluation = material.manifest.metrics.evaluation
    titles = [] if evaluation is None else [t for t in evaluation.models[0].slices if t != WHOLE]
    if evaluation is None or not titles:
        return "None: a slice takes at least 100 test rows."
    header = ("slice", "rows", "high", "log loss", "best baseline", "AUC", "at 20")
    return table(header, (_slice_row(evaluation, title) for title in titles))


def _alone(test: BlockMetrics) -> str:
    return bullets(
        [
            f"{rows_of(test.rows_count)}, {share(test.base_rate)} of them high",
            (
                f"log loss {level(test.log_loss)}, Brier {level(test.brier)}, "
                f"AUC {level(test.auc)}, accuracy {share(test.accuracy)}"
            ),
            "not set beside any baseline",
        ]
    )


def _figures(evaluation: Evaluation) -> str:
    header = (
        "model",
        "log loss",
        "Brier",
        "calibration error",
        "AUC",
        "average precision",
        "at 20",
        "lift at 20",
        "at 50",
        "lift at 50",
    )
    names = [
        f"this model ({evaluation.models[0].model})",
        *(m.model for m in evaluation.models[1:]),
    ]
    figures = [one.whole for one in evaluation.models]
    return table(header, (_row(name, one) for name, one in zip(names, figures, strict=True)))


def _row(name: str, one: Measures) -> tuple[str, ...]:
    return (
        name,
        level(one.log_loss),
        level(one.brier),
        level(one.calibration_error),
        level(one.auc),
        level(one.average_precision),
        share(one.precision_at_20),
        factor(one.lift_at_20),
        share(one.precision_at_50),
        factor(one.lift_at_50),
    )


def _baselines(evaluation: Evaluation) -> str:
    names = [one.model for one in evaluation.models[1:]]
    return bullets(
        f"{plain(name)}: {BASELINE_WORDS.get(name, 'a further baseline')}" for name in names
    )


def _differences(evaluation: Evaluation) -> str:
    header = ("this model less", "log loss", "95 % interval", "AUC", "95 % interval", "it is")
    rows = (_difference_row(one) for one in evaluation.comparisons)
    return (
        "Differences on the same rows, below zero better for the log loss, above zero for the "
        f"AUC. Intervals: {count(DRAWS_COUNT)} times, artists and weeks were drawn anew. "
        "Not shown: the interval of the log loss holds zero, so luck could do it.\n\n"
        + table(header, rows)
    )


def _difference_row(one: Comparison) -> tuple[str, ...]:
    loss, auc = one.log_loss, one.auc
    return (
        one.other,
        signed(loss.mean),
        f"{signed(loss.low)} to {signed(loss.high)}",
        "–" if auc is None else signed(auc.mean),
        "–" if auc is None else f"{signed(auc.low)} to {signed(auc.high)}",
        judge(loss),
    )


def _plus(number: float) -> str:
    return f"{'+' if number >= 0 else '−'} {abs(number):.3f}"


def _lean(slope: float) -> str:
    if slope < 1:
        return "A slope below 1 means that raw scores were too sure, and were drawn towards a half."
    return "A slope of 1 or more means that raw scores were not too sure."


def _reliability(test: BlockMetrics) -> str:
    rows = (
        (str(number), count(one.rows_count), share(one.score_mean), share(one.true_share))
        for number, one in enumerate(test.reliability, start=1)
    )
    chance = _CHANCE_ERROR / test.rows_count**0.5
    return (
        "Test rows in ten groups of rising score; in a good table the last two columns agree:\n\n"
        f"{table(('group', 'rows', 'mean score', 'came true'), rows)}\n\n"
        f"Calibration error {level(test.calibration_error)}; on {rows_of(test.rows_count)} even a "
        f"perfect model shows about {level(chance)}."
    )


def _coverage_alone(test: BlockMetrics) -> str:
    return (
        f"On the test rows they held {share(test.interval_coverage)}, at a mean width of "
        f"{level(test.interval_width)}."
    )


def _coverage(rows: Mapping[str, Coverage]) -> str:
    header = ("test rows", "rows", "held", "mean width")
    lines = (
        (title, count(one.rows_count), share(one.coverage), level(one.width))
        for title, one in rows.items()
    )
    return table(header, lines)


def _by_week(figures: IntervalFigures) -> str:
    held = [one.coverage for one in figures.weeks.values()]
    if len(held) == 1:
        return "All test rows are of one week."
    return (
        f"By week: lowest {share(min(held))}, median {share(median(held))}, highest "
        f"{share(max(held))} held.\n\n{_coverage(figures.weeks)}"
    )


def _slice_row(evaluation: Evaluation, title: str) -> tuple[str, ...]:
    own = evaluation.models[0].slices[title]
    best = best_baseline(evaluation, title)
    other = "–" if best is None else f"{level(best.slices[title].log_loss)} ({best.model})"
    return (
        title,
        count(own.rows_count),
        share(own.base_rate),
        level(own.log_loss),
        other,
        level(own.auc),
        share(own.precision_at_20),
    )
