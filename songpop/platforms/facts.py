"""From typed rows to facts: one row a number, and the songs that they are about."""

import datetime as dt
from typing import Final

import polars as pl

from songpop.platforms.keys import make_keys
from songpop.platforms.spec import PlatformSpec

FACT_SCHEMA: Final[dict[str, pl.DataType]] = {
    "line": pl.Int64(),
    "subject": pl.String(),
    "subject_id": pl.String(),
    "grain": pl.String(),
    "sums_to": pl.String(),
    "period_end": pl.Date(),
    "statement_day": pl.Date(),
    "store": pl.String(),
    "country": pl.String(),
    "part": pl.String(),
    "metric": pl.String(),
    "unit": pl.String(),
    "combined": pl.String(),
    "value": pl.Float64(),
}
SPELLING_SCHEMA: Final[dict[str, pl.DataType]] = {
    "own_track_id": pl.String(),
    "isrc": pl.String(),
    "artist": pl.String(),
    "title": pl.String(),
    "artist_key": pl.String(),
    "title_key": pl.String(),
    "artist_loose": pl.String(),
    "title_loose": pl.String(),
    "versions": pl.String(),
}
_NAMES: Final = ("isrc", "artist", "title")


def name_songs(rows: pl.DataFrame, spec: PlatformSpec) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add subject_id; return the rows, and the spellings of their songs."""
    if spec.subject == "artist":
        return rows.with_columns(subject_id=pl.col("artist")), pl.DataFrame(schema=SPELLING_SCHEMA)
    names = rows.select(_NAMES).unique(maintain_order=True).rows()
    keyed = [(isrc, artist, title, make_keys(isrc, artist, title)) for isrc, artist, title in names]
    ids = pl.DataFrame(
        [(isrc, artist, title, keys.own_track_id) for isrc, artist, title, keys in keyed],
        dict.fromkeys((*_NAMES, "subject_id"), pl.String),
        orient="row",
    )
    spellings = pl.DataFrame(
        [
            (keys.own_track_id, keys.isrc, artist, title, *keys[2:])
            for _, artist, title, keys in keyed
        ],
        SPELLING_SCHEMA,
        orient="row",
    )
    joined = rows.join(ids, on=_NAMES, how="left", nulls_equal=True, maintain_order="left")
    return joined, spellings


def make_facts(rows: pl.DataFrame, spec: PlatformSpec, grain: str) -> pl.DataFrame:
    """Return one row a number of typed rows: what it says of whom, when and where.

    Args:
        rows: typed, with subject_id.
        spec: their format.
        grain: what a row is about; a month is dated by its last day.
    """
    metrics = [metric for metric in spec.metrics if metric.name in rows.columns]
    end = pl.col("day").dt.month_end() if grain == "month" else pl.col("day")
    parts = [
        rows.select(
            "line",
            pl.lit(spec.subject).alias("subject"),
            "subject_id",
            pl.lit(grain).alias("grain"),
            pl.lit("month" if grain == "month" else spec.sums_to).alias("sums_to"),
            end.alias("period_end"),
            pl.col("statement").alias("statement_day"),
            "store",
            "country",
            "part",
            pl.lit(metric.name).alias("metric"),
            pl.lit(metric.unit).alias("unit"),
            pl.lit(metric.combined).alias("combined"),
            pl.col(metric.name).cast(pl.Float64).alias("value"),
        )
        for metric in metrics
    ]
    facts = pl.concat([pl.DataFrame(schema=FACT_SCHEMA), *parts])
    return facts.drop_nulls("value")


def period_of(facts: pl.DataFrame) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and the last day on which periods of *facts* end; null without any."""
    first, last = facts.select(pl.min("period_end"), pl.max("period_end").alias("last")).row(0)
    return first, last
