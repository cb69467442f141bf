"""The main plot: how many tracks score what, this week and the scored week before."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from songpop.pages.drawing import Axes, Draw, render, render_png
from songpop.pages.style import BLUE, GREY, INK
from songpop.weekly.texts import count, follows, show_share

_INCHES: Final = (4.2, 2.5)
_MARGINS: Final = (0.14, 0.19, 0.94, 0.91)
_DOTS_PER_INCH: Final = 144
_HALF: Final = 0.5
_HEADROOM: Final = 1.18
"""Height of the axes in terms of the highest bar, so that the legend covers none."""


def draw_scores(steps: Mapping[dt.date, Sequence[int]], week: dt.date) -> str:
    """Draw how many tracks score what, as SVG.

    Args:
        steps: number of tracks in each step of the score, of the week and of the scored one before.
        week: the week.
    """
    counts = steps[week]
    half = len(counts) // 2
    low, high = sum(counts[:half]), sum(counts[half:])
    label = (
        f"Number of tracks by score: {count(low, 'track')} below one half, {count(high, 'track')} "
        f"from there on, {show_share(high / max(low + high, 1))} of all"
    )
    return render([_panel(steps, week)], label, inches=_INCHES, margins=_MARGINS)


def draw_scores_png(steps: Mapping[dt.date, Sequence[int]], week: dt.date) -> bytes:
    """Draw the same as PNG, on white."""
    return render_png(
        _panel(steps, week), inches=_INCHES, margins=_MARGINS, dots_per_inch=_DOTS_PER_INCH
    )


def _panel(steps: Mapping[dt.date, Sequence[int]], week: dt.date) -> Draw:
    counts = steps[week]
    width = 1 / len(counts)
    edges = [place * width for place in range(len(counts) + 1)]
    half = len(counts) // 2
    before = {day: counts for day, counts in steps.items() if day < week}

    def draw(axes: Axes) -> None:
        bars = {"width": width, "align": "edge", "linewidth": 0}
        axes.bar(edges[:half], counts[:half], color=GREY, alpha=0.55, **bars)
        axes.bar(edges[half:-1], counts[half:], color=BLUE, **bars)
        for day, earlier in before.items():
            label = "the week before" if follows(week, day) else f"week ending {day}"
            axes.stairs(earlier, edges, color=INK, lw=1.1, label=label)
            axes.legend(fontsize=8, frameon=False, loc="upper right", borderaxespad=0)
        highest = max(map(max, steps.values()))
        axes.set_ylim(top=_HEADROOM * highest)
        axes.axvline(_HALF, color=INK, lw=0.8, ls=":")
        top = 1.02
        axes.text(0.25, top, f"low: {sum(counts[:half]):,}", transform=axes.transAxes, ha="center")
        style = {"color": BLUE, "fontweight": "bold", "ha": "center"}
        axes.text(0.75, top, f"high: {sum(counts[half:]):,}", transform=axes.transAxes, **style)
        axes.set(xlim=(0, 1), xlabel="score; the height is the number of tracks")
        axes.yaxis.get_major_locator().set_params(integer=True)
        axes.yaxis.set_major_formatter("{x:,.0f}")
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])

    return draw
