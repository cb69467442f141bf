import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from songpop.errors import LandingError
from songpop.formats.registry import load_formats
from songpop.ingest.identity import Identity, identify
from songpop.ingest.landed import land_file
from tests.songpop.ingest.exports import HEADER, make_text, write

FORMATS = load_formats()
WEEK = dt.date(2024, 6, 13)
CHART = "rank,uri,artist_names,track_name,source,peak_rank,previous_rank,weeks_on_chart,streams"


def make_chart(*weeks: str) -> str:
    rows = [f"1,uri,a,b,c,1,1,1,5,{week}" for week in weeks]
    return "\n".join([CHART + (",End Date" if weeks else ""), *rows])


def identify_text(folder: Path, name: str, content: str, **hints: object) -> Identity:
    file = land_file(write(folder, content, name))
    return identify(file, FORMATS, **hints)  # type: ignore[arg-type] - feed and week


def place(identity: Identity) -> tuple[str, str | None, dt.date, str]:
    return identity.feed, identity.region, identity.week, identity.week_source


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("chartmetric-2024-06-13.csv", make_text(), ("chartmetric", None, WEEK, "name")),
        ("chartmetric-2024-06-13 (1).csv", make_text(), ("chartmetric", None, WEEK, "name")),
        (
            "regional-us-weekly-2024-06-13.csv",
            make_chart(),
            ("spotify_charts_us", "us", WEEK, "name"),
        ),
        (
            "regional-us-weekly-2024-06-13.csv",
            make_chart("2024-06-13"),
            ("spotify_charts_us", "us", WEEK, "content"),
        ),
        (
            "regional-global-weekly-2019-11-29--2019-12-06.csv",
            make_chart(),
            ("spotify_charts_global", "global", dt.date(2019, 12, 5), "name"),
        ),
    ],
)
def test_content_then_name_tell_feed_region_and_week(
    tmp_path: Path, name: str, content: str, expected: tuple[object, ...]
) -> None:
    identity = identify_text(tmp_path, name, content)

    assert place(identity) == expected
    assert identity.format_name == identity.recognised.spec.name
    assert identity.layout_name == identity.recognised.layout.name


def test_option_dates_undated_files_only(tmp_path: Path) -> None:
    undated = identify_text(tmp_path, "top.csv", make_text(), week=WEEK)
    dated = identify_text(tmp_path, "chartmetric-2024-06-06.csv", make_text(), week=WEEK)

    assert (undated.week, undated.week_source) == (WEEK, "option")
    assert (dated.week, dated.week_source) == (dt.date(2024, 6, 6), "name")


def test_rows_outvote_a_damaged_one_on_the_week(tmp_path: Path) -> None:
    content = make_chart("2024-06-20", "", "x", "2024-06-13", "2024-06-13")

    identity = identify_text(tmp_path, "regional-us-weekly-2024-06-13.csv", content)

    assert (identity.week, identity.week_source) == (WEEK, "content")


def test_name_tells_the_week_where_no_row_does(tmp_path: Path) -> None:
    identity = identify_text(tmp_path, "regional-us-weekly-2024-06-13.csv", make_chart("x"))

    assert identity.week_source == "name"


@pytest.mark.parametrize(
    ("name", "content", "feed", "expected"),
    [
        ("top.csv", make_text(), "demo", "demo"),
        ("top.csv", make_text(), "chartmetric", "chartmetric"),
        ("top.csv", make_text(), "spotify_charts_us", "chartmetric"),
        ("regional-us-weekly-2024-06-13.csv", make_chart(), "label", "label_us"),
        ("regional-us-weekly-2024-06-13.csv", make_chart(), "spotify_charts", "spotify_charts_us"),
        (
            "regional-us-weekly-2024-06-13.csv",
            make_chart(),
            "spotify_charts_gb",
            "spotify_charts_us",
        ),
        ("chart.csv", make_chart("2024-06-13"), "spotify_charts_gb", "spotify_charts_gb"),
        ("chart.csv", make_chart("2024-06-13"), "label", "label"),
    ],
)
def test_feed_option_renames_or_supplies_the_region(
    tmp_path: Path, name: str, content: str, feed: str, expected: str
) -> None:
    assert identify_text(tmp_path, name, content, feed=feed, week=WEEK).feed == expected


