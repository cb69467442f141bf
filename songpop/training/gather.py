"""What a model learns from: features and labels of past weeks, divided into blocks."""

import datetime as dt
from dataclasses import dataclass, field

import duckdb
import numpy as np
import polars as pl

from songpop.evaluate.facts import make_facts
from songpop.features.build import build_feature_parts
from songpop.features.kinds import LAGS_WEEKS
from songpop.features.lookback import ALL_TRACKS, Tracks, find_lookback, read_track_metrics
from songpop.features.totals import read_totals
from songpop.formats.spec import FormatSpec
from songpop.labels import snapshot_labels
from songpop.labels.snapshot import snapshot_metric
from songpop.leakage import guard_snapshot
from songpop.model.blocks import Blocks
from songpop.model.inputs import KEY_COLUMNS
from songpop.schemas import features_schema, validate
from songpop.settings import GateSettings, LabelKind
from songpop.splits import ROW_BLOCKS, WeekBlocks, count_gate_weeks, row_blocks, split_weeks
from songpop.training.sampling import count_labels, sample_tracks
from songpop.warehouse.sqlfiles import read_sql

_LABEL_COLUMNS = ("is_high", "outcome_percentile", "margin", "matured_week")


@dataclass(frozen=True)
class TrainingSet:
    """Rows to learn from; features, labels, facts and the blocks' row numbers agree row by row."""

    features: pl.DataFrame
    labels: pl.DataFrame
    facts: pl.DataFrame
    """What the model is compared by; see ``make_facts``."""
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
    test_from: dt.date | None = None
    """For a challenger, the first day that its champion has not seen; null for a first model."""
    pool_feeds: bool = True
    """Whether the other regions' rows are learned from too."""
    gate: GateSettings = field(default_factory=GateSettings)
    """How many weeks and rows a challenger is tested on, if so many are unseen."""
    changed_from: dt.date | None = None
    """Since when the world is another, as a demotion showed: as soon as that leaves enough for the
    gate and something to fit on, nothing older is learned from; null: it is the same."""


def gather_forward(
    con: duckdb.DuckDBPyConnection,
    feed: str,
    week: dt.date,
    spec: FormatSpec,
    target: Target,
) -> TrainingSet | None:
    """Gather the weeks whose forward labels are known by *week*.

    The feed's own weeks are divided into blocks. Rows of the format's other regions whose labels
    were known before *week* join the fit and the stop block, up to the last week of each; the
    model is calibrated and tested on its own feed alone.

    Args:
        con: the writer's connection.
        feed: the feed.
        week: the week that is being scored; nothing later is read.
        spec: the feed's format.
        target: the label, and which weeks are left for the test.

    Returns:
        The training set; null where no week leaves anything to fit on.
    """
    is_pooled = target.pool_feeds and spec.has_regions
    known = {"feed": feed, "week": week, "label": target.label}
    tracks = sample_tracks(count_labels(con, known, spec.name if is_pooled else None))
    params = {**known, "below": tracks.below}
    own = con.execute(read_sql("load/labels_of_weeks"), params).pl()
    since = _find_cut(own, target)
    own = own if since is None else own.filter(pl.col("week") >= since)
    split = _split(own, target)
    if split.seen_until is None:
        return None
    labels = own
    if is_pooled:
        sisters = {**params, "format": spec.name, "horizon_weeks": target.horizon_weeks}
        others = con.execute(read_sql("load/labels_of_sisters"), sisters).pl()
        others = others if since is None else others.filter(pl.col("week") >= since)
        labels = pl.concat([own, others])
    return assemble(con, labels, name_blocks(labels, split, feed), spec, target, tracks)


def _split(labels: pl.DataFrame, target: Target) -> WeekBlocks:
    rows_counts = dict(labels.group_by("week").len().iter_rows())
    return split_weeks(
        list(rows_counts),
        target.horizon_weeks,
        test_from=target.test_from,
        gate_weeks=count_gate_weeks(rows_counts, target.gate.min_weeks, target.gate.min_rows),
    )


