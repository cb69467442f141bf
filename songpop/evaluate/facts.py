"""What is known about each row besides its features, to compare models by."""

import polars as pl

from songpop.features.calendar import DAYS_PER_WEEK
from songpop.features.kinds import (
    AGE_DAYS,
    LAGS_WEEKS,
    WEEKS_SINCE_FIRST_SEEN,
    change_name,
)
from songpop.formats.spec import FormatSpec
from songpop.settings import LabelKind


def make_facts(
    features: pl.DataFrame,
    artist_names: pl.Series,
    spec: FormatSpec,
    label: LabelKind,
    horizon_weeks: int,
) -> pl.DataFrame:
    """Return the facts of each row.

    Args:
        features: Features, (n, keys + features), of whole weeks.
        artist_names: (n,) String, as exported.
        spec: the feed's format.
        label: what is foreseen.
        horizon_weeks: h, in weeks.

    Returns:
        (n, 4), row by row: artist, a key that a featured guest does not change, the track's own
        where no artist is named; size, the percentile by the size metric within the feed's week,
        in (0, 1], 1 the largest; today, what persistence goes by, likewise a percentile: the size
        under ``level``, its last change under ``growth``; age_weeks, since the release or, where
        the format has no release dates, since the first sighting. Null where unknown, as size and
        today are for a snapshot, whose size is what it foresees.
    """
    size = f"{spec.size_metric}__log"
    today = None if label == "snapshot" else today_feature(spec, label, horizon_weeks)
    named = features.with_columns(artist_names.alias("artist_name"))
    return named.select(
        artist_key().alias("artist"),
        _percentile(None if label == "snapshot" else size, features).alias("size"),
        _percentile(today, features).alias("today"),
        _age_weeks(features).alias("age_weeks"),
    )


def today_feature(spec: FormatSpec, label: LabelKind, horizon_weeks: int) -> str:
    """Return the feature that persistence goes by: the size, or its last change for ``growth``."""
    if label == "growth":
        lag = min(LAGS_WEEKS, key=lambda lag: (abs(lag - horizon_weeks), lag))
        return change_name(spec.column(spec.size_metric), lag)
    return f"{spec.size_metric}__log"


def artist_key() -> pl.Expr:
    """Return the key of a row's main artist, from its artist_name; without one, the track's own."""
    # "A, B" and "A" are one cluster: the first name is the main artist's.
    first = pl.col("artist_name").str.split(", ").list.first().str.strip_chars().str.to_lowercase()
    # A blank in front keeps a track's key apart from every artist's name.
    return pl.when(first != "").then(first).otherwise(" " + pl.col("track_id"))


def _percentile(feature: str | None, features: pl.DataFrame) -> pl.Expr:
    if feature is None or feature not in features.columns:
        return pl.lit(None, pl.Float64)
    column = pl.col(feature)
    return (column.rank("average") / column.count()).over("feed", "week")


def _age_weeks(features: pl.DataFrame) -> pl.Expr:
    # Rounded to whole days: a Float32 of a logarithm may put 28 days just under four weeks.
    if f"{AGE_DAYS}__log" in features.columns:
        return _count_of(f"{AGE_DAYS}__log").round() / DAYS_PER_WEEK
    if f"{WEEKS_SINCE_FIRST_SEEN}__log" in features.columns:
        weeks = _count_of(f"{WEEKS_SINCE_FIRST_SEEN}__log")
        return (weeks * DAYS_PER_WEEK).round() / DAYS_PER_WEEK
    return pl.lit(None, pl.Float64)


def _count_of(log_feature: str) -> pl.Expr:
    return pl.col(log_feature).cast(pl.Float64).exp() - 1
