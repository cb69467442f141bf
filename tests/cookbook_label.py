"""A small label with something to tell for every question of the cookbook."""

from pathlib import Path

import duckdb

from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.publish import mark_revised, publish
from tests.builders import NOW, week_number
from tests.songpop.warehouse.make_warehouse import (
    add_export,
    add_labels,
    add_model,
    add_platform_export,
    add_week,
    open_warehouse,
)

SCORES = {
    2: {"a": 0.9, "b": 0.6, "c": 0.1},
    3: {"a": 0.8, "b": 0.7, "c": 0.2},
    5: {"a": 0.4, "b": 0.7, "c": 0.6},
    6: {"a": 0.6, "b": 0.7, "c": 0.2},
    7: {"a": 0.7, "b": 0.8, "c": 0.1},
    8: {"a": 0.6, "b": 0.9, "c": 0.2},
    9: {"a": 0.6, "b": 0.8, "c": 0.4},
    10: {"a": 0.9, "b": 0.7, "c": 0.3, "d": 0.6},
}
"""By week number. Week 4 was kept out; the week before the first, 1, has no scores yet."""
HIGHS = {2: "ab", 3: "a", 5: "b", 6: "bc"}
"""Which tracks were high four weeks later."""


def make_label(root: Path) -> WarehousePaths:
    """Return a published warehouse: the feed demo with ten weeks, and the charts of two regions.

    Model ``demo-1`` scored weeks 2 to 6, ``demo-2`` those from 7 on; week 7 was scored again.
    """
    paths, con = open_warehouse(root)
    for feed, version, first in (
        ("demo", "demo-1", 2),
        ("demo", "demo-2", 7),
        ("spotify_charts_us", "us", 9),
        ("spotify_charts_gb", "gb", 9),
    ):
        add_model(con, paths, version, from_week=first, feed=feed)
    _add_demo(con)
    add_week(con, "spotify_charts_us", 10, "ab", scores=(0.4, 0.9), version="us")
    add_week(con, "spotify_charts_gb", 10, "ac", scores=(0.8, 0.3), version="gb")
    _add_kept_out(con)
    add_platform_export(con)
    _name_tracks(con)
    weeks = [("demo", week_number(number)) for number in SCORES]
    charts = [(f"spotify_charts_{region}", week_number(10)) for region in ("gb", "us")]
    mark_revised(con, [*weeks, *charts])
    publish(con, paths)
    con.close()
    return paths


def _add_demo(con: duckdb.DuckDBPyConnection) -> None:
    add_week(con, "demo", 1, "abc")
    for number, scores in SCORES.items():
        version = "demo-1" if number < 7 else "demo-2"
        values = tuple(scores.values())
        add_week(con, "demo", number, "".join(scores), scores=values, version=version)
    for number, highs in HIGHS.items():
        add_labels(con, "demo", number, "abc", highs)
    con.execute(
        "update ml.models set status = 'retired', retired_because = 'demo-2 is better' "
        "where version = 'demo-1'"
    )
    con.execute(
        """
        insert into mart.superseded_scores values
        ('demo', $week, 'a', 0.3, 'low', 2, 'demo-1', 'run', $now, $now, 'demo-2 was better')
        """,
        {"week": week_number(7), "now": NOW},
    )


def _add_kept_out(con: duckdb.DuckDBPyConnection) -> None:
    """Keep week 4 out, with one of its rows unreadable, and warn of week 9."""
    add_export(
        con, "bad", "demo", week_number(4), quarantined=1, status="refused", reason="implausible"
    )
    con.execute("update raw.exports set cause = 'other units' where sha256 = 'bad'")
    con.execute("insert into raw.quarantine values ('bad', 2, 'rank', 'not_whole', '1.5')")
    con.execute(
        """
        insert into ml.drift_weeks values
        ('demo', $fourth, 'quarantine', ['other units'], 'strong', 'run'),
        ('demo', $ninth, 'warn', ['more gaps', 'therefore warn'], 'for one week', 'run'),
        ('demo', $tenth, 'quiet', ['nothing moved'], '', 'run')
        """,
        {"fourth": week_number(4), "ninth": week_number(9), "tenth": week_number(10)},
    )


def _name_tracks(con: duckdb.DuckDBPyConnection) -> None:
    """Name track a as the cookbook does."""
    for table in ("core.track_weeks", "mart.weekly_scores"):
        con.execute(
            f"update {table} set title = 'Xarito', artist_name = 'Allusa Ñolalis' "
            "where track_id = 'a'"
        )
