"""The leakage guard: no feature of a snapshot model may be its label in disguise.

The published result that songpop starts from is such a leak (DESIGN, Why the obvious version is
wrong): its label is cut from a column that is among its features.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from songpop.errors import CheckError, expected, list_names

MAX_SPEARMAN: Final = 0.9
"""Least |rank correlation| to the label's source that is a leak (DESIGN, Snapshot label)."""
MAX_AUC: Final = 0.95
"""Least AUC of one feature alone, in either direction, that is a leak (DESIGN)."""
MIN_ROWS: Final = 30
MIN_CLASS_ROWS: Final = 20
"""On fewer rows, or fewer of either class, such a value can be chance among a hundred features
(it is about five standard errors from none at these), so nothing is concluded from them."""
MAX_ROWS: Final = 20_000
"""Of more rows so many, evenly spaced, are measured: there a correlation errs by 0.003."""

_KEYS: Final = ("feed", "week", "track_id")


def guard_snapshot(
    features: pl.DataFrame,
    label_source: npt.NDArray[np.float64],
    is_high: npt.NDArray[np.bool_],
) -> None:
    """Refuse features that give the snapshot label away.

    Args:
        features: Features frame, (n, 3 + f), of the rows that a model is to learn from.
        label_source: (n,) the metric that the label was cut from, NaN where it is missing.
        is_high: (n,) the label.

    Raises:
        CheckError: a feature has |Spearman| ≥ 0.9 to *label_source*, or it or its being missing
            predicts *is_high* alone with an AUC ≥ 0.95 or ≤ 0.05; the message names each.
    """
    table = measure_leakage(features, label_source, is_high)
    leaking = table.filter(
        (pl.col("spearman").abs() >= MAX_SPEARMAN)
        | (_side_free("auc") >= MAX_AUC)
        | (_side_free("missing_auc") >= MAX_AUC)
    )
    if leaking.height:
        raise CheckError(
            expected(
                "features of a snapshot model",
                f"none with |Spearman| ≥ {MAX_SPEARMAN} to the label's source or AUC ≥ {MAX_AUC}",
                list_names(_describe(row) for row in leaking.iter_rows(named=True)),
                "declare the column leaks_snapshot in its format",
            )
        )


def measure_leakage(
    features: pl.DataFrame,
    label_source: npt.NDArray[np.float64],
    is_high: npt.NDArray[np.bool_],
) -> pl.DataFrame:
    """Measure how much each feature alone says about the snapshot label.

    Of more than 20,000 rows at most so many, evenly spaced, are looked at.

    Args:
        features: Features frame, (n, 3 + f).
        label_source: (n,) the metric that the label was cut from, NaN where it is missing.
        is_high: (n,) the label.

    Returns:
        (f, 4), in the order of the features: feature; spearman, the rank correlation with
        *label_source* over rows where both are known; auc of the feature, over rows where it
        is known; missing_auc of its being missing, over all rows. AUC is the probability that a
        high row has the larger value, ties counting half (Mann and Whitney 1947), and 0.5 says
        nothing. Null where a correlation has fewer than 30 rows or one value only, and where an AUC
        has fewer than 20 rows of either class.
    """
    step = max(-(-features.height // MAX_ROWS), 1)
    source = pl.Series(label_source[::step], dtype=pl.Float64).fill_nan(None)
    high = pl.Series(is_high[::step], dtype=pl.Boolean)
    measured = features.drop(_KEYS).gather_every(step)
    return pl.DataFrame(
        [_measure_feature(values, source, high) for values in measured],
        schema={
            "feature": pl.String,
            "spearman": pl.Float64,
            "auc": pl.Float64,
            "missing_auc": pl.Float64,
        },
        orient="row",
    )


def _measure_feature(
    values: pl.Series, source: pl.Series, high: pl.Series
) -> tuple[str, float | None, float | None, float | None]:
    both = pl.DataFrame({"value": values, "source": source}).drop_nulls()
    known = values.is_not_null()
    return (
        values.name,
        _spearman(both.get_column("value"), both.get_column("source")),
        _auc(values.filter(known), high.filter(known)),
        _auc(known.not_().cast(pl.UInt8), high),
    )


def _spearman(left: pl.Series, right: pl.Series) -> float | None:
    # Pearson's correlation of average ranks (Spearman 1904, with ties as Kendall treats them).
    if left.len() < MIN_ROWS or left.n_unique() == 1 or right.n_unique() == 1:
        return None
    ranks = (left.rank("average").to_numpy(), right.rank("average").to_numpy())
    return float(np.corrcoef(*ranks)[0, 1])


def _auc(values: pl.Series, high: pl.Series) -> float | None:
    high_count = int(high.sum())
    low_count = high.len() - high_count
    if min(high_count, low_count) < MIN_CLASS_ROWS:
        return None
    rank_sum = float(values.rank("average").filter(high).sum())
    return (rank_sum - high_count * (high_count + 1) / 2) / (high_count * low_count)


def _side_free(name: str) -> pl.Expr:
    return pl.max_horizontal(pl.col(name), 1 - pl.col(name))


def _describe(row: dict[str, str | float | None]) -> str:
    measured = (
        f"{title} {row[key]:.3f}"
        for key, title in (("spearman", "Spearman"), ("auc", "AUC"), ("missing_auc", "missing AUC"))
        if row[key] is not None
    )
    return f"{row['feature']} ({', '.join(measured)})"
