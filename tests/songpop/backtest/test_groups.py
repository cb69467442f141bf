from pathlib import Path

import pytest

from songpop.backtest.groups import Group, list_groups
from songpop.errors import InputError
from songpop.formats.registry import load_formats
from tests.builders import week_number
from tests.songpop.warehouse.make_warehouse import open_warehouse

FORMATS = load_formats()


def groups_of(
    root: Path, loaded: dict[str, str], feed: str | None = None, *, pools_feeds: bool = True
) -> list[Group]:
    """Return the groups of a warehouse that holds one week of each feed, of the given format."""
    _, con = open_warehouse(root)
    with con:
        for name, of in loaded.items():
            con.execute(
                "insert into core.weeks by name select $feed as feed, $week as week, "
                "$format as format, 1 as rows_count, 'sha' as content_sha256, false as is_stale, "
                "now() as loaded_at",
                {"feed": name, "week": week_number(1), "format": of},
            )
        return list_groups(con, FORMATS, feed, pools_feeds=pools_feeds)


def test_the_regions_of_a_format_are_tested_together(tmp_path: Path) -> None:
    loaded = {"spotify_charts_us": "spotify_charts", "spotify_charts_gb": "spotify_charts"}

    (group,) = groups_of(tmp_path, loaded)

    assert group.name == "spotify_charts"
    assert group.feeds == group.learned == ("spotify_charts_gb", "spotify_charts_us")


def test_one_region_is_tested_alone_and_learns_from_all(tmp_path: Path) -> None:
    loaded = {"spotify_charts_us": "spotify_charts", "spotify_charts_gb": "spotify_charts"}

    (group,) = groups_of(tmp_path, loaded, "spotify_charts_us")

    assert (group.name, group.feeds) == ("spotify_charts_us", ("spotify_charts_us",))
    assert group.learned == ("spotify_charts_gb", "spotify_charts_us")


def test_regions_that_do_not_pool_are_tested_one_by_one(tmp_path: Path) -> None:
    loaded = {"spotify_charts_us": "spotify_charts", "spotify_charts_gb": "spotify_charts"}

    groups = groups_of(tmp_path, loaded, pools_feeds=False)

    assert [group.learned for group in groups] == [("spotify_charts_gb",), ("spotify_charts_us",)]


def test_a_feed_that_bears_its_formats_name_learns_from_no_other(tmp_path: Path) -> None:
    groups = groups_of(tmp_path, {"chartmetric": "chartmetric", "demo": "chartmetric"})

    assert [group.learned for group in groups] == [("chartmetric",), ("demo",)]


def test_a_feed_that_bears_another_formats_name_is_a_group_of_its_own(tmp_path: Path) -> None:
    loaded = {"spotify_charts": "chartmetric", "spotify_charts_us": "spotify_charts"}

    groups = groups_of(tmp_path, loaded)

    assert [(group.feeds, group.spec.name) for group in groups] == [
        (("spotify_charts",), "chartmetric"),
        (("spotify_charts_us",), "spotify_charts"),
    ]


def test_a_feed_that_is_not_loaded_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--feed other: expected a loaded feed, got none of it"):
        groups_of(tmp_path, {"demo": "chartmetric"}, "other")


def test_an_empty_warehouse_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="backtest: expected a loaded feed, got an empty"):
        groups_of(tmp_path, {})


def test_a_feed_whose_format_is_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected feeds of known formats, got 1: vanished"):
        groups_of(tmp_path, {"demo": "vanished"})
