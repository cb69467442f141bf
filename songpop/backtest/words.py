"""Figures as words: what was tested, whether the network beats its baselines, how sure it is."""

from collections.abc import Sequence
from typing import Final, Literal

from songpop.backtest.run import Backtest
from songpop.evaluate.clusters import Difference
from songpop.evaluate.report import WHOLE, Comparison
from songpop.model.metrics import calibration_noise, reliability

Verdict = Literal["better", "worse", "not shown"]

TITLES: Final = {
    "network": "network",
    "constant": "constant",
    "persistence": "persistence",
    "logistic": "logistic regression",
    "boosting": "boosting",
}
"""How each model is called."""
NOTHING: Final = "–"
"""Stands where there is no figure."""

_MOST_NAMES: Final = 5


def summarise(found: Backtest) -> tuple[str, str, str]:
    """Return three sentences: what was tested, the verdict by baseline, calibration and intervals.

    "Better" and "worse" are claimed only where the 95 % interval of the log-loss difference leaves
    no doubt. Where the network loses, the first sentence begins with that.
    """
    return _describe_test(found), _describe_verdicts(found), _describe_certainty(found)


def judge_difference(difference: Difference) -> Verdict:
    """Return what a log-loss difference with its interval shows about the first of two models."""
    if difference.high < 0:
        return "better"
    return "worse" if difference.low > 0 else "not shown"


def describe_label(found: Backtest) -> str:
    """Return what is foreseen of a track, as words that follow "that a track"."""
    weeks = count_things(found.plan.horizon_weeks, "week")
    if found.plan.label == "level":
        return f"will rank in the upper half of its feed {weeks} later"
    return f"will gain more of its feed's total within {weeks} than the median track of its size"


def list_names(names: Sequence[str]) -> str:
    """Return the first five names and how many more there are."""
    more = len(names) - _MOST_NAMES
    if more > 0:
        return f"{', '.join(names[:_MOST_NAMES])} and {more:,} more"
    return ", ".join(names)


def count_things(count: int, thing: str) -> str:
    """Return a count with its noun: 1 week, 2 weeks."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


def show_figure(value: float | None) -> str:
    """Return a figure to four digits after the point."""
    return NOTHING if value is None else f"{value:.4f}"


def show_share(value: float) -> str:
    """Return a share of [0, 1] in per cent."""
    return f"{100 * value:.1f} %"


def show_difference(difference: Difference | None) -> str:
    """Return a difference with its interval, to four digits after the point."""
    if difference is None:
        return NOTHING
    mean, low, high = (
        f"{value:+.4f}".replace("-", "−")
        for value in (difference.mean, difference.low, difference.high)
    )
    return f"{mean} [{low}, {high}]"


def _describe_test(found: Backtest) -> str:
    lost = [TITLES[one.other] for one in _with_verdict(found, "worse")]
    lead = f"The network loses to {_join(lost)}: tested" if lost else "Tested"
    weeks = {week for origin in found.origins for week in origin.weeks.test}
    feeds = count_things(len(found.feeds), "feed")
    return (
        f"{lead} was the forecast that a track {describe_label(found)}, on "
        f"{found.predictions.height:,} rows of {feeds} ({list_names(found.feeds)}) in "
        f"{count_things(len(weeks), 'week')} from {min(weeks)} to {max(weeks)}, with "
        f"{count_things(len(found.origins), 'fit')} of every model on the weeks before."
    )


def _describe_verdicts(found: Backtest) -> str:
    parts = [
        f"the network {words} {_list_differences(comparisons)}"
        for words, comparisons in (
            ("loses to", _with_verdict(found, "worse")),
            ("is better than", _with_verdict(found, "better")),
        )
        if comparisons
    ]
    parts += [
        f"better than {TITLES[one.other]} is not shown: log-loss difference "
        f"{show_difference(one.log_loss)}"
        for one in _with_verdict(found, "not shown")
    ]
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


def _list_differences(comparisons: Sequence[Comparison]) -> str:
    first, *others = comparisons
    texts = [f"{TITLES[first.other]} (log-loss difference {show_difference(first.log_loss)})"]
    texts += [f"{TITLES[one.other]} ({show_difference(one.log_loss)})" for one in others]
    return _join(texts)


def _join(texts: Sequence[str]) -> str:
    *others, last = texts
    return f"{', '.join(others)} and {last}" if others else last


def _with_verdict(found: Backtest, verdict: Verdict) -> list[Comparison]:
    comparisons = found.evaluation.comparisons
    return [one for one in comparisons if judge_difference(one.log_loss) == verdict]


def _describe_certainty(found: Backtest) -> str:
    error = found.evaluation.model("network").whole.calibration_error
    y, p = (found.predictions.get_column(name).to_numpy() for name in ("is_high", "network"))
    start = (
        f"Its calibration error is {error:.4f} (luck alone would show about "
        f"{calibration_noise(reliability(y, p)):.4f} on as many independent rows)"
    )
    intervals = found.evaluation.intervals
    if intervals is None:
        return f"{start}."
    own, constant = intervals.slices[WHOLE], intervals.constant
    return (
        f"{start}; its 80 % intervals held {show_share(own.coverage)} of the outcomes at a mean "
        f"width of {own.width:.3f}, one constant interval {show_share(constant.coverage)} at "
        f"{constant.width:.3f}."
    )
