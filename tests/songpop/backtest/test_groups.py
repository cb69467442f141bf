import re

import duckdb
import pytest

from songpop.backtest.groups import Group, list_groups
from songpop.errors import InputError
from songpop.formats.registry import load_formats
from tests.builders import make_warehouse, week_number

FORMATS = load_formats()
CHART = FORMATS["spotify_charts"]


def make_feeds(**formats: str) -> duckdb.DuckDBPyConnection:
    """Return a warehouse with one loaded week of each feed."""
    con = make_warehouse()
    for feed, name in formats.items():
        con.execute(
            """
            insert into core.weeks by name
            select $feed as feed, $week as week, $format as format, 1 as rows_count,
                'x' as content_sha256, false as is_stale, now() as loaded_at
            """,
            {"feed": feed, "week": week_number(1), "format": name},
        )
    return con


def test_regions_of_a_format_are_tested_together_and_other_feeds_alone() -> None:
    con = make_feeds(c_us="spotify_charts", c_gb="spotify_charts", demo="chartmetric")

    groups = list_groups(con, FORMATS, None, pools_feeds=True)

    assert [(one.name, one.feeds) for one in groups] == [
        ("spotify_charts", ("c_gb", "c_us")),
        ("demo", ("demo",)),
    ]


def test_one_region_is_tested_alone_but_learns_from_its_sisters() -> None:
    con = make_feeds(c_us="spotify_charts", c_gb="spotify_charts")

    assert list_groups(con, FORMATS, "c_us", pools_feeds=True) == [
        Group("c_us", ("c_us",), ("c_gb", "c_us"), CHART)
    ]


def test_without_pooling_every_feed_is_alone() -> None:
    con = make_feeds(c_us="spotify_charts", c_gb="spotify_charts")

    groups = list_groups(con, FORMATS, None, pools_feeds=False)

    assert [(one.name, one.learned) for one in groups] == [("c_gb", ("c_gb",)), ("c_us", ("c_us",))]


def test_a_feed_that_is_not_loaded_is_refused_by_name() -> None:
    con = make_feeds(demo="chartmetric")

    with pytest.raises(InputError, match=r"--feed nope: expected a loaded feed, got .*1: demo"):
        list_groups(con, FORMATS, "nope", pools_feeds=True)


def test_an_empty_warehouse_says_so() -> None:
    with pytest.raises(InputError, match="backtest: expected a loaded feed, got an empty ware"):
        list_groups(make_warehouse(), FORMATS, None, pools_feeds=True)


def test_a_format_that_is_gone_is_named() -> None:
    con = make_feeds(old="vanished")
    message = "backtest: expected feeds of known formats, got 1: vanished; see formats_dir"

    with pytest.raises(InputError, match=re.escape(message)):
        list_groups(con, FORMATS, None, pools_feeds=True)