def _find_cut(labels: pl.DataFrame, target: Target) -> dt.date | None:
    """Return the first week that is learned from; null for all of them.

    What was before a change is left out only where the rest makes evidence for the gate and leaves
    a fit block: a challenger that cannot be tested helps nobody.
    """
    if target.changed_from is None:
        return None
    changed = labels.filter(pl.col("week") >= target.changed_from)
    split = _split(changed, target)
    tested = changed.filter(pl.col("week").is_in(split.test)).height
    is_enough = len(split.test) >= target.gate.min_weeks and tested >= target.gate.min_rows
    return target.changed_from if is_enough and split.fit else None


def assemble(
    con: duckdb.DuckDBPyConnection,
    labels: pl.DataFrame,
    blocks: pl.Series,
    spec: FormatSpec,
    target: Target,
    tracks: Tracks = ALL_TRACKS,
) -> TrainingSet:
    """Build the features of labelled rows and put everything side by side.

    Args:
        con: a connection to the private file.
        labels: Labels, (n, 8), of one format's feeds.
        blocks: (n,) String, the block of each; rows without one are left out.
        spec: their format.
        target: what is foreseen.
        tracks: those whose labels were read.
    """
    wanted = labels.with_columns(blocks.alias("block")).drop_nulls("block")
    built = build_feature_weeks(con, wanted.select("feed", "week").unique(), spec, tracks)
    features = built.drop("artist_name")
    # Of whole weeks, before rows without a label go: percentiles are among all of a week's rows, or
    # among the sample's.
    names = built.get_column("artist_name")
    facts = make_facts(features, names, spec, target.label, target.horizon_weeks)
    joined = (
        features.hstack(facts)
        .join(wanted.select(*KEY_COLUMNS, *_LABEL_COLUMNS, "block"), on=list(KEY_COLUMNS))
        .sort("week", "feed", "track_id")
    )
    seen = wanted.filter(pl.col("block") != "test").get_column("week").to_list()
    return TrainingSet(
        features=_checked(joined.select(features.columns), spec.name),
        labels=joined.select(*KEY_COLUMNS, *_LABEL_COLUMNS),
        facts=joined.select(facts.columns),
        blocks=_block_rows(joined.get_column("block")),
        weeks=tuple(wanted.get_column("week").unique().sort().to_list()),
        seen_until=max(seen),
    )


def build_feature_weeks(
    con: duckdb.DuckDBPyConnection,
    weeks: pl.DataFrame,
    spec: FormatSpec,
    tracks: Tracks = ALL_TRACKS,
) -> pl.DataFrame:
    """Build the features of past weeks, with the artists' names beside.

    Args:
        con: a connection to the private file.
        weeks: (k, 2), feed and week, all of one format.
        spec: their format.
        tracks: which rows are returned; shares are of whole weeks all the same.

    Returns:
        Features, (n, keys + features + 1): artist_name last, as exported.
    """
    parts: list[pl.DataFrame] = []
    for (feed,), own in weeks.sort("feed", "week").group_by("feed", maintain_order=True):
        dates = own.get_column("week").to_list()
        names = _names_of(con, str(feed), dates, tracks)
        built = pl.concat([_features_of(con, str(feed), week, spec, tracks) for week in dates])
        parts.append(built.join(names, on=list(KEY_COLUMNS), how="left", maintain_order="left"))
    return pl.concat(parts)


def name_blocks(labels: pl.DataFrame, split: WeekBlocks, feed: str) -> pl.Series:
    """Return the block of each label's row, null for none.

    Args:
        labels: Labels of *feed* and of its sisters.
        split: the blocks of the feed's own weeks.
        feed: the feed; other feeds' rows serve to fit and to stop only.
    """
    block_of = {week: name for name in ROW_BLOCKS for week in getattr(split, name)}
    week = pl.col("week")
    own = week.replace_strict(block_of, default=None, return_dtype=pl.String)
    # A sister's week need not be one of the feed's own: what counts is the time.
    in_fit = (week <= max(split.fit)) & _known_before(split.stop, split.calibrate, split.test)
    other = pl.when(in_fit).then(pl.lit("fit"))
    if split.stop:
        in_stop = week.is_between(min(split.stop), max(split.stop))
        in_stop &= _known_before(split.calibrate, split.test)
        other = other.when(in_stop).then(pl.lit("stop"))
    block = pl.when(pl.col("feed") == feed).then(own).otherwise(other)
    return labels.select(block.alias("block")).to_series()


