"""Forward labels: what became of the tracks of week t in week t + h (DESIGN, Forward label)."""

from typing import Final, Literal

import polars as pl

from songpop.features.kinds import AGE_STEPS_DAYS
from songpop.formats.spec import FormatSpec
from songpop.labels.ranking import LABEL_COLUMNS, margin_from, rank_tracks

ForwardKind = Literal["level", "growth"]

ABSENT_PENALTY: Final = 0.1
"""By how much the log share of an absent track lies below the lowest of week t + h (DESIGN)."""
SIZE_GROUPS_COUNT: Final = 5
"""Cohorts are size quintiles (DESIGN)."""
MIN_COHORT_ROWS: Final = 50
"""A quintile is divided by age only where so many rows remain (DESIGN)."""


def forward_labels(
    rows: pl.DataFrame, later: pl.DataFrame, spec: FormatSpec, kind: ForwardKind
) -> pl.DataFrame:
    """Label the tracks of one week by what a later week shows of them.

    Args:
        rows: accepted TrackWeeks rows of (feed, week t).
        later: accepted TrackWeeks rows of (feed, week t + h), new entrants included: they count
            in its size, never as rows. Empty means that the export is missing.
        spec: the feed's format; its size metric ranks the tracks.
        kind: ``level``, high where the later rank is within the upper half of *later*, or
            ``growth``, high where the change in log share of the feed's total is above the
            median of the track's cohort, ties low.

    Returns:
        Labels, sorted by track_id, one row per row of *rows*. outcome_percentile is that of the
        later rank, 1 for the largest, 0 for a track that is absent then, under either kind;
        margin says how far the track was from the other label, positive where high: under
        ``level`` the later percentile less the cut, under ``growth`` the percentile of the change
        in its cohort less the share of low ones; size_percentile is that of the rank in week t,
        what persistence goes by under ``level``; matured_week is the later week. Without
        *later* there are no labels. Under ``growth``, a row whose size is null or 0 in week t has
        no change, hence no label.
    """
    ranked = rank_tracks(later, spec.size_metric)
    now = rank_tracks(rows, spec.size_metric)
    outcome = rows.select("feed", "week", "track_id").join(ranked, on="track_id", how="left")
    if kind == "level":
        is_high = (pl.col("rank") * 2 <= later.height).fill_null(value=False)
        # The mid-rank less the share of low ranks, as in margin_from; absent tracks lie below all.
        count = max(later.height, 1)
        low_share = (count - later.height // 2) / count
        # No share is below -1, where a week of a single track would put those that are absent.
        margin = (pl.col("percentile").fill_null(0.0) - 0.5 / count - low_share).clip(-1.0)
        labelled = outcome.with_columns(is_high.alias("is_high"), margin.alias("margin"))
    else:
        changes = _share_changes(rows, now, ranked)
        labelled = outcome.join(_exceed_cohort(changes), on="track_id")
    matured_week = later.get_column("week").first()
    sizes = now.select("track_id", pl.col("percentile").alias("size_percentile"))
    return (
        labelled.join(sizes, on="track_id")
        .with_columns(
            pl.lit(kind).alias("label"),
            pl.col("percentile").fill_null(0.0).alias("outcome_percentile"),
            pl.lit(matured_week, pl.Date).alias("matured_week"),
        )
        .filter(pl.col("matured_week").is_not_null())
        .sort("track_id")
        .select(LABEL_COLUMNS)
    )


def _share_changes(
    rows: pl.DataFrame, ranked: pl.DataFrame, ranked_later: pl.DataFrame
) -> pl.DataFrame:
    # Per track of week t: change (of log share), size_group (0 the largest) and age_group.
    now = _add_log_share(ranked)
    after = _add_log_share(ranked_later)
    lowest = after.select(pl.col("log_share").min()).item()
    after_share = pl.col("log_share_right").fill_null(pl.lit(lowest, pl.Float64) - ABSENT_PENALTY)
    # Twelve decimals: changes that are equal on paper shall tie, whatever their last bit says.
    change = (after_share - pl.col("log_share")).round(12)
    size_group = (pl.col("rank") - 1) * SIZE_GROUPS_COUNT // pl.len()
    return (
        now.with_columns(size_group.alias("size_group"))
        .join(after.select("track_id", "log_share"), on="track_id", how="left")
        .join(rows.select("track_id", _age_group().alias("age_group")), on="track_id")
        .select("track_id", change.alias("change"), "size_group", "age_group")
        .drop_nulls("change")
    )


def _add_log_share(ranked: pl.DataFrame) -> pl.DataFrame:
    # Sorted by rank, so the total of floats is the same whatever the order of the rows was.
    size = pl.col("size")
    return ranked.with_columns(
        pl.when(size > 0).then(size.log() - size.sum().log()).alias("log_share")
    )


def _age_group() -> pl.Expr:
    # How many age steps the track has passed; null where it has no release date yet.
    age_days = (pl.col("week") - pl.col("release_date")).dt.total_days()
    steps = pl.sum_horizontal((age_days >= days).cast(pl.Int64) for days in AGE_STEPS_DAYS)
    return pl.when(age_days >= 0).then(steps)


def _exceed_cohort(changes: pl.DataFrame) -> pl.DataFrame:
    # A cohort is a size group, divided by age where enough rows remain.
    age_group = pl.when(pl.len().over("size_group", "age_group") >= MIN_COHORT_ROWS).then(
        pl.col("age_group").fill_null(-1)
    )
    cohort = ["size_group", "cohort_age"]
    median = (
        pl.when(pl.col("cohort_age").is_null())
        .then(pl.col("change").median().over("size_group"))
        .otherwise(pl.col("change").median().over(cohort))
    )
    return (
        changes.with_columns(age_group.alias("cohort_age"))
        .with_columns((pl.col("change") > median).alias("is_high"))
        .with_columns(margin_from("change").over(cohort).alias("margin"))
        .select("track_id", "is_high", "margin")
    )
