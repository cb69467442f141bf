"""What stand-ins learn from and are judged on: one feature of a few weeks, and nothing else."""

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
    con: duckdb.DuckDBPyConnection, rows: pl.DataFrame, spec: FormatSpec, feature: str
) -> pl.DataFrame:
    """Build one feature of the size metric, the same bits as when a week is scored.

    Args:
        con: a connection to the private file.
        rows: (n, 3+), the keys of the rows wanted, of one feed and of loaded weeks, n ≥ 1.
        spec: the feed's format; of its columns only the size metric is read.
        feature: the feature.

    Returns:
        Features, (n, keys + 1), the weeks in order. Week by week: a large one is let go before the
        next is read.
    """
    size = spec.column(spec.size_metric)
    narrow = spec.model_copy(update={"columns": (size,), "has_regions": False})
    ends = (f"_{lag}w" for lag in LAGS_WEEKS)
    lags = tuple(lag for lag, end in zip(LAGS_WEEKS, ends, strict=True) if feature.endswith(end))
    parts: list[pl.DataFrame] = []
    for (feed, week), own in rows.sort("week").group_by("feed", "week", maintain_order=True):
        lookback = read_lookback(con, str(feed), week, narrow, lags_weeks=lags)
        built = build_features(lookback, narrow, week, exclude_leaking=False)
        parts.append(
            built.select(*KEY_COLUMNS, feature).join(own, on=list(KEY_COLUMNS), how="semi")
        )
    return pl.concat(parts)
