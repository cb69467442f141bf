"""Rank the tracks of one week by a metric: the order that every label and percentile shares."""

from typing import Final

import polars as pl

LABELS_SCHEMA: Final = {
    "feed": pl.String(),
    "week": pl.Date(),
    "track_id": pl.String(),
    "label": pl.String(),
    "is_high": pl.Boolean(),
    "outcome_percentile": pl.Float64(),
    "margin": pl.Float64(),
    "size_percentile": pl.Float64(),
    "matured_week": pl.Date(),
}
"""A Labels frame, as in ml.labels; one row per (feed, week, track_id, label)."""
LABEL_COLUMNS: Final = tuple(LABELS_SCHEMA)


def rank_tracks(rows: pl.DataFrame, metric: str) -> pl.DataFrame:
    """Rank the rows of one week by *metric*, the largest first.

    Args:
        rows: TrackWeeks rows of one (feed, week), in any order.
        metric: name of a metric column.

    Returns:
        (n, 4), sorted by rank: track_id; size, Float64, the metric, null where the export does
        not say it (or it is not finite); rank, 1 for the largest, null the smallest, ties in the
        order of track_id; percentile in (0, 1], 1 for rank 1 and 1/n for rank n.
    """
    size = pl.col(metric).cast(pl.Float64)
    ranked = (
        rows.select("track_id", pl.when(size.is_finite()).then(size).alias("size"), metric)
        # By the metric itself: beyond 2^53 different counts are one float.
        .with_columns(pl.when(pl.col("size").is_not_null()).then(pl.col(metric)).alias(metric))
        .sort(pl.col(metric), pl.col("track_id"), descending=[True, False], nulls_last=True)
        .with_row_index("rank", offset=1)
    )
    percentile = (pl.len() - pl.col("rank") + 1) / pl.len()
    return ranked.select("track_id", "size", "rank", percentile.alias("percentile"))


def margin_from(value: str) -> pl.Expr:
    """Return how far each row is from the other label, in shares of the rows.

    Args:
        value: name of the column that the label was cut from; is_high stands beside it, true for
            the larger values.

    Returns:
        The mid-rank of the value as a share of the rows, less the share of rows that are low:
        positive where high, negative where low, ties alike.
    """
    mid_rank = (pl.col(value).rank("average") - 0.5) / pl.len()
    return mid_rank - (~pl.col("is_high")).mean()
