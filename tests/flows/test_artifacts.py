"""The tables and addresses of a run's artifacts, without a server."""

from pathlib import Path

import pytest

from flows.artifacts import MOST_ROWS, address_of, key_of, table_drift, table_quarantine
from songpop.settings import OperationsSettings, Settings
from songpop.warehouse.paths import WarehousePaths
from tests.builders import week_number
from tests.flows.test_summary import REPORT, WEEK
from tests.songpop.pipeline.test_runner import FEED, Label

COUNT = {
    "feed": "f",
    "week": "2024-01-04",
    "file_name": "x.csv",
    "status": "loaded",
    "reason": "unreadable",
    "rows_count": 1,
    "first_line": 2,
}


def test_run_without_rejected_rows_says_so() -> None:
    (row,) = table_quarantine(REPORT)

    assert row["reason"] == "nothing was quarantined"


def test_rejected_rows_are_shown_by_file_and_reason() -> None:
    assert table_quarantine({**REPORT, "quarantined": [COUNT]}) == [COUNT]


def test_tables_stay_small() -> None:
    long = {**COUNT, "file_name": "x" * 10_000}

    rows = table_quarantine({**REPORT, "quarantined": [long] * 1_000})

    assert len(rows) == MOST_ROWS
    assert len(str(rows[0]["file_name"])) < 300


def test_drift_is_shown_with_the_checks_behind_it(tmp_path: Path) -> None:
    label = Label(tmp_path)
    label.land(1, 2, 3)
    label.run()
    key = {"feed": FEED, "week": str(week_number(3))}
    week = WEEK | key | {"drift": "quiet", "drift_reasons": ["quiet: of 28 checks"]}

    rows = table_drift({**REPORT, "weeks": [week]}, label.paths)

    assert rows[0]["decision"] == "quiet"
    assert rows[0]["in words"] == "quiet: of 28 checks"
    assert len({tuple(row) for row in rows}) == 1


@pytest.mark.parametrize(
    ("url", "address"),
    [
        (None, None),
        ("https://x.example/songs/", "https://x.example/songs/f/2024-01-04.html"),
    ],
)
def test_page_has_an_address_where_it_is_served(
    tmp_path: Path, url: str | None, address: str | None
) -> None:
    settings = Settings(warehouse=tmp_path, operations=OperationsSettings(report_url=url))
    paths = WarehousePaths(tmp_path)

    found = address_of(settings, paths, paths.page("f", week_number(1)))

    assert found == address


def test_keys_of_feeds_tell_them_apart() -> None:
    feeds = ["spotify", "spotify_us", "spotify-us", "Spotify_us"]

    keys = {key_of(feed) for feed in feeds}

    assert len(keys) == len(feeds)
    assert all(set(key) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for key in keys)
