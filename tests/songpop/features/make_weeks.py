"""A small format of every column kind, weeks of it, and a warehouse in memory that holds them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import duckdb
import polars as pl

from songpop.features.build import build_feature_parts
from songpop.features.lookback import find_lookback, find_ranges
from songpop.features.totals import read_totals
from songpop.formats.spec import FormatSpec
from songpop.warehouse.sqlfiles import SQL_ROOT

FEED = "label"
WEEK = dt.date(2024, 6, 13)

_COLUMNS: list[dict[str, Any]] = [
    {"name": "title", "kind": "text"},
    {"name": "artist_name", "kind": "text"},
    {"name": "release_date", "kind": "date"},
    {"name": "track_id", "kind": "key"},
    {"name": "all_time_rank", "kind": "rank", "leaks_snapshot": True},
    {"name": "score_points", "kind": "gauge", "type": "decimal", "leaks_snapshot": True},
    {"name": "streams_count", "kind": "counter"},
    {"name": "playlists_count", "kind": "gauge"},
    {"name": "popularity_index", "kind": "gauge", "maximum": 100},
    {"name": "is_explicit", "kind": "flag"},
]


def make_spec(without: Iterable[str] = (), **changes: Any) -> FormatSpec:  # noqa: ANN401 - any key
    """Return a format with a column of every kind, less the columns named *without*."""
    columns = [
        {"headers": [column["name"]], "label": column["name"], **column}
        for column in _COLUMNS
        if column["name"] not in without
    ]
    content: dict[str, Any] = {
        "name": "invented",
        "title": "An invented format",
        "size_metric": "streams_count",
        "snapshot_source": "score_points",
        "layouts": [{"name": "only"}],
        "columns": columns,
    }
    return FormatSpec.model_validate(content | changes)


def make_weeks(*rows: Mapping[str, Any], **everywhere: Any) -> pl.DataFrame:  # noqa: ANN401 - any cell
    """Return TrackWeeks rows with weeks_ago and first_seen_week; what a row omits is null.

    The week follows from weeks_ago, which is 0 unless given.
    """
    complete = [{"weeks_ago": 0, **everywhere, **row} for row in rows]
    for row in complete:
        row.setdefault("week", WEEK - dt.timedelta(weeks=row["weeks_ago"]))
        row.setdefault("feed", FEED)
    return pl.DataFrame(complete, schema=TRACK_WEEKS | _LOOKBACK)


TRACK_WEEKS: dict[str, pl.DataType | type[pl.DataType]] = {
    "feed": pl.String,
    "week": pl.Date,
    "track_id": pl.String,
    "title": pl.String,
    "artist_name": pl.String,
    "release_date": pl.Date,
    "is_explicit": pl.Boolean,
    "all_time_rank": pl.Int64,
    "score_points": pl.Float64,
    "streams_count": pl.Int64,
    "playlists_count": pl.Int64,
    "popularity_index": pl.Int64,
}
_LOOKBACK: dict[str, pl.DataType | type[pl.DataType]] = {
    "weeks_ago": pl.Int8,
    "first_seen_week": pl.Date,
}


def open_warehouse(spec: FormatSpec) -> duckdb.DuckDBPyConnection:
    """Return an empty warehouse in memory, with the metric columns of *spec*."""
    con = duckdb.connect(config={"threads": 1})
    for path in sorted((SQL_ROOT / "migrations").glob("*.sql")):
        con.execute(path.read_text(encoding="utf-8"))
    for metric in spec.metrics:
        con.execute(f'alter table core.track_weeks add column "{metric.name}" {metric.sql_type}')
    return con


def load_weeks(con: duckdb.DuckDBPyConnection, weeks: pl.DataFrame) -> None:
    """Load TrackWeeks rows as weeks of their feeds, and record when tracks were first seen."""
    con.register("loaded", weeks.select(*TRACK_WEEKS))
    con.execute(
        "insert into core.track_weeks by name select *, '' as sha256, 1 as line from loaded"
    )
    con.execute(
        "insert into core.weeks by name select feed, week, 'invented' as format, "
        "count(*) as rows_count, '' as content_sha256, false as is_stale, "
        "timestamptz '2024-01-01 00:00:00+00' as loaded_at from loaded group by feed, week"
    )
    con.execute(
        "create or replace table core.track_history as select feed, track_id, "
        "min(week) as first_seen_week from core.track_weeks group by feed, track_id"
    )
    con.unregister("loaded")


def build_by_ranges(
    con: duckdb.DuckDBPyConnection, feed: str, week: dt.date, spec: FormatSpec, range_rows: int
) -> pl.DataFrame:
    """Build one loaded week's features range by range, as a large week's are."""
    lookback = find_lookback(con, feed, week, spec)
    totals = read_totals(con, feed, week, spec)
    count = con.execute(
        "select count(*) from core.track_weeks where feed = $feed and week = $week",
        {"feed": feed, "week": week},
    ).fetchall()[0][0]
    return pl.concat(
        part
        for tracks in find_ranges(con, feed, week, count, range_rows)
        for part in build_feature_parts(
            lookback.read(tracks), spec, week, exclude_leaking=False, totals=totals
        )
    )
