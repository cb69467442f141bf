"""The snapshot label: above the week's median now, for a feed with one export (cold start)."""

import polars as pl

from songpop.errors import InputError, expected
from songpop.formats.spec import ColumnSpec, FormatSpec
from songpop.labels.ranking import LABEL_COLUMNS, margin_from, rank_tracks


def snapshot_labels(rows: pl.DataFrame, spec: FormatSpec) -> pl.DataFrame:
    """Label one week's tracks by its own snapshot source (DESIGN, Snapshot label).

    Args:
        rows: accepted TrackWeeks rows of one (feed, week).
        spec: the feed's format, which declares the snapshot source.

    Returns:
        Labels, sorted by track_id: is_high where the source is above the median of the week's
        rows, outcome_percentile its percentile among them in (0, 1], 1 for the largest, margin its
        distance from the median in shares of the rows, positive where high, size_percentile null,
        since the size is what is foreseen, matured_week the week itself. Rows whose source is null
        have no label.

    Raises:
        InputError: the format declares no snapshot source.
    """
    source = snapshot_metric(spec).name
    known = rows.filter(pl.col(source).cast(pl.Float64).is_finite())
    ranked = rank_tracks(known, source)
    labelled = known.select("feed", "week", "track_id").join(ranked, on="track_id")
    return (
        labelled.with_columns((pl.col("size") > pl.col("size").median()).alias("is_high"))
        .select(
            "feed",
            "week",
            "track_id",
            pl.lit("snapshot").alias("label"),
            "is_high",
            pl.col("percentile").alias("outcome_percentile"),
            margin_from("size").alias("margin"),
            pl.lit(None, pl.Float64).alias("size_percentile"),
            pl.col("week").alias("matured_week"),
        )
        .sort("track_id")
        .select(LABEL_COLUMNS)
    )


def snapshot_metric(spec: FormatSpec) -> ColumnSpec:
    """Return the metric that the snapshot label cuts at its median.

    Raises:
        InputError: the format declares none.
    """
    if spec.snapshot_source is None:
        raise InputError(
            expected(
                f"label of format {spec.name}",
                "level or growth, since the format declares no snapshot source",
                "snapshot",
                "change the feed's label in the settings",
            )
        )
    return spec.column(spec.snapshot_source)
