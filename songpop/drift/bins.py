"""The fixed bins in which profiles count values: weeks of any feed can be compared cell by cell."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from songpop.features.kinds import AGE_STEPS_DAYS

Floats = NDArray[np.float64]
Cells = NDArray[np.int64]
Counts = NDArray[np.int64]

AGE_GROUPS_COUNT: Final = len(AGE_STEPS_DAYS) + 2
"""One for each age step, one for older tracks, and a last one for those of unknown age."""

LEVEL_STEP: Final = 0.05
"""Width of a level's bin in log(1 + value): 5 %, finer than any effect that is acted on."""
LEVEL_BINS: Final = 900
"""Up to log(1 + value) = 45, above the largest BIGINT."""

_GROWTH_STEP: Final = 0.1
_GROWTH_LOWEST: Final = -20.0
FELL_BIN: Final = 0
STILL_BIN: Final = 1
_GROWTH_FROM: Final = 2
_RATIO_STEP: Final = 0.05
_RATIO_BINS: Final = 301
CHANGE_BINS: Final = 303
"""Of a counter's growth: fell, stood still, then logs from -20 to 10 in steps of 0.1. Of another
metric's log ratio: -7.5 to 7.5 in steps of 0.05, no change in the middle."""


def group_ages(age_days: Floats) -> Cells:
    """Return the age group of each track, (n,): 0 the youngest; NaN or a negative age is unknown.

    Args:
        age_days: (n,) days since release, or since first seen where the format has no release.
    """
    groups = np.searchsorted(np.asarray(AGE_STEPS_DAYS, dtype=np.float64), age_days, side="right")
    is_known = age_days >= 0  # false for NaN
    return np.where(is_known, groups, AGE_GROUPS_COUNT - 1).astype(np.int64)


def bin_levels(values: Floats) -> Cells:
    """Return the bin of each value (n,), all at least 0 and none missing."""
    cells = np.log1p(values)
    cells /= LEVEL_STEP
    return np.minimum(cells.astype(np.int64), LEVEL_BINS - 1)


def bin_growth(now: Floats, before: Floats, weeks: float) -> Cells:
    """Return the bin of each counter's weekly gain in terms of its total, (n,).

    Args:
        now: (n,) totals.
        before: (n,) totals of the same tracks, *weeks* weeks earlier.
        weeks: time between them, in weeks.
    """
    gain = (now - before) / weeks
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(gain / (before + 1.0))
    cells = (logs - _GROWTH_LOWEST) / _GROWTH_STEP
    cells = np.clip(np.nan_to_num(cells, nan=0.0), 0, CHANGE_BINS - 1 - _GROWTH_FROM)
    found = cells.astype(np.int64) + _GROWTH_FROM
    found[gain == 0] = STILL_BIN
    found[gain < 0] = FELL_BIN
    return found


def bin_ratios(now: Floats, before: Floats) -> Cells:
    """Return the bin of each log ratio of now to before, (n,), for gauges and ranks."""
    logs = np.log1p(now) - np.log1p(before)
    cells = np.rint(logs / _RATIO_STEP) + _RATIO_BINS // 2
    return np.clip(cells, 0, _RATIO_BINS - 1).astype(np.int64)


def count_cells(groups: Cells, cells: Cells, bins: int) -> Counts:
    """Return how many rows fall into each (age group, bin), (AGE_GROUPS_COUNT, bins)."""
    flat = np.bincount(groups * bins + cells, minlength=AGE_GROUPS_COUNT * bins)
    return flat.reshape(AGE_GROUPS_COUNT, bins).astype(np.int64)
