from pathlib import Path

import pytest

from songpop.errors import CheckError
from songpop.warehouse.paths import WarehousePaths
from songpop.weekly.audit import audit_pages
from songpop.weekly.write import rebuild_pages
from tests.builders import week_number
from tests.songpop.warehouse.make_warehouse import damage_blocks, make_healthy


@pytest.fixture
def paths(tmp_path: Path) -> WarehousePaths:
    found, con = make_healthy(tmp_path)
    con.close()
    return found


def test_newest_scored_week_without_a_page_is_noted_and_other_weeks_need_none(
    paths: WarehousePaths,
) -> None:
    (found,) = audit_pages(paths)

    assert (found.severity, found.check, found.subject) == ("note", "pages", "pages of feed us")
    assert found.message == (
        "pages of feed us: expected those of the published weeks, got a missing or older one for "
        "1: 2024-02-08; run `songpop report --feed us --week 2024-02-08`"
    )
    rebuild_pages(paths, "us", week_number(6))

    assert audit_pages(paths) == []


def test_page_of_another_run_is_noted(paths: WarehousePaths) -> None:
    rebuild_pages(paths, "us", None)
    rebuild_pages(paths, "us", week_number(2))
    page = paths.page("us", week_number(2))
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace('content="run', 'content="older'), encoding="utf-8")
    (found,) = audit_pages(paths)

    assert "--feed us --week 2024-01-11`" in found.message


def test_damaged_block_is_told_by_who_writes_pages_and_left_to_others(
    paths: WarehousePaths,
) -> None:
    damage_blocks(paths, "mart.weeks")

    assert audit_pages(paths) == []
    with pytest.raises(CheckError, match=r"songpop\.duckdb: expected a readable database, got .*"):
        rebuild_pages(paths, "us", None)


def test_snapshot_that_cannot_be_opened_is_left_to_others(paths: WarehousePaths) -> None:
    paths.snapshot.unlink()

    assert audit_pages(paths) == []
