"""The cohort's reference track, from which reasons count."""

from collections.abc import Callable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from songpop.model.batches import map_in_threads
from songpop.model.inputs import InputTransform, MissingInput
from songpop.warehouse.parts import Parts

Floats = NDArray[np.float32]


def cohort_medians(inputs: InputTransform, features: Parts) -> Floats:
    """Return each input's median over the cohort *features*, read a column at a time.

    Equal to ``np.median(inputs.transform(features), axis=0)`` without making the matrix: the maps
    rise, so the order of a feature's values is the order of its inputs, with the zeros of missing
    values pushed in between.

    Returns:
        (inputs,) float32; all 0 for a frame without rows.
    """
    result = np.zeros(len(inputs.specs), dtype=np.float32)
    if features.height == 0:
        return result

    def fill(pair: tuple[str, tuple[int, ...]]) -> None:
        column = features.column(pair[0]).cast(pl.Float32)
        present = column.drop_nulls().drop_nans().to_numpy()
        for row in pair[1]:
            if isinstance(inputs.specs[row], MissingInput):
                result[row] = _missing_median(present.size, column.len())
            else:
                result[row] = _median(present, column.len(), _scorer(inputs, row))

    map_in_threads(fill, inputs.rows_by_feature)
    return result


def _missing_median(present: int, rows: int) -> float:
    missing = rows - present
    return 0.5 if missing == present else float(missing > present)


def _median(present: Floats, rows: int, score: Callable[[Floats], Floats]) -> float:
    """Return the median of the scores of *present* and one zero for each missing row."""
    missing = rows - present.size
    middle = ((rows - 1) // 2, rows // 2)
    if missing == 0:
        return float(score(_at_ranks(present, middle)).mean())
    # A rank lies below the zeros of the missing rows, among them, or above them.
    above = _scores_at(present, middle, score, outside=np.inf)
    below = _scores_at(present, tuple(rank - missing for rank in middle), score, outside=-np.inf)
    return float(np.maximum(np.minimum(0.0, above), below).mean())


def _scores_at(
    present: Floats, ranks: tuple[int, ...], score: Callable[[Floats], Floats], *, outside: float
) -> Floats:
    inside = [0 <= rank < present.size for rank in ranks]
    result = np.full(len(ranks), outside, dtype=np.float32)
    held = tuple(rank for rank, held in zip(ranks, inside, strict=True) if held)
    if held:
        result[inside] = score(_at_ranks(present, held))
    return result


def _at_ranks(values: Floats, ranks: tuple[int, ...]) -> Floats:
    """Return the values of one or two neighbouring *ranks*, from 0, the lower rank first."""
    upper = ranks[-1]
    parted = np.partition(values, upper)
    # Asked for two ranks at once, numpy takes seven times as long.
    lower = parted[:upper].max() if ranks[0] < upper else parted[upper]
    return np.array([lower, parted[upper]][-len(ranks) :], dtype=np.float32)


def _scorer(inputs: InputTransform, row: int) -> Callable[[Floats], Floats]:
    def score(values: Floats) -> Floats:
        out = np.empty_like(values)
        inputs.fill_row(row, values, out)
        return out

    return score
