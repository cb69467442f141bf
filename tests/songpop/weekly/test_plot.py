import datetime as dt
from xml.etree import ElementTree as ET

from songpop.weekly.plot import draw_scores, draw_scores_png
from tests.songpop.weekly.make_facts import BEFORE, WEEK

STEPS = {BEFORE: [1] * 20, WEEK: [3] * 10 + [2] * 10}


def test_drawing_says_what_is_to_be_seen() -> None:
    root = ET.fromstring(draw_scores(STEPS, WEEK))  # noqa: S314 - written by the code under test

    assert root.attrib["aria-label"] == (
        "Number of tracks by score: 30 tracks below one half, 20 tracks from there on, 40\u00a0% "
        "of all"
    )


def test_same_counts_give_the_same_drawings() -> None:
    assert draw_scores(STEPS, WEEK) == draw_scores(STEPS, WEEK)
    assert draw_scores_png(STEPS, WEEK) == draw_scores_png(STEPS, WEEK)


def test_older_week_is_drawn_under_its_own_name() -> None:
    older = BEFORE - dt.timedelta(weeks=1)

    # Only the legend can differ: the counts are the same.
    drawn = draw_scores({older: STEPS[BEFORE], WEEK: STEPS[WEEK]}, WEEK)

    assert drawn != draw_scores(STEPS, WEEK)


def test_the_week_before_is_drawn_where_there_is_one() -> None:
    alone: dict[dt.date, list[int]] = {WEEK: STEPS[WEEK]}

    assert draw_scores(alone, WEEK) != draw_scores(STEPS, WEEK)