def _known_before(*later: tuple[dt.date, ...]) -> pl.Expr:
    # Charts that end on different days: what a sister's label shows may lie up to three days
    # after the embargo's end, within the weeks of the next block.
    starts = [min(block) for block in later if block]
    return pl.col("matured_week") <= min(starts) if starts else pl.lit(value=True)


def gather_snapshot(
    con: duckdb.DuckDBPyConnection, feed: str, week: dt.date, spec: FormatSpec, seed: int
) -> TrainingSet:
    """Gather one week's rows for a snapshot model, without what leaks its label.

    Args:
        con: the writer's connection.
        feed: the feed.
        week: the loaded week.
        spec: the feed's format, which declares a snapshot source.
        seed: seed of the division by artist.

    Raises:
        CheckError: a feature gives the label away.
    """
    source = snapshot_metric(spec)
    # Labels are ranks among the whole week, whichever tracks are learned from.
    rows = read_track_metrics(con, feed, week, [source])
    labels = snapshot_labels(rows, spec)
    tracks = sample_tracks(rows.height)
    features = _features_of(con, feed, week, spec, tracks, is_snapshot=True)
    names = _names_of(con, feed, [week], tracks)
    joined = (
        features.join(labels.select("track_id", *_LABEL_COLUMNS), on="track_id")
        .join(rows.select("track_id", source.name), on="track_id")
        .join(names.select("track_id", "artist_name"), on="track_id")
        .sort("track_id")
    )
    kept = joined.select(features.columns)
    guard_snapshot(
        kept, joined[source.name].cast(pl.Float64).to_numpy(), joined["is_high"].to_numpy()
    )
    artists = joined.get_column("artist_name")
    return TrainingSet(
        features=_checked(kept, feed),
        labels=joined.select(*KEY_COLUMNS, *_LABEL_COLUMNS),
        facts=make_facts(kept, artists, spec, "snapshot", 0),
        blocks=_block_rows(row_blocks(joined["track_id"], artists, seed)),
        weeks=(week,),
        seen_until=week,
    )


def _names_of(
    con: duckdb.DuckDBPyConnection, feed: str, weeks: list[dt.date], tracks: Tracks
) -> pl.DataFrame:
    params = {"feed": feed, "weeks": weeks, "below": tracks.below}
    return con.execute(read_sql("features/artist_names"), params).pl()


def _features_of(
    con: duckdb.DuckDBPyConnection,
    feed: str,
    week: dt.date,
    spec: FormatSpec,
    tracks: Tracks,
    *,
    is_snapshot: bool = False,
) -> pl.DataFrame:
    """Build the features of some tracks of a week; a snapshot model's look at that week alone."""
    lookback = find_lookback(con, feed, week, spec, () if is_snapshot else LAGS_WEEKS)
    return pl.concat(
        build_feature_parts(
            lookback.read(tracks),
            spec,
            week,
            exclude_leaking=is_snapshot,
            totals=read_totals(con, feed, week, spec),
        )
    )


def _checked(features: pl.DataFrame, feed: str) -> pl.DataFrame:
    schema = features_schema(name for name in features.columns if name not in KEY_COLUMNS)
    return validate(schema, features, f"features to train {feed}")


def _block_rows(names: pl.Series) -> Blocks:
    fit, stop, calibrate, test = (
        (names == name).arg_true().to_numpy().astype(np.intp) for name in ROW_BLOCKS
    )
    return Blocks(fit=fit, stop=stop, calibrate=calibrate, test=test)
