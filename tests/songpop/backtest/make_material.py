"""Two feeds' rows to backtest on, without a warehouse, and settings of tiny networks."""

from dataclasses import replace

import polars as pl

from songpop.backtest.plan import BacktestPlan
from songpop.model.blocks import Blocks
from songpop.training.gather import TrainingSet
from tests.builders import week_number
from tests.songpop.model.builders import fit_only, make_features, make_labels, quick_settings

FEEDS = ("gb", "us")
WEEKS_COUNT = 19
WEEK_ROWS = 220
"""Of each feed: enough for a calibration of its own."""

PLAN = BacktestPlan(
    block_weeks=2,
    from_week=week_number(16),
    training=quick_settings(
        hidden_units=(8,), max_epochs=2, batch_rows=256, slower_rates=(), l2_grid=(0.001, 0.01)
    ),
)


def make_material() -> TrainingSet:
    """Return nineteen weeks of two feeds; what is high for one is seldom so for the other."""
    parts = [_make_feed(feed, seed) for seed, feed in enumerate(FEEDS, start=1)]
    rows = pl.concat(parts).sort("week", "feed", "track_id")
    keys = ["feed", "week", "track_id"]
    facts = ["artist", "size", "today", "age_weeks"]
    labels = ["is_high", "outcome_percentile", "margin", "matured_week"]
    weeks = tuple(rows.get_column("week").unique().sort().to_list())
    return TrainingSet(
        features=rows.drop(*labels, *facts),
        labels=rows.select(*keys, *labels),
        facts=rows.select(facts),
        blocks=fit_only(rows.height),
        weeks=weeks,
        seen_until=weeks[-1],
    )


def _make_feed(feed: str, seed: int) -> pl.DataFrame:
    count = WEEKS_COUNT * WEEK_ROWS
    features = make_features(count, weeks=WEEKS_COUNT, seed=seed)
    labels = make_labels(features, seed=seed)
    # The bar is higher in one feed than in the other, so one calibration cannot fit both.
    is_high = pl.col("outcome_percentile") > (0.7 if feed == "gb" else 0.3)
    today = pl.col("streams_count__log").rank().over("week") / pl.len().over("week")
    return features.hstack(labels).with_columns(
        pl.lit(feed).alias("feed"),
        is_high.alias("is_high"),
        (pl.col("outcome_percentile") - 0.5).alias("margin"),
        pl.col("week").dt.offset_by(f"{PLAN.horizon_weeks}w").alias("matured_week"),
        pl.format("a{}", pl.int_range(pl.len()) % 60).alias("artist"),
        today.alias("size"),
        today.alias("today"),
        pl.col("age_days__log").cast(pl.Float64).alias("age_weeks"),
    )


def flip(material: TrainingSet, rows: pl.Expr) -> TrainingSet:
    """Return *material* with labels and outcomes of some rows turned round."""
    outcome = pl.col("outcome_percentile")
    labels = material.labels.with_columns(
        (pl.col("is_high") ^ rows).alias("is_high"),
        pl.when(rows).then(1 - outcome).otherwise(outcome).alias("outcome_percentile"),
        pl.when(rows).then(-pl.col("margin")).otherwise(pl.col("margin")).alias("margin"),
    )
    return replace(material, labels=labels)


def rows_of(material: TrainingSet, blocks: Blocks, name: str) -> pl.DataFrame:
    """Return the labels of one block."""
    return material.labels[getattr(blocks, name)]
