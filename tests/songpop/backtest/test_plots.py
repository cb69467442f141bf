from dataclasses import replace
from xml.etree import ElementTree as ET

from songpop.backtest import plots
from songpop.backtest.run import Backtest
from songpop.model.metrics import reliability
from tests.songpop.backtest.builders import make_backtest

FOUND = make_backtest()


def draw_all(found: Backtest) -> list[str]:
    y, p = (found.predictions.get_column(name).to_numpy() for name in ("is_high", "network"))
    intervals = found.evaluation.intervals
    assert intervals is not None
    return [
        plots.draw_losses(found),
        plots.draw_gaps(found, "boosting"),
        plots.draw_reliability(reliability(y, p)),
        plots.draw_coverage(intervals),
    ]


def test_plots_say_what_they_show() -> None:
    labels = [
        ET.fromstring(text).attrib["aria-label"]  # noqa: S314 - written by the code under test
        for text in draw_all(FOUND)
    ]

    assert labels == [
        "Log loss of each model by the first tested week",
        "Log loss of the network less boosting by the first tested week",
        "Share of high rows by mean score of the network, in bins of equal mass",
        "Coverage and mean width of the 80 % intervals by tested week",
    ]


def test_the_same_figures_give_the_same_bytes() -> None:
    assert draw_all(FOUND) == draw_all(FOUND)


def test_one_origin_of_one_week_can_be_drawn() -> None:
    first = FOUND.origins[0]
    intervals = FOUND.evaluation.intervals
    assert intervals is not None
    week = dict(list(intervals.weeks.items())[:1])

    assert "<svg" in plots.draw_gaps(replace(FOUND, origins=(first,)), "boosting")
    assert "<svg" in plots.draw_coverage(intervals.model_copy(update={"weeks": week}))
