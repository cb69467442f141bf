"""What stand-ins learn from and are judged on: one feature of a few weeks, and nothing else."""

import datetime as dt
from collections.abc import Sequence

import duckdb
import polars as pl

from songpop.evaluate.facts import today_feature
from songpop.features.build import build_features
from songpop.features.kinds import LAGS_WEEKS, has_total
from songpop.features.lookback import read_lookback
from songpop.formats.spec import FormatSpec
from songpop.model.inputs import KEY_COLUMNS
from songpop.settings import LabelKind


def stand_in_feature(spec: FormatSpec, label: LabelKind, horizon_weeks: int) -> str:
    """Return what persistence goes by: of a size that adds up the share, which no unit changes."""
    feature = today_feature(spec, label, horizon_weeks)
    size = spec.column(spec.size_metric)
    return f"{size.name}__share" if label == "level" and has_total(size) else feature


def read_today(
    con: duckdb.DuckDBPyConnection,
    feed: str,
    weeks: Sequence[dt.date],
    spec: FormatSpec,
    feature: str,
) -> pl.DataFrame:
    """Build one feature of the size metric, the same bits as when a week is scored.

    Args:
        con: a connection to the private file.
        feed: the feed.
        weeks: loaded weeks, one at least.
        spec: the feed's format; of its columns only the size metric is read.
        feature: the feature.

    Returns:
        Features, (n, keys + 1), the weeks in the given order.
    """
    size = spec.column(spec.size_metric)
    narrow = spec.model_copy(update={"columns": (size,), "has_regions": False})
    ends = (f"_{lag}w" for lag in LAGS_WEEKS)
    lags = tuple(lag for lag, end in zip(LAGS_WEEKS, ends, strict=True) if feature.endswith(end))
    parts: list[pl.DataFrame] = []
    for week in weeks:
        lookback = read_lookback(con, feed, week, narrow, lags_weeks=lags)
        built = build_features(lookback, narrow, week, exclude_leaking=False)
        parts.append(built.select(*KEY_COLUMNS, feature))
    return pl.concat(parts)
