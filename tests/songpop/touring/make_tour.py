"""A small warehouse whose songs are told apart by literal metrics."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from songpop.formats.registry import load_formats
from songpop.touring.facets import declare_facets
from songpop.warehouse.migrate import add_metric_columns
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.publish import mark_revised, publish
from songpop.warehouse.views import create_private_views
from tests.builders import week_number
from tests.songpop.warehouse.make_warehouse import add_model, add_week, open_warehouse

Song = Mapping[str, Any]
"""``title``, ``artist_name`` and metrics of a track."""


def make_tour(con: duckdb.DuckDBPyConnection) -> None:
    """Give an empty warehouse the metrics, facets and views of every format."""
    formats = load_formats().values()
    add_metric_columns(con, formats)
    declare_facets(con, formats)
    create_private_views(con)


def add_songs(
    con: duckdb.DuckDBPyConnection,
    feed: str,
    songs: Mapping[str, Song],
    scores: Sequence[Sequence[float]],
    *,
    format_name: str = "chartmetric",
) -> None:
    """Score the tracks, one a letter, in as many weeks as there are *scores*; metrics in all.

    What follows the last ``_`` in the feed's name is the region of its exports.
    """
    for number, given in enumerate(scores, start=1):
        add_week(con, feed, number, "".join(songs), scores=given, version=f"{feed}-1")
    con.execute("update core.weeks set format = ? where feed = ?", [format_name, feed])
    region = feed.rpartition("_")[2] if "_" in feed else None
    con.execute("update raw.exports set region = ? where feed = ?", [region, feed])
    for track, song in songs.items():
        for column, value in song.items():
            for table in ("core.track_weeks", "mart.weekly_scores"):
                if table == "core.track_weeks" or column in {"title", "artist_name"}:
                    con.execute(
                        f"update {table} set {column} = ? where feed = ? and track_id = ?",
                        [value, feed, track],
                    )


def publish_songs(
    root: Path,
    feeds: Mapping[str, Mapping[str, Song]],
    scores: Sequence[float],
    *,
    format_name: str = "spotify_charts",
) -> WarehousePaths:
    """Return a published warehouse whose feeds have one scored week."""
    weeks = {feed: [scores[: len(songs)]] for feed, songs in feeds.items()}
    return publish_weeks(root, feeds, weeks, format_name=format_name)


def publish_weeks(
    root: Path,
    feeds: Mapping[str, Mapping[str, Song]],
    weeks: Mapping[str, Sequence[Sequence[float]]],
    *,
    format_name: str = "spotify_charts",
) -> WarehousePaths:
    """Return a published warehouse whose feeds have the scores of *weeks*, the first week first."""
    paths, con = open_warehouse(root)
    make_tour(con)
    for feed, songs in feeds.items():
        add_model(con, paths, f"{feed}-1", from_week=1, feed=feed)
        add_songs(con, feed, songs, weeks[feed], format_name=format_name)
    numbers = {feed: range(1, len(given) + 1) for feed, given in weeks.items()}
    mark_revised(con, [(feed, week_number(n)) for feed, given in numbers.items() for n in given])
    publish(con, paths)
    con.close()
    return paths
