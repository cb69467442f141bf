"""What the end of a run says of weeks that wait for a person."""

from pathlib import Path

import pytest

from songpop.cli.summary import print_report
from songpop.settings import read_settings
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.publish import mark_revised, publish
from tests.builders import NO_PLATFORMS, week_number
from tests.songpop.warehouse.make_warehouse import make_healthy

NOTHING_NEW = {
    "outcome": "nothing new",
    "weeks": [],
    "known_exports": 7,
    "ignored": [],
    "problems": [],
    "stale": {},
    "pages_made_up": [],
    "page_problem": None,
    "platforms": NO_PLATFORMS,
}


def test_nothing_new_names_the_weeks_that_are_quarantined(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths, con = make_healthy(tmp_path)
    for number in (8, 9):
        con.execute(
            "insert into ml.drift_weeks values ('us', $week, 'quarantine', ['units'], 'i', 'r')",
            {"week": week_number(number)},
        )
    mark_revised(con, [("us", week_number(6))])
    publish(con, WarehousePaths(paths.root))
    con.close()

    print_report(read_settings(warehouse=paths.root), NOTHING_NEW, as_json=False)

    printed = capsys.readouterr().out
    assert f"quarantined: us, 2 weeks since {week_number(8)}" in printed
    assert f"`songpop accept us {week_number(8)}`" in printed


def test_pages_that_are_made_up_and_those_that_cannot_be_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = {**NOTHING_NEW, "pages_made_up": ["us/1.html"], "page_problem": "pages: expected room"}

    print_report(read_settings(warehouse=tmp_path), report, as_json=False)

    printed = capsys.readouterr().out
    assert "page:    us/1.html, which an earlier run had left" in printed
    assert "warning: pages: expected room" in printed


def test_spreadsheet_is_to_be_saved_as_csv(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = {**NOTHING_NEW, "ignored": ["Sales.XLSX", "a.ods"]}

    print_report(read_settings(warehouse=tmp_path), report, as_json=False)

    assert capsys.readouterr().out.startswith(
        "ignored: Sales.XLSX (save it as CSV)\nignored: a.ods (save it as CSV)\n"
    )


def test_name_of_a_file_is_printed_harmlessly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = {**NOTHING_NEW, "ignored": ["note\x1b[2J.txt"]}

    print_report(read_settings(warehouse=tmp_path), report, as_json=False)

    assert "ignored: note\\x1b[2J.txt (not an export)" in capsys.readouterr().out
