"""Pages of a small healthy warehouse, as files."""

from pathlib import Path

import pytest

from songpop.errors import InputError
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.publish import mark_revised, publish
from songpop.weekly import write
from songpop.weekly.write import make_up_pages, rebuild_pages, remove_pages, report_week
from tests.builders import week_number
from tests.songpop.pages.read import Page
from tests.songpop.warehouse.make_warehouse import make_healthy

SMALL_PNG_BYTES = 100_000


@pytest.fixture
def paths(tmp_path: Path) -> WarehousePaths:
    found, con = make_healthy(tmp_path)
    con.close()
    return found


def names(paths: WarehousePaths) -> list[str]:
    files = sorted(path for path in paths.reports.rglob("*") if path.is_file())
    return [str(path.relative_to(paths.reports)) for path in files]


def test_page_of_a_week_stands_beside_its_drawing_and_the_index(paths: WarehousePaths) -> None:
    pages = report_week(paths, "us", week_number(6), is_last=True)
    drawing = paths.page("us", week_number(6)).with_suffix(".png")

    assert pages[0] == paths.page("us", week_number(6))
    assert names(paths)[0] == "index.html"
    assert drawing.read_bytes().startswith(b"\x89PNG")
    assert drawing.stat().st_size < SMALL_PNG_BYTES


def test_weeks_that_others_follow_in_the_run_get_no_page_unless_they_have_one(
    paths: WarehousePaths,
) -> None:
    assert report_week(paths, "us", week_number(3), is_last=False) == ()
    assert names(paths) == []

    rebuild_pages(paths, "us", week_number(3))
    assert report_week(paths, "us", week_number(3), is_last=False) == (
        paths.page("us", week_number(3)),
    )


def test_last_week_makes_good_what_earlier_runs_left(paths: WarehousePaths) -> None:
    rebuild_pages(paths, "us", week_number(2))
    page = paths.page("us", week_number(2))
    page.write_text(
        page.read_text(encoding="utf-8").replace("run run us-1", "older"), encoding="utf-8"
    )

    pages = report_week(paths, "us", week_number(6), is_last=True)

    assert pages == tuple(paths.page("us", week_number(number)) for number in (6, 5, 2))
    assert 'content="run run us-1"' in page.read_text(encoding="utf-8")


