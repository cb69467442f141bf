"""Fitting the inputs: which features are used, and how each is normalised."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from songpop.errors import CheckError, expected, list_names
from songpop.features.kinds import SEASON
from songpop.model.inputs import (
    KEY_COLUMNS,
    FlagInput,
    InputSpec,
    InputTransform,
    MissingInput,
    QuantileInput,
    source_of,
)
from songpop.model.rankmap import fit_knots

Floats = NDArray[np.float32]

DUPLICATE_CORRELATION = 0.9999
"""Absolute rank correlation above which the later of two features says nothing new."""

_COMPARED_ROWS_COUNT = 20_000
_MOST_WEEKS_WITHOUT = 0.25
_YEAR_DAYS = 51 * 7
"""From the first to the last of 52 weeks."""


def fit_inputs(features: pl.DataFrame) -> InputTransform:
    """Fit the inputs on the fit block's rows alone.

    A feature that tells weeks apart rather than tracks is left out: the season, unless the block
    spans a year of weeks, and what more than a quarter of its weeks lack altogether (their
    look-back is not loaded). A constant feature is dropped, and of features that rank the rows
    alike all but the first. Each further pattern of missing rows becomes one flag, owned by the
    first feature with it.
    Features whose name ends in ``flag`` pass through centred; all others become normal scores.

    Args:
        features: Features, (n, keys + features), the fit block; null and NaN are missing.

    Raises:
        CheckError: a feature holds infinite values, or none varies over the block.
    """
    names = _told_by_tracks(features)
    dense = features.select(pl.col(names).cast(pl.Float32).fill_null(float("nan")))
    columns = {column.name: column.to_numpy() for column in dense.iter_columns()}
    _refuse_infinite(columns)
    kept = _without_duplicates({n: v for n, v in columns.items() if _varies(v)})
    flagged = _missing_patterns(columns)
    specs: list[InputSpec] = []
    for name, values in columns.items():
        if name in kept:
            specs.append(fit_input(name, values[~np.isnan(values)]))
        if name in flagged:
            specs.append(MissingInput(feature=name))
    if not specs:
        message = expected(
            "features", "one that varies over the fit block", "none", "wait for more weeks"
        )
        raise CheckError(message)
    return InputTransform(_by_source(specs))


def _told_by_tracks(features: pl.DataFrame) -> list[str]:
    names = [name for name in features.columns if name not in KEY_COLUMNS]
    if "week" not in features.columns:
        return names
    span_days = (features["week"].max() - features["week"].min()).days  # type: ignore[operator] - dates
    is_present = pl.col(names).is_not_null() & ~pl.col(names).is_nan()
    by_week = features.group_by("week").agg(is_present.any())
    lacking = by_week.select((~pl.col(names)).mean()).row(0, named=True)
    return [
        name
        for name in names
        if lacking[name] <= _MOST_WEEKS_WITHOUT
        and (source_of(name) != SEASON or span_days >= _YEAR_DAYS)
    ]


def _refuse_infinite(columns: dict[str, Floats]) -> None:
    infinite = [name for name, values in columns.items() if np.isinf(values).any()]
    if infinite:
        message = expected(
            "features",
            "finite or missing values",
            f"infinite ones in {list_names(infinite)}",
            "mend the feature's SQL",
        )
        raise CheckError(message)


def _varies(values: Floats) -> bool:
    present = values[~np.isnan(values)]
    return present.size > 0 and bool(present.min() < present.max())


def fit_input(name: str, present: Floats) -> InputSpec:
    """Return the input of one feature, fitted on the values (n,) that are there, n ≥ 1."""
    if name.endswith("flag"):
        return FlagInput(feature=name, mean=_short(present.mean(dtype=np.float64)))
    knots, scores = fit_knots(present)
    return QuantileInput(
        feature=name,
        knots=tuple(_short(knot) for knot in knots),
        scores=tuple(_short(score) for score in scores),
    )


def _short(number: np.floating) -> float:
    """Return the shortest decimal that is the same float32, which keeps the manifest small."""
    return float(str(np.float32(number)))


def _without_duplicates(columns: dict[str, Floats]) -> set[str]:
    if not columns:
        return set()
    # Few pairs are alike on 20,000 rows spread over the block; only these are compared on all.
    stride = max(1, next(iter(columns.values())).size // _COMPARED_ROWS_COUNT)
    ranks = np.column_stack([_centred_ranks(v[::stride]) for v in columns.values()])  # (n, k)
    alike = _are_alike(ranks.T @ ranks)
    every = list(columns.values())
    kept: list[int] = []
    for place, values in enumerate(every):
        twins = (other for other in kept if alike[place, other])
        if not any(_rank_alike(values, every[other]) for other in twins):
            kept.append(place)
    names = list(columns)
    return {names[place] for place in kept}


def _rank_alike(first: Floats, second: Floats) -> bool:
    return bool(_are_alike(_centred_ranks(first) @ _centred_ranks(second)))


def _are_alike(correlation: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.abs(correlation) > DUPLICATE_CORRELATION


def _centred_ranks(values: Floats) -> NDArray[np.float64]:
    """Return the ranks of *values* about their mean, of length one; missing counts as the mean."""
    present = ~np.isnan(values)
    ranks = np.zeros(values.size)
    own = pl.Series(values[present]).rank("average").to_numpy()
    ranks[present] = own - own.sum() / max(own.size, 1)
    return ranks / (float(np.linalg.norm(ranks)) or 1.0)


def _missing_patterns(columns: dict[str, Floats]) -> set[str]:
    """Return the first feature with each pattern of missing rows, but for none and all."""
    first: dict[bytes, str] = {}
    for name, values in columns.items():
        missing = np.isnan(values)
        if missing.any() and not missing.all():
            first.setdefault(np.packbits(missing).tobytes(), name)
    return set(first.values())


def _by_source(specs: list[InputSpec]) -> tuple[InputSpec, ...]:
    """Return *specs* with the inputs of one source together, sources in order of appearance."""
    order = dict.fromkeys(source_of(spec.feature) for spec in specs)
    ranks = {source: rank for rank, source in enumerate(order)}
    return tuple(sorted(specs, key=lambda spec: ranks[source_of(spec.feature)]))
