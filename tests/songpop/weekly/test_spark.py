import datetime as dt
import re
from xml.etree import ElementTree as ET

from songpop.weekly.spark import draw_trend

WEEK = dt.date(2024, 6, 27)


def history(*scores: float) -> list[tuple[dt.date, float]]:
    first = WEEK - dt.timedelta(weeks=len(scores) - 1)
    return [(first + dt.timedelta(weeks=place), score) for place, score in enumerate(scores)]


def points(svg: str) -> list[tuple[float, float]]:
    found = re.search(r'points="([^"]*)"', svg)
    assert found is not None
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in found[1].split())]


def test_line_rises_with_the_score_and_ends_at_the_right() -> None:
    drawn = points(draw_trend(history(0.1, 0.5, 0.9), weeks_count=3))

    assert [x for x, _ in drawn] == [3.0, 48.0, 93.0]
    assert [y for _, y in drawn] == [21.0, 13.0, 5.0]


def test_missing_weeks_leave_room() -> None:
    week_before_last = WEEK - dt.timedelta(weeks=2)
    drawn = points(draw_trend([(week_before_last, 0.5), (WEEK, 0.5)], weeks_count=5))

    assert [x for x, _ in drawn] == [48.0, 93.0]


def test_scores_are_told_to_those_who_cannot_see() -> None:
    root = ET.fromstring(draw_trend(history(0.1, 0.9), weeks_count=12))  # noqa: S314 - our own

    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == "Scores of the last weeks: 10\u00a0%, 90\u00a0%"


def test_first_score_has_no_line() -> None:
    assert "svg" not in draw_trend(history(0.9), weeks_count=12)
    assert "first score" in draw_trend((), weeks_count=12)
