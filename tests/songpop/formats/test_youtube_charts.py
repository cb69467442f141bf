"""YouTube's weekly chart: header only, the rows are invented, since there is no public sample."""

from pathlib import Path

import pytest

from songpop.errors import LandingError
from songpop.formats.registry import load_formats
from songpop.ingest.identity import identify
from songpop.ingest.landed import land_file
from songpop.pipeline.plan import Selection
from songpop.pipeline.runner import Caller, run_weeks
from tests.builders import NOW, make_settings, week_number
from tests.songpop.ingest.exports import stage, write

HEADER = "Rank,Previous Rank,Track Name,Artist Names,Periods on Chart,Views,Growth,YouTube URL"
NAME = "youtube-charts-top-songs-us-weekly-20240613.csv"
URL = "https://www.youtube.com/watch?v={:0>11}"


def make_row(rank: int, previous: str = "", growth: str = "-0.01%", url: str = URL) -> str:
    return f'{rank},{previous},Song {rank},"A, B & C",3,{1_000 - rank},{growth},{url.format(rank)}'


def test_chart_is_recognised_and_dated_by_its_name(tmp_path: Path) -> None:
    path = write(tmp_path, "\n".join([HEADER, make_row(1), ""]), NAME)

    identity = identify(land_file(path), load_formats())

    assert identity.feed == "youtube_charts_us"
    assert str(identity.week) == "2024-06-13"


def test_rows_are_typed_and_growth_in_words_is_not_kept(tmp_path: Path) -> None:
    rows = [make_row(1, "2"), make_row(2, "-", "n/a"), make_row(3, "0", "")]

    staged = stage(write(tmp_path, "\n".join([HEADER, *rows, ""]), NAME))

    assert staged.counts == (3, 3, 0, 0)
    assert staged.rows["track_id"].to_list()[0] == "youtube:video:00000000001"
    assert staged.rows["previous_rank"].to_list() == [2, None, None]
    assert staged.rows["views_week_count"].to_list() == [999, 998, 997]
    assert "growth" not in staged.rows.columns


@pytest.mark.parametrize(
    "url",
    [
        "https://youtu.be/{:0>11}",
        "https://music.youtube.com/watch?v={:0>11}&si=x",
        "http://youtube.com/watch?list=x&v={:0>11}",
    ],
)
def test_ways_to_name_a_video_are_one_key(tmp_path: Path, url: str) -> None:
    text = "\n".join([HEADER, make_row(1, url=url), ""])

    assert stage(write(tmp_path, text, NAME)).rows["track_id"].to_list() == [
        "youtube:video:00000000001"
    ]


def test_other_links_are_no_key(tmp_path: Path) -> None:
    text = "\n".join([HEADER, make_row(1, url="https://example.org/watch?v={:0>11}"), make_row(2)])

    assert stage(write(tmp_path, text, NAME)).reasons == [(2, "track_id", "unreadable_key")]


def test_chart_of_no_region_says_what_to_do(tmp_path: Path) -> None:
    path = write(tmp_path, "\n".join([HEADER, make_row(1)]), "chart.csv")

    with pytest.raises(LandingError, match="a region in its name"):
        identify(land_file(path), load_formats(), week=week_number(1))


def test_chart_runs_as_a_feed_of_its_own(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    settings.landing_dir.mkdir(parents=True)
    rows = [make_row(rank) for rank in range(1, 31)]
    write(settings.landing_dir, "\n".join([HEADER, *rows, ""]), NAME)

    report = run_weeks(settings, "run", Selection(), Caller("run", NOW))

    assert [(week.feed, week.outcome, week.rows) for week in report.weeks] == [
        ("youtube_charts_us", "no model yet", 30)
    ]
