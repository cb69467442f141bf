"""From a model's outputs to the rows of mart.weekly_scores."""

import polars as pl

from songpop.registry import ModelVersion

HIGH_FROM_SCORE = 0.5
"""Calibrated probability from which on a track's potential is called high."""


def rank_scores(rows: pl.DataFrame, outputs: pl.DataFrame, model: ModelVersion) -> pl.DataFrame:
    """Put a week's scores in order.

    Args:
        rows: TrackWeeks of one (feed, week): feed, week, track_id, title, artist_name.
        outputs: one row per track_id, as the scorer returns them, with the track_id beside.
        model: the version that scored.

    Returns:
        mart.weekly_scores without run id and time, (n, 23), sorted by rank. ``rank`` counts from
        1 at the highest score, ties in the order of track_id; ``percentile`` is the share of the
        week's tracks that rank no higher, in (0, 1].
    """
    count = outputs.height
    names = rows.select("feed", "week", "track_id", "title", "artist_name")
    return (
        outputs.join(names, on="track_id", how="left")
        .sort(["score", "track_id"], descending=[True, False])
        .with_row_index("rank", offset=1)
        .with_columns(
            pl.col("rank").cast(pl.Int64),
            ((count + 1 - pl.col("rank").cast(pl.Float64)) / count).alias("percentile"),
            pl.when(pl.col("score") >= HIGH_FROM_SCORE)
            .then(pl.lit("high"))
            .otherwise(pl.lit("low"))
            .alias("potential"),
            pl.lit(model.is_provisional).alias("is_provisional"),
            pl.lit(model.version).alias("model_version"),
            pl.lit(model.warning, pl.String).alias("model_warning"),
        )
    )
