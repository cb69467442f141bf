"""What a model learns from: features and labels of past weeks, divided into blocks."""

import datetime as dt
from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl

from songpop.features.build import build_features
from songpop.features.lookback import read_lookback
from songpop.formats.spec import FormatSpec
from songpop.labels import snapshot_labels
from songpop.leakage import guard_snapshot
from songpop.model.blocks import Blocks
from songpop.model.inputs import KEY_COLUMNS
from songpop.schemas import features_schema, validate
from songpop.settings import LabelKind
from songpop.splits import ROW_BLOCKS, WeekBlocks, row_blocks, split_weeks
from songpop.warehouse.sqlfiles import read_sql


@dataclass(frozen=True)
class TrainingSet:
    """Rows to learn from; features, labels and the blocks' row numbers agree row by row."""

    features: pl.DataFrame
    labels: pl.DataFrame
    blocks: Blocks
    weeks: tuple[dt.date, ...]
    seen_until: dt.date
    """The last week of the fit, stop and calibration blocks."""

    def take(self, rows: np.ndarray) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return features and labels of the given rows."""
        return self.features[rows], self.labels[rows]


@dataclass(frozen=True)
class Target:
    """What a forward model is to foresee."""

    label: LabelKind
    horizon_weeks: int
    test_from: dt.date | None
    """For a challenger, the first day that its champion has not seen; null for a first model."""


def gather_forward(
    con: duckdb.DuckDBPyConnection,
    feed: str,
    week: dt.date,
    spec: FormatSpec,
    target: Target,
) -> TrainingSet | None:
    """Gather the weeks whose forward labels are known by *week*.

    Args:
        con: the writer's connection.
        feed: the feed.
        week: the week that is being scored; nothing later is read.
        spec: the feed's format.
        target: the label, and which weeks are left for the test.

    Returns:
        The training set; null where no week leaves anything to fit on.
    """
    params = {"feed": feed, "week": week, "label": target.label}
    labels = con.execute(read_sql("load/labels_of_weeks"), params).pl()
    matured = labels["week"].unique().sort().to_list()
    split = split_weeks(matured, target.horizon_weeks, test_from=target.test_from)
    if split.seen_until is None:
        return None
    weeks = (*split.fit, *split.stop, *split.calibrate, *split.test)
    features = pl.concat([_features_of(con, feed, past, spec) for past in weeks])
    joined = features.join(
        labels.select("week", "track_id", "is_high", "outcome_percentile"),
        on=["week", "track_id"],
        how="inner",
    ).sort("week", "track_id")
    label_columns = ["feed", "week", "track_id", "is_high", "outcome_percentile"]
    return TrainingSet(
        features=_checked(joined.drop("is_high", "outcome_percentile"), feed),
        labels=joined.select(label_columns),
        blocks=_block_rows(_name_blocks(joined["week"], split)),
        weeks=weeks,
        seen_until=split.seen_until,
    )


def gather_snapshot(
    con: duckdb.DuckDBPyConnection, rows: pl.DataFrame, spec: FormatSpec, seed: int
) -> TrainingSet:
    """Gather one week's rows for a snapshot model, without what leaks its label.

    Args:
        con: the writer's connection.
        rows: TrackWeeks, the accepted rows of one (feed, week).
        spec: the feed's format, which declares a snapshot source.
        seed: seed of the division by artist.

    Raises:
        CheckError: a feature gives the label away.
    """
    feed, week = rows["feed"][0], rows["week"][0]
    labels = snapshot_labels(rows, spec)
    present = read_lookback(con, feed, week, spec, loaded=rows, lags_weeks=())
    features = build_features(present, spec, week, exclude_leaking=True)
    source = spec.snapshot_source or spec.size_metric
    joined = (
        features.join(labels.select("track_id", "is_high", "outcome_percentile"), on="track_id")
        .join(rows.select("track_id", "artist_name", source), on="track_id")
        .sort("track_id")
    )
    kept = joined.select(features.columns)
    guard_snapshot(kept, joined[source].cast(pl.Float64).to_numpy(), joined["is_high"].to_numpy())
    return TrainingSet(
        features=_checked(kept, feed),
        labels=joined.select("feed", "week", "track_id", "is_high", "outcome_percentile"),
        blocks=_block_rows(row_blocks(joined["track_id"], joined["artist_name"], seed)),
        weeks=(week,),
        seen_until=week,
    )


def _features_of(
    con: duckdb.DuckDBPyConnection, feed: str, week: dt.date, spec: FormatSpec
) -> pl.DataFrame:
    lookback = read_lookback(con, feed, week, spec)
    return build_features(lookback, spec, week, exclude_leaking=False)


def _checked(features: pl.DataFrame, feed: str) -> pl.DataFrame:
    schema = features_schema(name for name in features.columns if name not in KEY_COLUMNS)
    return validate(schema, features, f"features to train {feed}")


def _name_blocks(weeks: pl.Series, split: WeekBlocks) -> pl.Series:
    block_of = {week: name for name in ROW_BLOCKS for week in getattr(split, name)}
    return weeks.replace_strict(block_of, default=None, return_dtype=pl.String)


def _block_rows(names: pl.Series) -> Blocks:
    fit, stop, calibrate, test = (
        (names == name).arg_true().to_numpy().astype(np.intp) for name in ROW_BLOCKS
    )
    return Blocks(fit=fit, stop=stop, calibrate=calibrate, test=test)
