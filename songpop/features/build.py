"""Build the features of one week from its rows and those of its look-back weeks."""

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from songpop.errors import CheckError, expected
from songpop.features.calendar import DAYS_PER_WEEK
from songpop.features.kinds import (
    AGE_DAYS,
    AGE_LOG,
    LAGS_WEEKS,
    SEASON_COS,
    SEASON_SIN,
    SISTER_FEATURES,
    WEEKS_SINCE_FIRST_SEEN,
    Feature,
    declare_features,
    log_column,
    release_column,
)
from songpop.features.totals import Totals, sum_totals
from songpop.formats.spec import FormatSpec

_DAYS_PER_YEAR: Final = 365.25

PART_ROWS: Final = 65_536
"""Tracks that are computed at a time; it bounds the memory of intermediate columns."""


def build_features(
    weeks: pl.DataFrame, spec: FormatSpec, week: dt.date, *, exclude_leaking: bool
) -> pl.DataFrame:
    """Build the features of one week.

    Args:
        weeks: TrackWeeks rows of one feed, (n, c): the scored week (weeks_ago 0) and any of its
            look-back weeks (LAGS_WEEKS), with an integer column weeks_ago and a date column
            first_seen_week; one row per (weeks_ago, track_id), in any order. Without the columns
            SISTER_FEATURES, what sister feeds say is null.
        spec: the feed's format.
        week: the scored week, the day that ends it.
        exclude_leaking: true for snapshot models; see ``declare_features``.

    Returns:
        Features, (m, 3 + f): feed, week and track_id, then Float32 features, one row per track
        of weeks_ago 0, sorted by track_id. Logs are natural logs of 1 + value, shares logs of
        the share of the week's total, rates logs of the value per day of age, growth and change
        differences of logs, flags 0 or 1, the season a sine and a cosine; what sister feeds say
        is a count or in percentiles. Null means missing: the export says nothing, the earlier
        week or the track in it is absent, or the release date is absent or after *week*.

    Raises:
        CheckError: the rows are of several feeds or of a week after *week*, or repeat a key.
    """
    parts = build_feature_parts(weeks, spec, week, exclude_leaking=exclude_leaking)
    return pl.concat(parts)


def build_feature_parts(
    weeks: pl.DataFrame,
    spec: FormatSpec,
    week: dt.date,
    *,
    exclude_leaking: bool,
    part_rows: int = PART_ROWS,
    totals: Totals | None = None,
) -> Iterator[pl.DataFrame]:
    """Yield the frame of ``build_features`` in parts of at most *part_rows* rows.

    Stacked, the parts are that frame bit for bit. An empty week is one empty part.

    Args:
        weeks: as there, or the rows of some of the scored tracks, if *totals* are given. So a week
            of any size can be built in bounded memory.
        spec: the feed's format.
        week: the scored week.
        exclude_leaking: true for snapshot models.
        part_rows: most rows of a part.
        totals: what ``read_totals`` read of the whole week; null adds up those of *weeks*.

    Raises:
        CheckError: as there.
    """
    _check_weeks(weeks, week)
    features = declare_features(spec, exclude_leaking=exclude_leaking)
    lags = LAGS_WEEKS if any(feature.needs_history for feature in features) else ()
    weeks = weeks.rechunk()  # a gather over several chunks would merge them anew for every part
    positions = _find_positions(weeks, lags)
    if totals is None:
        totals = sum_totals(weeks.filter(pl.col("weeks_ago") == 0), spec)
    plan = _Plan(weeks, spec, week, features, totals)
    row_count = positions[0].len()
    for start in range(0, max(row_count, 1), part_rows):
        yield _build_part(plan, {k: p.slice(start, part_rows) for k, p in positions.items()})


@dataclass(frozen=True, eq=False)
class _Plan:
    weeks: pl.DataFrame
    spec: FormatSpec
    week: dt.date
    features: list[Feature]
    totals: Totals


