"""Charts of several regions in memory, with their matured labels stored as the weekly run does."""

from collections.abc import Iterable, Mapping

import duckdb
import numpy as np
import polars as pl

from songpop.formats.registry import load_formats
from songpop.labels.forward import ForwardKind, select_labels
from songpop.labels.maturity import find_matured_weeks
from songpop.pipeline.weeks import update_history
from songpop.warehouse.frames import registered
from tests.builders import make_warehouse, week_number

CHART = load_formats()["spotify_charts"]
TABLE = load_formats()["chartmetric"]


def make_charts(
    weeks: Mapping[str, Iterable[int]],
    tracks: int = 12,
    label: ForwardKind = "level",
    horizon_weeks: Mapping[str, int] | None = None,
) -> duckdb.DuckDBPyConnection:
    """Return a warehouse with the charts of some week numbers a feed.

    Streams of a track go up and down at random; about one in seven is absent from a week.
    """
    con = make_warehouse()
    for place, (feed, numbers) in enumerate(weeks.items()):
        for number in numbers:
            add_chart(con, feed, number, make_chart(feed, number, tracks, seed=place))
            mature(con, feed, number, label, (horizon_weeks or {}).get(feed, 4))
    return con


def make_chart(feed: str, number: int, tracks: int, seed: int) -> pl.DataFrame:
    """Return the rows of one region's week."""
    rng = np.random.default_rng((seed, number))
    streams = 1_000 * (1 + np.arange(tracks)) * np.exp(rng.normal(0, 0.7, tracks))
    rows = pl.DataFrame(
        {
            "feed": [feed] * tracks,
            "week": [week_number(number)] * tracks,
            "track_id": [f"t{n:03}" for n in range(tracks)],
            "artist_name": [f"Artist {n // 2}, Guest" for n in range(tracks)],
            "sha256": [f"{feed}-{number}"] * tracks,
            "line": range(tracks),
            "streams_week_count": streams.astype(np.int64),
        }
    ).filter(pl.Series(rng.random(tracks) < 6 / 7))
    rank = pl.col("streams_week_count").rank("ordinal", descending=True)
    return rows.with_columns(rank.cast(pl.Int64).alias("rank"))


def add_chart(con: duckdb.DuckDBPyConnection, feed: str, number: int, rows: pl.DataFrame) -> None:
    """Load one week."""
    with registered(con, "chart", rows):
        con.execute("insert into core.track_weeks by name select * from chart")
    con.execute(
        """
        insert into core.weeks by name
        select $feed as feed, $week as week, $format as format, 1 as rows_count,
            'x' as content_sha256, false as is_stale, now() as loaded_at
        """,
        {"feed": feed, "week": week_number(number), "format": CHART.name},
    )
    update_history(con, feed, week_number(number), rows_left=False)


def mature(
    con: duckdb.DuckDBPyConnection, feed: str, number: int, label: ForwardKind, horizon_weeks: int
) -> None:
    """Store the labels that mature with one week."""
    week = week_number(number)
    for labelled in find_matured_weeks(con, feed, week, horizon_weeks):
        select_labels(con, feed, (labelled, week), CHART, label, into="ml.labels")
