"""A track's scores over the last weeks as a line of the size of a word."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from songpop.pages.document import escape
from songpop.weekly.texts import show_score

_WIDTH: Final = 96
_HEIGHT: Final = 26
_EDGE: Final = 3
_FEWEST_POINTS: Final = 2
_DAYS_PER_WEEK: Final = 7


def draw_trend(history: Sequence[tuple[dt.date, float]], weeks_count: int) -> str:
    """Return an inline SVG of scores by week, the cut between low and high dotted.

    Args:
        history: weeks and scores, oldest first; the last one is that of the page.
        weeks_count: the width, in weeks up to the last one.

    Returns:
        Markup; words alone where there is no earlier score.
    """
    if len(history) < _FEWEST_POINTS:
        return '<span class="note">first score</span>'
    end = history[-1][0]
    points = [(_across(end - week, weeks_count), _down(score)) for week, score in history]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    last_x, last_y = points[-1]
    told = ", ".join(show_score(score) for _, score in history)
    return (
        f'<svg class="trend" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{escape(f"Scores of the last weeks: {told}")}">'
        f'<path class="cut" d="M0 {_down(0.5):.1f}H{_WIDTH}"/><polyline points="{line}"/>'
        f'<circle cx="{last_x:.1f}" cy="{last_y:.1f}" r="2.4"/></svg>'
    )


def _across(age: dt.timedelta, weeks_count: int) -> float:
    share = age.days / _DAYS_PER_WEEK / max(weeks_count - 1, 1)
    return _EDGE + (_WIDTH - 2 * _EDGE) * max(1 - share, 0)


def _down(score: float) -> float:
    return _EDGE + (_HEIGHT - 2 * _EDGE) * (1 - score)