def test_newest_week_with_scores_has_a_page_however_many_follow_without(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    scored = con.execute("select max(week) from mart.weekly_scores where feed = 'us'").fetchone()
    con.execute(
        "delete from mart.weekly_scores where feed = 'us' and week > $week",
        {"week": week_number(3)},
    )
    con.execute(
        "update core.weeks set model_version = null where feed = 'us' and week > $week",
        {"week": week_number(3)},
    )
    mark_revised(con, [("us", week_number(number)) for number in range(4, 7)])
    publish(con, paths)
    con.close()

    report_week(paths, "us", week_number(6), is_last=True)

    assert scored is not None
    assert scored[0] > week_number(3)
    assert paths.page("us", week_number(3)).exists()


def test_page_that_is_true_already_is_left_alone(paths: WarehousePaths) -> None:
    report_week(paths, "us", week_number(6), is_last=True)

    assert report_week(paths, "us", week_number(6), is_last=True) == (
        paths.page("us", week_number(6)),
    )


def test_page_that_cannot_be_finished_is_taken_away(
    paths: WarehousePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuild_pages(paths, "us", week_number(6))

    def fail(*_: object) -> str:
        raise RuntimeError("no room")

    monkeypatch.setattr(write, "make_page", fail)
    with pytest.raises(RuntimeError, match="no room"):
        rebuild_pages(paths, "us", week_number(6))

    assert not paths.page("us", week_number(6)).exists()


def test_rebuild_takes_the_newest_week_of_each_feed_and_what_has_a_page(
    paths: WarehousePaths,
) -> None:
    rebuild_pages(paths, "us", week_number(2))

    assert rebuild_pages(paths, None, None) == (
        paths.page("gb", week_number(6)),
        paths.page("us", week_number(6)),
        paths.page("us", week_number(2)),
    )


def test_rebuilding_changes_nothing(paths: WarehousePaths) -> None:
    rebuild_pages(paths, None, None)
    before = {path: path.read_bytes() for path in paths.reports.rglob("*.*")}
    rebuild_pages(paths, None, None)

    assert {path: path.read_bytes() for path in paths.reports.rglob("*.*")} == before


def test_unknown_week_is_named_with_the_remedy(paths: WarehousePaths) -> None:
    with pytest.raises(InputError, match="report us 2031-01-02: expected a feed and week that"):
        rebuild_pages(paths, "us", week_number(1).replace(year=2031, day=2))


def test_week_that_is_no_more_loses_its_page_and_its_link(paths: WarehousePaths) -> None:
    rebuild_pages(paths, None, None)
    remove_pages(paths, "us", week_number(6))
    index = Page((paths.reports / "index.html").read_text(encoding="utf-8"))

    assert names(paths) == ["gb/2024-02-08.html", "index.html"]
    assert index.addresses == ["gb/2024-02-08.html"]


def test_pages_that_show_an_older_state_are_renewed_and_no_others(paths: WarehousePaths) -> None:
    rebuild_pages(paths, None, None)
    older, other = paths.page("us", week_number(6)), paths.page("gb", week_number(6))
    text = older.read_text(encoding="utf-8")
    older.write_text(text.replace('content="run', 'content="old'), encoding="utf-8")
    before = other.stat().st_mtime_ns
    write.renew_pages(paths)

    assert older.read_text(encoding="utf-8") == text
    assert other.stat().st_mtime_ns == before


def test_feed_that_is_no_more_loses_all_its_pages_and_no_other_file(paths: WarehousePaths) -> None:
    rebuild_pages(paths, None, None)
    own = paths.reports / "us" / "notes.txt"
    own.write_text("mine", encoding="utf-8")
    remove_pages(paths, "us")

    assert names(paths) == ["gb/2024-02-08.html", "index.html", "us/notes.txt"]


def test_index_links_the_pages_that_are_there_and_lists_every_week(paths: WarehousePaths) -> None:
    rebuild_pages(paths, None, None)
    index = Page((paths.reports / "index.html").read_text(encoding="utf-8"))

    assert index.addresses == ["gb/2024-02-08.html", "us/2024-02-08.html"]
    assert [len(rows) - 1 for rows in index.tables] == [2, 6]
    gb, us = ({row[0]: row for row in rows} for rows in index.tables)
    assert gb["1 February 2024"][-1] == "kept out"
    assert gb["8 February 2024"][-1] == "no scores yet"
    assert us["8 February 2024"][1:3] == ["3", "2"]
    assert us["1 February 2024"][-1] == "no scores yet"


def test_pages_that_an_earlier_run_left_unwritten_are_made_up_once(paths: WarehousePaths) -> None:
    wanted = {(feed, str(week_number(number))) for feed in ("us", "gb") for number in (5, 6)}

    made = make_up_pages(paths, but=())

    assert {(path.parent.name, path.stem) for path in made} == wanted
    assert make_up_pages(paths, but=()) == ()


def test_feeds_that_the_run_has_seen_to_are_left(paths: WarehousePaths) -> None:
    made = make_up_pages(paths, but={"us"})

    assert {path.parent.name for path in made} == {"gb"}


def test_index_that_a_kill_left_behind_its_pages_is_made_up(paths: WarehousePaths) -> None:
    make_up_pages(paths, but=())
    index = paths.reports / write.INDEX
    whole = index.read_bytes()
    index.unlink()

    assert make_up_pages(paths, but=()) == ()
    assert index.read_bytes() == whole


def test_nothing_is_made_up_before_anything_is_published(tmp_path: Path) -> None:
    assert make_up_pages(WarehousePaths(tmp_path), but=()) == ()
    assert list(tmp_path.iterdir()) == []
