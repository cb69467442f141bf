"""A week in numbers: what every comparison of weeks is made from."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from songpop.drift.association import rank_associations
from songpop.drift.bins import (
    AGE_GROUPS_COUNT,
    CHANGE_BINS,
    LEVEL_BINS,
    Cells,
    Counts,
    Floats,
    bin_growth,
    bin_levels,
    bin_ratios,
    count_cells,
    group_ages,
)
from songpop.features.calendar import DAYS_PER_WEEK
from songpop.features.kinds import release_column
from songpop.formats.spec import ColumnSpec, FormatSpec

MOST_TRACKS: Final = 100_000
"""Tracks that a profile is made from; of a larger week about so many, chosen evenly by key. A
share is then known to 0.16 points, and a distance to 0.004: far below what is acted on."""

_DRAWN_TIMES: Final = 1.1


@dataclass(frozen=True, eq=False)
class ColumnProfile:
    """One metric of one week.

    Attributes:
        name: the metric.
        missing_count: tracks without a value.
        lost_count: of them, those that had a value the week before.
        gained_count: tracks that have a value and had none the week before.
        compared_count: tracks with a value in both weeks.
        equal_count: of them, those whose value is the same.
        fallen_count: of them, those whose value is smaller.
        median_log_ratio: median over them of log((1 + now) / (1 + before)); null without any.
        level: (AGE_GROUPS_COUNT, LEVEL_BINS) tracks by age and value.
        change: (AGE_GROUPS_COUNT, CHANGE_BINS) tracks by age and change, per week.
        associations: Spearman's correlation with each metric of the profile, NaN where unknown.
    """

    name: str
    missing_count: int
    lost_count: int
    gained_count: int
    compared_count: int
    equal_count: int
    fallen_count: int
    median_log_ratio: float | None
    level: Counts
    change: Counts
    associations: Floats


@dataclass(frozen=True, eq=False)
class WeekProfile:
    """One week; counts are of the tracks that it was made from, but for ``rows_count``.

    Attributes:
        week: the day that ends it.
        before_week: the week that changes are counted from; null for none.
        rows_count: tracks of the week, all of them.
        tracks_count: tracks that the profile was made from.
        common_count: of them, those that the week before lists too.
        ages: (AGE_GROUPS_COUNT,) tracks by age group.
        columns: by metric, in the format's order; without those that the export's layout lacks.
    """

    week: dt.date
    before_week: dt.date | None
    rows_count: int
    tracks_count: int
    common_count: int
    ages: Counts
    columns: Mapping[str, ColumnProfile]

    @property
    def weeks_apart(self) -> int | None:
        """Weeks since the one that changes are counted from; null for none.

        What happens in three weeks is not what happens in one, not even by the week: such changes
        are compared with their like alone.
        """
        return None if self.before_week is None else _count_weeks(self.before_week, self.week)


def _count_weeks(before_week: dt.date, week: dt.date) -> int:
    # A week may come a few days off; one that is missing makes two.
    return max(round((week - before_week).days / DAYS_PER_WEEK), 1)


@dataclass(frozen=True, eq=False)
class _Pair:
    """The tracks of a week, and where each stands in the week before (-1: nowhere)."""

    rows: pl.DataFrame
    before: pl.DataFrame | None
    groups: Cells
    places: NDArray[np.int64]
    weeks: float


def profile_week(
    rows: pl.DataFrame,
    before: pl.DataFrame | None,
    spec: FormatSpec,
    *,
    week: dt.date,
    before_week: dt.date | None,
    absent: frozenset[str] = frozenset(),
) -> WeekProfile:
    """Reduce a week to its profile.

    Args:
        rows: TrackWeeks of one week, (n, c), one row per track_id: the format's metrics and
            release_date; where the format has no release date, first_seen_week if it is known.
        before: TrackWeeks of the last accepted week before, or null.
        spec: their format.
        week: the day that ends the week.
        before_week: that of *before*.
        absent: metrics that the export's layout does not have.

    Returns:
        The profile, of all tracks that are given or, of more than 100,000, of about so many.
    """
    total = rows.height
    names = [column for column in spec.metrics if column.name not in absent]
    pair = _pair(rows, before, spec, week, before_week)
    values = {column.name: _values(pair.rows, column.name) for column in names}
    associations = rank_associations(list(values.values()))
    columns = {
        column.name: _profile_column(pair, column, values[column.name], associations[place])
        for place, column in enumerate(names)
    }
    return WeekProfile(
        week=week,
        before_week=None if before is None else before_week,
        rows_count=total,
        tracks_count=pair.rows.height,
        common_count=int((pair.places >= 0).sum()),
        ages=np.bincount(pair.groups, minlength=AGE_GROUPS_COUNT).astype(np.int64),
        columns=columns,
    )


def _pair(
    rows: pl.DataFrame,
    before: pl.DataFrame | None,
    spec: FormatSpec,
    week: dt.date,
    before_week: dt.date | None,
) -> _Pair:
    # Rows that were drawn before they came here are a few more or less than asked for.
    every = -(-rows.height // MOST_TRACKS) if rows.height > _DRAWN_TIMES * MOST_TRACKS else 1
    rows = thin_tracks(rows, every)
    places = np.full(rows.height, -1, dtype=np.int64)
    weeks = 1.0
    if before is not None and before_week is not None:
        before = thin_tracks(before, every)
        earlier = before.select("track_id").with_row_index("place")
        joined = rows.select("track_id").join(
            earlier, on="track_id", how="left", maintain_order="left"
        )
        places = joined.get_column("place").cast(pl.Int64).fill_null(-1).to_numpy()
        weeks = float(_count_weeks(before_week, week))
    return _Pair(rows, before, group_ages(_age_days(rows, spec, week)), places, weeks)


def thin_tracks(rows: pl.DataFrame, every: int) -> pl.DataFrame:
    """Return about one in *every* tracks, the same ones in any week."""
    if every <= 1:
        return rows
    return rows.filter(pl.col("track_id").hash(seed=0) % every == 0)


def _age_days(rows: pl.DataFrame, spec: FormatSpec, week: dt.date) -> Floats:
    name = release_column(spec) or "first_seen_week"
    if name not in rows.columns:
        return np.full(rows.height, np.nan)
    days = (pl.lit(week) - pl.col(name)).dt.total_days().cast(pl.Float64)
    return rows.select(days).to_series().fill_null(np.nan).to_numpy()


def _values(rows: pl.DataFrame, name: str) -> Floats:
    return rows.get_column(name).cast(pl.Float64).fill_null(np.nan).to_numpy()


def _profile_column(
    pair: _Pair, column: ColumnSpec, now: Floats, associations: Floats
) -> ColumnProfile:
    is_known = np.isfinite(now)
    level = count_cells(pair.groups[is_known], bin_levels(now[is_known]), LEVEL_BINS)
    then = np.full(now.size, np.nan)
    was_listed = pair.places >= 0
    if pair.before is not None:
        then[was_listed] = _values(pair.before, column.name)[pair.places[was_listed]]
    both = is_known & np.isfinite(then)
    one, other = now[both], then[both]
    cells = (
        bin_growth(one, other, pair.weeks) if column.kind == "counter" else bin_ratios(one, other)
    )
    ratios = np.log1p(one) - np.log1p(other)
    return ColumnProfile(
        name=column.name,
        missing_count=int((~is_known).sum()),
        lost_count=int((was_listed & ~is_known & np.isfinite(then)).sum()),
        gained_count=int((was_listed & is_known & ~np.isfinite(then)).sum()),
        compared_count=int(both.sum()),
        equal_count=int((one == other).sum()),
        fallen_count=int((one < other).sum()),
        median_log_ratio=float(np.median(ratios)) if ratios.size else None,
        level=level,
        change=count_cells(pair.groups[both], cells, CHANGE_BINS),
        associations=associations,
    )
