"""The plots of a backtest's page, each small enough for a phone."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

import numpy as np

from songpop.backtest.run import Backtest
from songpop.backtest.words import TITLES
from songpop.evaluate.report import IntervalFigures
from songpop.model.conformal import COVERAGE
from songpop.model.metrics import ReliabilityBin
from songpop.pages.drawing import Axes, render
from songpop.pages.style import BLUE, BROWN, GREEN, GREY, RUST

_INCHES: Final = (4.6, 3.0)
_SQUARE_INCHES: Final = (3.7, 3.5)
_MARGIN: Final = dt.timedelta(weeks=2)
_STYLES: Final = {
    "network": {"color": BLUE, "ls": "-", "marker": "o"},
    "constant": {"color": GREY, "ls": ":", "marker": "s"},
    "persistence": {"color": BROWN, "ls": "-.", "marker": "v"},
    "logistic": {"color": RUST, "ls": "--", "marker": "^"},
    "boosting": {"color": GREEN, "ls": "--", "marker": "D"},
}
"""Told apart by colour, by line and by marker."""


def draw_losses(found: Backtest) -> str:
    """Draw the log loss of each model over the origins, a line a model."""
    starts = [origin.weeks.test[0] for origin in found.origins]

    def draw(axes: Axes) -> None:
        for one in found.evaluation.models:
            losses = [origin.evaluation.model(one.model).whole.log_loss for origin in found.origins]
            axes.plot(starts, losses, label=TITLES[one.model], ms=3, lw=1.2, **_STYLES[one.model])
        axes.set(ylabel="log loss, nats", ylim=(0, None))
        axes.legend(fontsize=7, frameon=False, ncols=3, loc="lower center")
        _show_dates(axes, starts)

    return render([draw], "Log loss of each model by the first tested week", inches=_INCHES)


def draw_gaps(found: Backtest, other: str) -> str:
    """Draw the network's log loss less *other*'s at each origin, with 95 % intervals."""
    points = [
        (origin.weeks.test[0], one.log_loss)
        for origin in found.origins
        for one in origin.evaluation.comparisons
        if one.other == other
    ]
    starts = [start for start, _ in points]
    means = np.array([gap.mean for _, gap in points])
    # A percentile interval need not hold the mean of its rows.
    below = np.clip(means - [gap.low for _, gap in points], 0, None)
    above = np.clip([gap.high for _, gap in points] - means, 0, None)

    def draw(axes: Axes) -> None:
        axes.axhline(0, color=GREY, lw=0.8)
        axes.errorbar(starts, means, [below, above], fmt="o", ms=4, lw=1.2, color=BLUE)
        axes.set(ylabel=f"network less {TITLES[other]}, nats")
        _show_dates(axes, starts)

    label = f"Log loss of the network less {TITLES[other]} by the first tested week"
    return render([draw], label, inches=_INCHES)


def draw_reliability(bins: Sequence[ReliabilityBin]) -> str:
    """Draw the share of high rows over the mean score of each bin, the diagonal beside."""

    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color=GREY, lw=0.8, ls=":", label="perfect")
        scores = [one.score_mean for one in bins]
        shares = [one.true_share for one in bins]
        axes.plot(scores, shares, label="network", ms=4, lw=1.2, **_STYLES["network"])
        axes.set(xlabel="mean score", ylabel="share high", xlim=(0, 1), ylim=(0, 1))
        axes.legend(fontsize=7, frameon=False, loc="upper left")

    label = "Share of high rows by mean score of the network, in bins of equal mass"
    return render([draw], label, inches=_SQUARE_INCHES)


def draw_coverage(intervals: IntervalFigures) -> str:
    """Draw coverage and width of the intervals over the tested weeks, the 80 % line beside."""
    weeks = [dt.date.fromisoformat(week) for week in intervals.weeks]
    figures = list(intervals.weeks.values())

    def draw(axes: Axes) -> None:
        axes.axhline(COVERAGE, color=GREY, lw=0.8, ls=":", label="80 %")
        coverage = [one.coverage for one in figures]
        axes.plot(weeks, coverage, color=BLUE, marker="o", ms=3, lw=1.2, label="coverage")
        width = [one.width for one in figures]
        axes.plot(weeks, width, color=RUST, marker="^", ms=3, lw=1.2, ls="--", label="width")
        axes.set(ylabel="share; width in percentiles", ylim=(0, 1))
        axes.legend(fontsize=7, frameon=False, ncols=3, loc="lower center")
        _show_dates(axes, weeks)

    label = "Coverage and mean width of the 80 % intervals by tested week"
    return render([draw], label, inches=_INCHES)


def _show_dates(axes: Axes, days: Sequence[dt.date]) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter  # noqa: PLC0415 - seconds

    locator = AutoDateLocator(maxticks=7)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    axes.set_xlim(min(days) - _MARGIN, max(days) + _MARGIN)