def _check_weeks(weeks: pl.DataFrame, week: dt.date) -> None:
    dates = weeks.get_column("week")
    scored = dates.filter(weeks.get_column("weeks_ago") == 0)
    later = dates.filter(dates > week)
    feed_count = weeks.get_column("feed").n_unique()
    if feed_count > 1 or later.len() or not (scored == week).all():
        raise CheckError(
            expected(
                f"features of week {week}",
                "rows of one feed, of that week and of weeks before it",
                f"{feed_count} feeds, {later.len()} rows of later weeks, weeks_ago 0 in week "
                f"{scored.max()}",
                "read them with read_lookback",
            )
        )


def _find_positions(weeks: pl.DataFrame, lags: tuple[int, ...]) -> dict[int, pl.Series]:
    # By weeks_ago: where in `weeks` each scored track's row stands, in the order of track_id;
    # null where the track has none. Positions spare a copy of every week's columns.
    keys = weeks.select("track_id", "weeks_ago").with_row_index("position")
    scored = keys.filter(pl.col("weeks_ago") == 0).sort("track_id")
    positions = {0: scored.get_column("position")}
    is_repeat = scored.select((pl.col("track_id") == pl.col("track_id").shift()).any()).item()
    for lag in lags:
        earlier = keys.filter(pl.col("weeks_ago") == lag).select("track_id", "position")
        joined = scored.select("track_id").join(
            earlier, on="track_id", how="left", maintain_order="left"
        )
        is_repeat = is_repeat or joined.height > scored.height
        positions[lag] = joined.get_column("position")
    if is_repeat:
        raise CheckError(
            expected(
                "rows for features",
                "one row per (weeks_ago, track_id)",
                "repeated keys",
                "run songpop doctor",
            )
        )
    return positions


def _build_part(plan: _Plan, positions: Mapping[int, pl.Series]) -> pl.DataFrame:
    scored = positions[0]
    flags = [column.name for column in plan.spec.columns if column.kind == "flag"]
    logs = {
        log_column(metric.name, weeks_ago): _log_at(metric.name, rows)
        for metric in plan.spec.metrics
        for weeks_ago, rows in positions.items()
    }
    work = plan.weeks.select(
        pl.col("feed", "week", "track_id", *flags).gather(scored),
        *_fact_expressions(plan, scored),
        **logs,
    ).with_columns(
        *(pl.when(pl.col(name).is_finite()).then(pl.col(name)).alias(name) for name in logs),
        *(pl.lit(total).alias(name) for name, total in plan.totals.items()),
    )
    return work.select(
        "feed",
        "week",
        "track_id",
        *(feature.expression.cast(pl.Float32).alias(feature.name) for feature in plan.features),
    )


def _log_at(metric: str, rows: pl.Series) -> pl.Expr:
    if rows.null_count() == rows.len():
        # An absent week costs nothing; polars would take the logs of what lies below the nulls.
        return pl.lit(None, pl.Float64)
    # Not log1p, which takes twice as long: 1 + value is exact for a count.
    return (pl.col(metric).gather(rows).cast(pl.Float64) + 1).log()


def _fact_expressions(plan: _Plan, scored: pl.Series) -> Iterator[pl.Expr]:
    if release := release_column(plan.spec):
        age_days = (pl.lit(plan.week) - pl.col(release).gather(scored)).dt.total_days()
        # A release after the week is announced, not out: it has no age yet.
        age_days = pl.when(age_days >= 0).then(age_days).cast(pl.Float64)
        yield age_days.alias(AGE_DAYS)
        yield age_days.log1p().alias(AGE_LOG)
    if any(feature.needs_history for feature in plan.features):
        # A first sighting that is unknown, or later by weeks loaded out of order, is this week.
        first_seen = pl.min_horizontal(pl.col("first_seen_week").gather(scored), pl.lit(plan.week))
        days = (pl.lit(plan.week) - first_seen).dt.total_days()
        yield (days.cast(pl.Float64) / DAYS_PER_WEEK).alias(WEEKS_SINCE_FIRST_SEEN)
        turn = 2 * math.pi * plan.week.timetuple().tm_yday / _DAYS_PER_YEAR
        yield pl.lit(math.sin(turn)).alias(SEASON_SIN)
        yield pl.lit(math.cos(turn)).alias(SEASON_COS)
        for name in SISTER_FEATURES:
            is_read = name in plan.weeks.columns
            said = pl.col(name).gather(scored) if is_read else pl.lit(None, pl.Float64)
            yield said.alias(name)
