"""The table that is learned from: features of both kinds, the label, the artists."""

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from songpop.errors import InputError, expected
from songpop.features.build import build_features
from songpop.features.kinds import release_column
from songpop.reproduce.read import ExportRows

FeatureSet = Literal["with_track_score", "leak_free"]
FEATURE_SETS: Final[tuple[FeatureSet, ...]] = ("with_track_score", "leak_free")

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MIN_SHARE: Final = 0.2
"""Least share of rows above the median: where more are tied with it, folds may lack a class."""
MAX_ARTIST_SHARE: Final = 0.2
"""Largest share of rows of one artist: five folds cannot be of a size where one has more."""
MIN_RELEASED_SHARE: Final = 0.5
"""Least share of releases on or before the week: of a later release the age is unknown."""
MOST_DAYS_AFTER: Final = 366
"""From the newest release to the week: an export of newer tracks would hold newer releases."""


@dataclass(frozen=True, eq=False)
class Tracks:
    """All rows of an export, in file order.

    Attributes:
        name: the file's name, safe to print.
        week: from which ages are counted.
        features: Features frames, (n, 3 + f); the key track_id is the row's number.
        source: (n,) the snapshot source, Track Score, in points.
        y: (n,) the label: whether ``source`` is above the median of all rows, as published.
        artists: (n,) number of the row's artist; a row without an artist has its own.
        age_days: (n,) days from release to ``week``; NaN where unknown or not yet released.
        missing_counts: (n,) how many of the metrics that any row has, and that may be features,
            the row has not.
        left_out_count: rows of the file that could not be used.
    """

    name: str
    week: dt.date
    features: dict[FeatureSet, pl.DataFrame]
    source: Floats
    y: Bools
    artists: NDArray[np.intp]
    age_days: Floats
    missing_counts: NDArray[np.intp]
    left_out_count: int


def make_tracks(export: ExportRows, week: dt.date | None) -> Tracks:
    """Build features and labels of an export's rows.

    Args:
        export: from ``read_rows``.
        week: from which ages are counted; null means the day after the newest release date.

    Raises:
        InputError: under a fifth of the rows are above the median, one artist has over a fifth
            of them, no row has a release date and *week* is null, or *week* is before half of the
            releases or over a year after the newest.
    """
    if week is None:
        week = _day_after_newest(export)
    else:
        _check_week(export, week)
    source_name = str(export.spec.snapshot_source)
    source = export.rows.get_column(source_name).cast(pl.Float64).to_numpy()
    y = source > np.median(source)
    artists = _number_artists(export.rows)
    _check_sizes(export, y, artists)
    return Tracks(
        name=export.name,
        week=week,
        features=_both_features(export, week, source_name),
        source=source,
        y=y,
        artists=artists,
        age_days=_ages(export, week),
        missing_counts=_count_missing(export),
        left_out_count=export.left_out_count,
    )


def _check_sizes(export: ExportRows, y: Bools, artists: NDArray[np.intp]) -> None:
    label = export.spec.column(str(export.spec.snapshot_source)).label
    largest = int(np.bincount(artists).max())
    if y.mean() < MIN_SHARE:
        wanted = f"{label} above its median in at least {MIN_SHARE:.0%} of the rows"
        got = f"{int(y.sum()):,} of {y.size:,}"
    elif largest > MAX_ARTIST_SHARE * y.size:
        wanted = f"no artist with more than {MAX_ARTIST_SHARE:.0%} of the rows"
        got = f"one with {largest:,} of {y.size:,}"
    else:
        return
    raise InputError(expected(export.name, wanted, got, "pass a whole export"))


def _day_after_newest(export: ExportRows) -> dt.date:
    release = release_column(export.spec)
    newest = export.rows.get_column(release).max() if release else None
    if not isinstance(newest, dt.date):
        wanted = "a release date in one row at least"
        raise InputError(expected(export.name, wanted, "none", "pass --week"))
    return newest + dt.timedelta(days=1)


def _check_week(export: ExportRows, week: dt.date) -> None:
    """Refuse a mistyped week, from which hardly any age could be told; without dates none can."""
    release = release_column(export.spec)
    releases = export.rows.get_column(release).drop_nulls() if release else pl.Series()
    newest = releases.max()
    if not isinstance(newest, dt.date):
        return
    released_count = int((releases <= week).sum())
    if released_count < MIN_RELEASED_SHARE * releases.len():
        wanted = f"a day with at least {MIN_RELEASED_SHARE:.0%} of the releases on or before it"
        got = f"{released_count:,} of {releases.len():,}"
    elif (week - newest).days > MOST_DAYS_AFTER:
        wanted = f"a day at most {MOST_DAYS_AFTER} days after the newest release, {newest}"
        got = f"one {(week - newest).days:,} days after it"
    else:
        return
    remedy = "pass the day on which the file was exported, or leave --week out"
    raise InputError(expected(f"--week {week}", wanted, got, remedy))


def _both_features(
    export: ExportRows, week: dt.date, source_name: str
) -> dict[FeatureSet, pl.DataFrame]:
    """Return both frames; the leak is the one column more."""
    width = len(str(export.rows.height))
    number = pl.int_range(pl.len()).cast(pl.String).str.zfill(width)
    # Rows are keyed by their number, since the published table counts its duplicates as rows.
    weeks = export.rows.with_columns(
        pl.lit(export.spec.name).alias("feed"),
        pl.lit(week).alias("week"),
        number.alias("track_id"),
        pl.lit(0).alias("weeks_ago"),
        pl.lit(week).alias("first_seen_week"),
    )
    honest = build_features(weeks, export.spec, week, exclude_leaking=True)
    honest = honest[[column.name for column in honest if column.null_count() < column.len()]]
    everything = build_features(weeks, export.spec, week, exclude_leaking=False)
    leak = everything.get_column(f"{source_name}__log")
    return {"with_track_score": honest.with_columns(leak), "leak_free": honest}


def _number_artists(rows: pl.DataFrame) -> NDArray[np.intp]:
    artist = pl.col("artist_name").str.strip_chars().str.to_lowercase()
    # A blank in front keeps a row's number apart from every artist's name.
    own = pl.lit(" ") + pl.int_range(pl.len()).cast(pl.String)
    groups = rows.select(pl.when(artist != "").then(artist).otherwise(own).alias("group"))
    _, numbers = np.unique(groups.get_column("group").to_numpy(), return_inverse=True)
    return numbers


def _count_missing(export: ExportRows) -> NDArray[np.intp]:
    names = [metric.name for metric in export.spec.metrics if not metric.leaks_snapshot]
    missing = export.rows.select(pl.col(names).is_null())
    held = missing[[column.name for column in missing if not column.all()]]
    return held.select(pl.sum_horizontal(pl.all()).alias("n")).get_column("n").to_numpy()


def _ages(export: ExportRows, week: dt.date) -> Floats:
    release = release_column(export.spec)
    if release is None:
        return np.full(export.rows.height, np.nan)
    days = (pl.lit(week) - pl.col(release)).dt.total_days()
    age = export.rows.select(pl.when(days >= 0).then(days).cast(pl.Float64).alias("age"))
    return age.get_column("age").fill_null(float("nan")).to_numpy()
