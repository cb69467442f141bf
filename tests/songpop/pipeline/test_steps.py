"""The last step, in whole runs of a small chart: its page, and what becomes of its failures."""

import datetime as dt
from pathlib import Path

import pytest

from songpop.pipeline import steps
from songpop.pipeline.plan import Selection
from songpop.pipeline.runner import Caller, Command, RunReport, run_weeks
from songpop.warehouse.paths import WarehousePaths
from tests.builders import NOW, make_settings, week_number, write_charts

FEED = "spotify_charts_us"
ROWS = [("a", 400), ("b", 300), ("c", 200)]


def run(root: Path, *weeks: int, command: Command = "run") -> RunReport:
    settings = make_settings(root)
    write_charts(root / "warehouse" / "landing", dict.fromkeys(weeks, ROWS))
    caller = Caller(run_id=f"run {dt.datetime.now(dt.UTC)}", now=NOW)
    return run_weeks(settings, command, Selection(), caller)


def pages(root: Path) -> list[str]:
    return sorted(path.stem for path in (root / "warehouse" / "reports").glob("*/*.html"))


def test_step_stands_last() -> None:
    assert [step.name for step in steps.STEPS[-2:]] == ["publish", "report"]


def test_last_week_of_a_run_has_a_page_that_is_named(tmp_path: Path) -> None:
    report = run(tmp_path, 1, 2, 3)

    page = WarehousePaths(tmp_path / "warehouse").page(FEED, week_number(3))
    assert [week.page for week in report.weeks] == [None, None, str(page)]
    assert "3 tracks were loaded" in page.read_text(encoding="utf-8")
    # The week before is made good for what a killed run could have left.
    assert pages(tmp_path) == [str(week_number(2)), str(week_number(3))]


def test_failed_page_loses_nothing_and_the_next_run_makes_it_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> tuple[Path, ...]:
        raise OSError(28, "no space left")

    monkeypatch.setattr(steps, "report_week", fail)
    report = run(tmp_path, 1)
    monkeypatch.undo()

    assert report.weeks[0].outcome == "no model yet"
    assert report.weeks[0].page_problem == (
        f"page of {FEED} {week_number(1)}: expected to be written, got [Errno 28] no space left; "
        "put that right and run `songpop report`"
    )
    assert pages(tmp_path) == []

    run(tmp_path, 2)
    assert pages(tmp_path) == [str(week_number(1)), str(week_number(2))]


def test_backfill_renews_pages_that_are_there(tmp_path: Path) -> None:
    run(tmp_path, 1)
    page = WarehousePaths(tmp_path / "warehouse").page(FEED, week_number(1))
    before = page.read_text(encoding="utf-8")
    run(tmp_path, 2, 3, command="backfill")

    assert page.read_text(encoding="utf-8") != before  # the stamp is that of the later run
    assert str(week_number(3)) in pages(tmp_path)
