"""What the checks of one week need, read from the warehouse; nothing later than the week."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import duckdb
import polars as pl

from songpop.drift.domain import DomainSample, sample_week
from songpop.drift.performance import MaturedLoss, measure_loss
from songpop.drift.profile import MOST_TRACKS, WeekProfile, profile_week
from songpop.drift.references import (
    FEWEST_WEEKS,
    MOST_TRAINING_WEEKS,
    RECENT_WEEKS,
    References,
)
from songpop.drift.store import list_profiled, read_profile
from songpop.features.calendar import DAYS_PER_WEEK, OFF_CADENCE_DAYS
from songpop.features.kinds import release_column
from songpop.features.lookback import ALL_TRACKS
from songpop.formats.spec import FormatSpec
from songpop.warehouse.sqlfiles import read_sql

_FARTHEST_WEEKS: Final = 104
"""A week that came longer before is not compared with; see also ``LONGEST_GAP_WEEKS``."""
_FALLBACK_WEEKS: Final = 13
_YEAR_WEEKS: Final = 52

ProfileCache = dict[tuple[str, dt.date], WeekProfile]
"""Profiles that were read or written in this session, by feed and week."""


def last_accepted_week(con: duckdb.DuckDBPyConnection, feed: str, week: dt.date) -> dt.date | None:
    """Return the loaded week that *week* is compared with first; null for none.

    It lies at most two years before: after eight weeks without one, units, falling counters and
    frozen columns are still known by it, and a counter that stands still for months stays out for
    months.
    """
    params = {
        "feed": feed,
        "from_week": week - dt.timedelta(weeks=_FARTHEST_WEEKS),
        "to_week": week - dt.timedelta(days=1),
    }
    rows = con.execute(read_sql("features/loaded_weeks"), params).fetchall()
    return rows[-1][0] if rows else None


@dataclass(frozen=True)
class WeekRows:
    """Where the rows of a week are: in core.track_weeks, or staged and not loaded yet.

    Attributes:
        feed: the feed.
        week: the day that ends the week.
        rows_count: its tracks.
        layouts: of its exports; metrics that none of them has are no gaps.
        tables: temporary tables of staged exports; empty for a loaded week.
        adds: whether what is staged is added to the rows that the week holds.
    """

    feed: str
    week: dt.date
    rows_count: int
    layouts: tuple[str, ...]
    tables: tuple[str, ...] = ()
    adds: bool = False


def make_profile(con: duckdb.DuckDBPyConnection, rows: WeekRows, spec: FormatSpec) -> WeekProfile:
    """Profile a week against the last accepted one.

    Args:
        con: a connection to the private file.
        rows: where the week's rows are.
        spec: the feed's format.
    """
    feed, week = rows.feed, rows.week
    every = -(-rows.rows_count // MOST_TRACKS) or 1
    own = _read_staged(con, rows, spec, every) if rows.tables else None
    if own is None:
        own = read_thinned(con, feed, week, spec, every)
    before_week = last_accepted_week(con, feed, week)
    before = None if before_week is None else read_thinned(con, feed, before_week, spec, every)
    if release_column(spec) is None:
        params = {"feed": feed, "week": week, **ALL_TRACKS.params}
        first_seen = con.execute(read_sql("features/first_seen"), params).pl()
        own = add_first_seen(own, first_seen, week)
    absent = _find_absent(spec, rows.layouts)
    found = profile_week(own, before, spec, week=week, before_week=before_week, absent=absent)
    return replace(found, rows_count=rows.rows_count)


def _find_absent(spec: FormatSpec, layouts: Sequence[str]) -> frozenset[str]:
    named = {
        column.name
        for layout in spec.layouts
        if layout.name in layouts
        for column in spec.columns_of(layout)
    }
    return frozenset(metric.name for metric in spec.metrics if metric.name not in named)


def read_thinned(
    con: duckdb.DuckDBPyConnection, feed: str, week: dt.date, spec: FormatSpec, every: int
) -> pl.DataFrame:
    """Read one in *every* tracks of a loaded week, the same ones in any week, by track_id.

    Returns:
        (n, 2 + metrics): track_id, release_date and the format's metrics as exported.
    """
    sql = read_sql("drift/thinned_rows").replace("$metric_columns", _metric_columns(spec, "tw."))
    return con.execute(sql, {"feed": feed, "week": week, "every": every}).pl()


def _read_staged(
    con: duckdb.DuckDBPyConnection, rows: WeekRows, spec: FormatSpec, every: int
) -> pl.DataFrame:
    names = _metric_columns(spec, "")
    parts = [
        con.execute(
            f"select track_id, release_date, {names} from {table} "  # noqa: S608 - names that the format declares, our own temporary table
            "where hash(track_id) % $every = 0 order by track_id",
            {"every": every},
        ).pl()
        for table in rows.tables
    ]
    if rows.adds:
        parts.insert(0, read_thinned(con, rows.feed, rows.week, spec, every))
    # Of an export and its correction, the correction counts.
    return pl.concat(parts).unique("track_id", keep="last", maintain_order=True)


def _metric_columns(spec: FormatSpec, prefix: str) -> str:
    # The only spliced identifiers: the format's schema admits nothing but [a-z0-9_] for them.
    return ", ".join(f'{prefix}"{metric.name}"' for metric in spec.metrics)


def add_first_seen(rows: pl.DataFrame, first_seen: pl.DataFrame, week: dt.date) -> pl.DataFrame:
    """Add first_seen_week, so that a week looks the same before it is loaded and after.

    A track that no week has shown yet is first seen now. Since when those of the feed's first week
    are listed is unknown, so theirs is null: else a whole chart would come of age at once.

    Args:
        rows: TrackWeeks of the week.
        first_seen: track_id and first_seen_week of the tracks that the feed had shown by then.
        week: the day that ends the week.
    """
    begun = pl.lit(first_seen.get_column("first_seen_week").min() or week, pl.Date)
    seen = pl.col("first_seen_week").fill_null(week)
    return rows.join(first_seen, on="track_id", how="left", maintain_order="left").with_columns(
        pl.when(seen > begun).then(seen).alias("first_seen_week")
    )


def gather_references(
    con: duckdb.DuckDBPyConnection,
    feed: str,
    week: dt.date,
    trained_on: Sequence[dt.date],
    cache: ProfileCache,
) -> References:
    """Read the profiles that a week is compared with.

    Args:
        con: a connection to the private file.
        feed: the feed.
        week: the day that ends the week.
        trained_on: the weeks that the champion learned from; where fewer than three of them have
            a profile, the newest 13 accepted weeks stand for them.
        cache: profiles known already; those that are read are added.
    """
    profiled = list_profiled(con, feed, week)
    accepted = [day for day, is_accepted in profiled if is_accepted]
    learned = set(trained_on)
    training = [day for day in accepted if day in learned][-MOST_TRAINING_WEEKS:]
    if len(training) < FEWEST_WEEKS:
        training = accepted[-_FALLBACK_WEEKS:]
    last = last_accepted_week(con, feed, week)
    recent = [] if last is None else [day for day in accepted if day <= last][-RECENT_WEEKS:]
    target = week - dt.timedelta(weeks=_YEAR_WEEKS)
    seasonal = [
        day for day in accepted if abs((day - target).days) <= DAYS_PER_WEEK + OFF_CADENCE_DAYS
    ]
    held = [day for day, is_accepted in profiled[-1:] if not is_accepted]

    def read(days: Sequence[dt.date]) -> tuple[WeekProfile, ...]:
        found = (_read(con, feed, day, cache) for day in days)
        return tuple(profile for profile in found if profile is not None)

    held_profiles = read(held)
    return References(
        training=read(training),
        recent=read(recent),
        year_ago=read(seasonal),
        held=held_profiles[0] if held_profiles else None,
    )


def _read(
    con: duckdb.DuckDBPyConnection, feed: str, week: dt.date, cache: ProfileCache
) -> WeekProfile | None:
    if (feed, week) not in cache:
        profile = read_profile(con, feed, week)
        if profile is None:
            return None
        cache[feed, week] = profile
    return cache[feed, week]


def gather_domain(
    con: duckdb.DuckDBPyConnection,
    feed: str,
    week: WeekProfile | None,
    spec: FormatSpec,
    most: int,
) -> DomainSample | None:
    """Read about *most* tracks of a loaded week and of the one that its changes count from."""
    if week is None or week.before_week is None:
        return None
    every = -(-week.rows_count // most) or 1
    rows = read_thinned(con, feed, week.week, spec, every)
    before = read_thinned(con, feed, week.before_week, spec, every)
    if rows.is_empty() or before.is_empty():
        return None
    return sample_week(rows, before, spec, most)


def gather_loss(
    con: duckdb.DuckDBPyConnection, feed: str, week: dt.date, label: str
) -> MaturedLoss | None:
    """Return how the newest week whose labels matured in *week* was scored; null for none."""
    rows = con.execute(
        read_sql("drift/matured_scores"), {"feed": feed, "week": week, "label": label}
    ).pl()
    if rows.is_empty():
        return None
    return measure_loss(
        rows.item(0, "week"),
        rows.item(0, "model_version"),
        rows.get_column("score").to_numpy(),
        rows.get_column("is_high").to_numpy(),
        rows.get_column("artist").rank("dense").cast(pl.Int64).to_numpy(),
    )


def read_weights(con: duckdb.DuckDBPyConnection, feed: str, week: dt.date) -> dict[str, float]:
    """Return each source's share of the reasons that the last scored week gave."""
    params = {"feed": feed, "week": week}
    rows = con.execute(read_sql("drift/reason_weights"), params).fetchall()
    total = sum(size for _, size in rows)
    return {source: size / total for source, size in rows} if total else {}