def test_parquet_tells_its_week_by_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "chart.parquet"
    header = [*CHART.split(","), "End Date"]
    pl.DataFrame([["1"] * 9 + [WEEK]], header, orient="row").write_parquet(path)

    identity = identify(land_file(path), FORMATS, feed="spotify_charts_us")

    assert place(identity) == ("spotify_charts_us", "us", WEEK, "content")


@pytest.mark.parametrize(
    ("name", "content", "hints", "message"),
    [
        (
            "top.csv",
            make_text(),
            {},
            "expected a week in its content or its name, got none; pass --week",
        ),
        (
            "regional-us-weekly-2024-06-13.csv",
            make_chart("2024-06-20"),
            {},
            "expected the week of its name, 2024-06-13, got 2024-06-20 in its rows; rename",
        ),
        (
            "chartmetric-2024-13-01.csv",
            make_text(),
            {},
            "a date in its name, got 2024-13-01; rename",
        ),
        (
            "regional-us-weekly-2019-12-06--2019-12-06.csv",
            make_chart(),
            {},
            "a period that ends after 2019-12-06, got 2019-12-06; rename",
        ),
        (
            "chart.csv",
            make_chart("2024-06-13"),
            {},
            "a region in its name, got none; pass --feed spotify_charts_<region>",
        ),
        (
            "chart.csv",
            make_chart("2024-06-13"),
            {"feed": "chartmetric"},
            "a region in its name, got none",
        ),
        (
            "top.csv",
            make_text(),
            {"feed": "../x"},
            r"--feed: expected lower-case letters, digits, _ and -, got '\.\./x'; choose",
        ),
    ],
)
def test_what_stays_unknown_or_contradicts_is_refused_with_a_remedy(
    tmp_path: Path, name: str, content: str, hints: dict[str, object], message: str
) -> None:
    with pytest.raises(LandingError, match=message):
        identify_text(tmp_path, name, content, **hints)


def test_region_that_is_no_part_of_a_name_is_refused(tmp_path: Path) -> None:
    spec = FORMATS["spotify_charts"].model_copy(update={"week_in_name": "(?P<region>[^.]+)"})
    file = land_file(write(tmp_path, make_chart("2024-06-13"), "A B.csv"))

    with pytest.raises(LandingError, match="a region of lower-case letters and digits in its name"):
        identify(file, {"spotify_charts": spec})


def test_header_decides_whatever_the_name_says(tmp_path: Path) -> None:
    identity = identify_text(tmp_path, "regional-us-weekly-2024-06-13.csv", make_text(), week=WEEK)

    assert identity.feed == "chartmetric"
    assert len(identity.recognised.columns) == len(HEADER)


def test_week_in_the_rows_that_cannot_be_meant_is_said_to_stand_there(tmp_path: Path) -> None:
    with pytest.raises(LandingError, match=r"got 2099-06-11 in its rows; mend the dates of its ro"):
        identify_text(
            tmp_path,
            "top.csv",
            make_chart("2099-06-11"),
            feed="spotify_charts_us",
            latest=dt.date(2026, 1, 1),
        )


@pytest.mark.parametrize("year", ["0204", "1899", "2042", "9999"])
def test_week_that_cannot_be_meant_is_refused(tmp_path: Path, year: str) -> None:
    with pytest.raises(LandingError, match=f"expected a week between 1900-01-01 and .*got {year}"):
        identify_text(
            tmp_path, f"chartmetric-{year}-06-13.csv", make_text(), latest=dt.date(2026, 1, 1)
        )
