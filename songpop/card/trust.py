"""How far scores and intervals can be taken at their word."""

from collections.abc import Mapping, Sequence
from statistics import median

from songpop.card.markdown import (
    count,
    level,
    plain,
    rows_of,
    share,
    table,
)
from songpop.card.material import CardMaterial
from songpop.card.standing import (
    explain_identity,
)
from songpop.evaluate.report import Coverage, IntervalFigures
from songpop.model.conformal import COVERAGE, Interval
from songpop.model.evaluation import BlockMetrics

_CHANCE_ERROR = 0.79
"""A perfect model's calibration error times √rows, from 0.056 on 200 and 0.028 on 800 (DESIGN)."""


def write_calibration(material: CardMaterial) -> str:
    """Return the section on whether scores mean what they say."""
    calibration, test = material.manifest.calibration, material.test
    if calibration.method == "identity":
        line = f"Scores are not calibrated: {explain_identity(calibration)}."
    else:
        line = (
            "Calibrated score, as log-odds (the logarithm of p / (1 − p)) = "
            f"{calibration.slope:.3f} × raw log-odds {_plus(calibration.intercept)}, fitted on "
            f"{rows_of(calibration.rows_count)}. {_lean(calibration.slope)}"
        )
    if test is None:
        return f"{line}\n\nNo test rows to check it on."
    return f"{line}\n\n{_reliability(test)}"


def write_intervals(material: CardMaterial) -> str:
    """Return the section on the intervals: coverage and width, by size and by week."""
    test, evaluation = material.test, material.manifest.metrics.evaluation
    bins = material.manifest.conformal.bins
    made = (
        f"Intervals promise to hold {share(COVERAGE)} of outcomes, the track's percentile by "
        f"{plain(material.size_label)} (1 the largest, 0 gone). {_sorts(bins)}."
    )
    figures = None if evaluation is None else evaluation.intervals
    if figures is None:
        return made if test is None else f"{made} {_coverage_alone(test)}"
    rows = {"one interval for all (the baseline)": figures.constant, **figures.slices}
    return f"{made}\n\n{_coverage(rows)}\n\n{_by_week(figures)}"


def _sorts(bins: Sequence[Interval]) -> str:
    rows = rows_of(sum(one.rows_count for one in bins))
    if len(bins) == 1:
        return f"There is one for all scores, from {rows}"
    return f"There are {len(bins)} of them, by score, from {rows}"


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
