"""A label's machine in miniature, and the run that is disturbed.

The warehouse has eight weeks of a chart, the last of them scored. The run finds a ninth, in which
a model is trained, a correction of the eighth, and three songs' exports of a platform, of which it
makes two weeks of a feed of their own.
"""

import datetime as dt
from pathlib import Path

import numpy as np

from songpop.pipeline.plan import Selection
from songpop.pipeline.runner import Caller, raise_problems, run_weeks
from songpop.settings import PlatformSettings, Settings, TrainingSettings
from tests.builders import ChartRow, week_number, write_chart

NOW = dt.datetime(2024, 7, 1, 6, 0, tzinfo=dt.UTC)
WEEKS_BEFORE = 8
WEEKS_AFTER = 9
TRACKS_COUNT = 40
SONGS = ("Anthem", "Interlude", "Reprise")


def make_settings(root: Path, refresh_weeks: int = 1) -> Settings:
    """Return settings under which a training, of a logistic model, takes a part of a second."""
    return Settings(
        warehouse=root / "warehouse",
        memory_limit="256MB",
        training=TrainingSettings(network_matured_rows=10**9, refresh_weeks=refresh_weeks),
        platforms=PlatformSettings(artist="Lady Vengeance", min_tracks=len(SONGS)),
    )


def run_label(root: Path, caller: Caller, refresh_weeks: int = 1) -> list[str]:
    """Run every week that is new; return what went wrong without stopping the run.

    Raises:
        SongpopError: what a person would be told instead of a report.
    """
    report = run_weeks(make_settings(root, refresh_weeks), "run", Selection(), caller)
    raise_problems(report)
    return [week.page_problem for week in report.weeks if week.page_problem is not None]


def prepare(root: Path) -> None:
    """Make the warehouse of eight weeks below *root*, and land what the run will find."""
    landing = root / "warehouse" / "landing"
    for number in range(1, WEEKS_BEFORE + 1):
        write_chart(landing, week_number(number), draw_rows(number))
    run_label(root, Caller("before", NOW))
    for number in range(WEEKS_BEFORE + 1, WEEKS_AFTER + 1):
        write_chart(landing, week_number(number), draw_rows(number))
    corrected = [(name, streams + 7) for name, streams in draw_rows(WEEKS_BEFORE)]
    write_chart(landing / "corrected", week_number(WEEKS_BEFORE), corrected)
    for place, title in enumerate(SONGS, start=1):
        _write_song(landing / f"{title}-timeline.csv", place)


def draw_rows(number: int) -> list[ChartRow]:
    """Return the chart of a week: streams that persist, with noise of the week's own."""
    levels = np.linspace(12, 8, TRACKS_COUNT)
    noise = np.random.default_rng(number).normal(0, 0.3, TRACKS_COUNT)
    names = [f"{chr(97 + place % 26)}{place}" for place in range(TRACKS_COUNT)]
    return [(name, int(np.exp(x))) for name, x in zip(names, levels + noise, strict=True)]


def _write_song(path: Path, place: int) -> None:
    first = week_number(WEEKS_BEFORE) - dt.timedelta(days=13)
    days = [first + dt.timedelta(days=number) for number in range(14)]
    lines = ["date,streams", *(f"{day},{100 * place + day.day}" for day in days), ""]
    path.write_text("\n".join(lines), encoding="utf-8")
