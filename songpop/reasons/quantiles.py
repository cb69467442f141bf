"""Where values stand among others, read from tables of percentiles."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from songpop.reasons.cohort import MIN_TRACKS_COUNT, WEEK_GROUP, Cohort

Floats = NDArray[np.float32]

EVERY_OTHER: Final = 100
"""Stands for all others, where that is known to be true; percentages end at 99."""

_PERCENTS: Final = np.arange(1, EVERY_OTHER)


class Side(IntEnum):
    """On which side of most others a value is."""

    ABOVE = 0
    """Larger than the stated share of the others."""
    BELOW = 1
    """Smaller than the stated share of the others."""
    MEDIAN = 2
    """Neither is true of half of them, so it is their median."""
    ALONE = 3
    """There is no other."""


@dataclass(frozen=True, eq=False)
class QuantileTable:
    """What tells where a value stands among the tracks of one group.

    Attributes:
        lower: (99,) a value has more than p percent below it if it exceeds the p-th.
        upper: (99,) a value has p percent above it if it is below the p-th from the end.
        second_lowest: a value below it is smaller than every other; -inf where unknown.
        second_highest: a value above it is larger than every other; inf where unknown.
        count: of the values that it was read from.
        is_partial: whether some tracks of the group have no value.
    """

    lower: Floats
    upper: Floats
    second_lowest: float
    second_highest: float
    count: int
    is_partial: bool

    def locate(self, values: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the sides (n,) of *values* (n,), and the percentages (n,), rounded down.

        Exact for the values that the table was read from: of n values, floor(100 k / n) where k
        of them lie on that side.
        """
        below = np.searchsorted(self.lower, values, side="left")
        above = _PERCENTS.size - np.searchsorted(self.upper, values, side="right")
        below[values > self.second_highest] = EVERY_OTHER
        above[values < self.second_lowest] = EVERY_OTHER
        side = np.where(below >= above, Side.ABOVE, Side.BELOW).astype(np.intp)
        percent = np.maximum(below, above)
        side[percent < EVERY_OTHER // 2] = Side.MEDIAN
        if self.count <= 1:
            side[:] = Side.ALONE
        return side, percent


def make_table(known: Floats, *, is_whole: bool, is_partial: bool) -> QuantileTable:
    """Return the table of a group.

    Args:
        known: (n,) its values, none missing, in any order.
        is_whole: whether these are all values of the group; of a sample's largest value nobody
            can say that no other track has a larger one.
        is_partial: whether some of its tracks have no value.
    """
    ordered = np.sort(known)
    count = ordered.size
    # The k-th smallest value is exceeded by exactly those with at least k values below them.
    ranks = (_PERCENTS * max(count, 1) + EVERY_OTHER - 1) // EVERY_OTHER
    is_known = is_whole and count > 1
    return QuantileTable(
        lower=ordered[ranks - 1] if count else np.zeros(_PERCENTS.size, dtype=np.float32),
        upper=ordered[count - ranks][::-1] if count else np.zeros(_PERCENTS.size, np.float32),
        second_lowest=float(ordered[1]) if is_known else -np.inf,
        second_highest=float(ordered[-2]) if is_known else np.inf,
        count=count,
        is_partial=is_partial,
    )


def make_tables(column: Floats, cohort: Cohort, *, by_age: bool) -> list[QuantileTable]:
    """Return the table of each group for one feature, (n,) in the cohort's row order.

    An age step in which fewer than 50 tracks have a value has the week's table instead.

    Args:
        column: the feature, NaN where missing.
        cohort: the week's tracks by age step.
        by_age: false compares every track with the whole week.
    """
    week = _group_table(column, cohort, WEEK_GROUP) or _whole_table(column)
    tables = [week]
    for group in range(1, len(cohort.samples)):
        own = _group_table(column, cohort, group) if by_age else None
        tables.append(own or week)
    return tables


def _group_table(column: Floats, cohort: Cohort, group: int) -> QuantileTable | None:
    values = column[cohort.samples[group]]
    known = values[~np.isnan(values)]
    if known.size < MIN_TRACKS_COUNT:
        return None
    is_partial = known.size < values.size
    return make_table(known, is_whole=cohort.is_whole[group], is_partial=is_partial)


def _whole_table(column: Floats) -> QuantileTable:
    # A feature that hardly any track has; a sample of the week would hold too few of them.
    known = column[~np.isnan(column)]
    return make_table(known, is_whole=True, is_partial=known.size < column.size)
