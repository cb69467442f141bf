"""Small formats, weeks, profiles and verdicts for the tests of drift."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import numpy as np
import polars as pl

from songpop.drift.bins import AGE_GROUPS_COUNT, CHANGE_BINS, LEVEL_BINS, Counts
from songpop.drift.policy import PolicyFacts
from songpop.drift.profile import ColumnProfile, WeekProfile
from songpop.drift.store import write_profile
from songpop.drift.verdict import Check, Level, Verdict
from songpop.formats.spec import FormatSpec
from songpop.warehouse.frames import registered
from songpop.warehouse.migrate import add_metric_columns, migrate
from tests.builders import NOW, week_number

FEED = "feed"
STREAMS = "streams_count"
LIKES = "likes_count"
FOLLOWERS = "followers_count"
RANK = "chart_rank"
METRICS = (STREAMS, LIKES, FOLLOWERS, RANK)

_COLUMNS = [
    {"name": "track_id", "headers": ["id"], "kind": "key", "label": "id"},
    {"name": "release_date", "headers": ["out"], "kind": "date", "label": "release"},
    {
        "name": STREAMS,
        "headers": ["streams"],
        "kind": "counter",
        "platform": "Spinner",
        "label": "Spinner streams",
    },
    {
        "name": LIKES,
        "headers": ["likes"],
        "kind": "counter",
        "platform": "Spinner",
        "label": "Spinner likes",
    },
    {
        "name": FOLLOWERS,
        "headers": ["followers"],
        "kind": "gauge",
        "platform": "Other",
        "label": "followers",
    },
    {"name": RANK, "headers": ["rank"], "kind": "rank", "label": "rank"},
]


def make_spec(*, has_release: bool = True) -> FormatSpec:
    """Return a format of two counters of one platform, a gauge and a rank."""
    columns = [column for column in _COLUMNS if has_release or column["kind"] != "date"]
    return FormatSpec.model_validate(
        {
            "name": "small",
            "title": "Small",
            "size_metric": STREAMS,
            "layouts": [
                {"name": "whole"},
                {"name": "short", "columns": ["track_id", STREAMS]},
            ],
            "columns": columns,
        }
    )


SPEC = make_spec()


def make_rows(
    streams: Sequence[int | None],
    *,
    first: int = 0,
    age_days: int | Sequence[int] = 10,
    week: dt.date | None = None,
    metrics: Mapping[str, Sequence[int | None]] | None = None,
) -> pl.DataFrame:
    """Return TrackWeeks of tracks ``t<first>`` onwards; metrics that are not given are empty."""
    count = len(streams)
    ages = [age_days] * count if isinstance(age_days, int) else age_days
    end = week or week_number(1)
    given = {STREAMS: streams, **(metrics or {})}
    return pl.DataFrame(
        {
            "track_id": [f"t{number}" for number in range(first, first + count)],
            "release_date": [end - dt.timedelta(days=age) for age in ages],
            **{
                name: pl.Series(given.get(name, [None] * count), dtype=pl.Int64) for name in METRICS
            },
        }
    )


def make_counts(bins: int, cells: Mapping[int, int], group: int = 0) -> Counts:
    """Return counts of one age group: tracks by bin."""
    counts = np.zeros((AGE_GROUPS_COUNT, bins), dtype=np.int64)
    for cell, count in cells.items():
        counts[group, cell] = count
    return counts


def spread(tracks: int = 1_000, start: int = 100, group: int = 0, bins: int = LEVEL_BINS) -> Counts:
    """Return *tracks* of one age spread evenly over the 100 bins from *start* on.

    Moved by k bins, they are k hundredths away.
    """
    return make_counts(bins, dict.fromkeys(range(start, start + 100), tracks // 100), group)


def make_column(name: str = STREAMS, **fields: Any) -> ColumnProfile:  # noqa: ANN401 - any field
    """Return a metric that all of 1,000 young tracks have and that grew by a tenth for each."""
    values: dict[str, Any] = {
        "missing_count": 0,
        "lost_count": 0,
        "gained_count": 0,
        "compared_count": 1_000,
        "equal_count": 0,
        "fallen_count": 0,
        "median_log_ratio": 0.1,
        "level": spread(),
        "change": spread(bins=CHANGE_BINS),
        "associations": np.array([1.0]),
    }
    return ColumnProfile(name=name, **(values | fields))


def make_profile(
    week: int = 1,
    *columns: ColumnProfile,
    tracks: int = 1_000,
    rows: int | None = None,
    common: int | None = None,
    ages: Counts | None = None,
) -> WeekProfile:
    """Return the profile of a week by number, of young tracks that the week before had too."""
    return WeekProfile(
        week=week_number(week),
        before_week=week_number(week - 1) if week > 1 else None,
        rows_count=tracks if rows is None else rows,
        tracks_count=tracks,
        common_count=tracks if common is None else common,
        ages=make_counts(1, {0: tracks})[:, 0] if ages is None else ages,
        columns={column.name: column for column in columns or (make_column(),)},
    )


def make_verdict(
    check: Check = "level",
    column: str | None = STREAMS,
    verdict: Level = "fail",
    statistic: float = 0.12,
    **fields: Any,  # noqa: ANN401 - any field
) -> Verdict:
    """Return a verdict beyond a threshold of 0.1."""
    values: dict[str, Any] = {"threshold": 0.1, "details": "moved"}
    return Verdict(
        check_name=check,
        column_name=column,
        statistic=statistic,
        verdict=verdict,
        **(values | fields),
    )


def make_facts(week: int = 20, **fields: Any) -> PolicyFacts:  # noqa: ANN401 - any field
    """Return what the policy knows of a feed of ten metrics whose model was never trained."""
    values: dict[str, Any] = {
        "earlier": (),
        "weights": {},
        "metrics": [f"metric_{number}" for number in range(10)],
        "last_trained_week": None,
    }
    return PolicyFacts(week=week_number(week), **(values | fields))


def same_profile(one: WeekProfile, other: WeekProfile) -> bool:
    """Whether two profiles say the same, to the bit but for the last digits of correlations."""
    return _scalars(one) == _scalars(other) and all(
        np.array_equal(column.level, other.columns[name].level)
        and np.array_equal(column.change, other.columns[name].change)
        and np.allclose(
            column.associations, other.columns[name].associations, atol=1e-12, equal_nan=True
        )
        for name, column in one.columns.items()
    )


def _scalars(profile: WeekProfile) -> tuple[object, ...]:
    counts = [
        (
            column.name,
            column.missing_count,
            column.lost_count,
            column.gained_count,
            column.compared_count,
            column.equal_count,
            column.fallen_count,
            column.median_log_ratio,
        )
        for column in profile.columns.values()
    ]
    whole = (profile.week, profile.before_week, profile.rows_count, profile.tracks_count)
    return *whole, profile.common_count, profile.ages.tolist(), counts


def make_small_warehouse(spec: FormatSpec = SPEC) -> duckdb.DuckDBPyConnection:
    """Return an empty in-memory warehouse that can hold weeks of the small format."""
    con = duckdb.connect()
    migrate(con, NOW)
    add_metric_columns(con, [spec])
    return con


def load_week(con: duckdb.DuckDBPyConnection, week: int, rows: pl.DataFrame) -> None:
    """Load a week of ``feed`` by number, as far as drift reads it."""
    key = {"feed": FEED, "week": week_number(week)}
    con.execute(
        """
        insert into core.weeks by name
        select
            $feed as feed, $week as week, 'small' as format, $count as rows_count,
            'c' as content_sha256, false as is_stale, $now as loaded_at
        """,
        {**key, "count": rows.height, "now": NOW},
    )
    with registered(con, "loaded_rows", rows):
        con.execute(
            """
            insert into core.track_weeks by name
            select $feed as feed, $week as week, 'sha' as sha256, 1 as line, * from loaded_rows
            """,
            key,
        )
        con.execute(
            """
            insert into core.track_history
            select $feed, track_id, $week from loaded_rows
            where track_id not in (select track_id from core.track_history where feed = $feed)
            """,
            key,
        )


def store_weeks(
    con: duckdb.DuckDBPyConnection, *weeks: int, held: Sequence[int] = (), load: bool = False
) -> None:
    """Store a calm profile for each week; those of *held* as quarantined, the others as loaded."""
    for week in weeks:
        write_profile(con, FEED, make_profile(week), is_accepted=week not in held)
        if load and week not in held:
            load_week(con, week, make_rows([week * 100]))
