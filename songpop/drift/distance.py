"""How far a week's values are from those of other weeks, with ages held equal."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from songpop.drift.bins import Counts, Floats

FEWEST_IN_GROUP: Final = 20
"""Fewer reference tracks of an age say nothing about that age; the week's own are left out too."""


@dataclass(frozen=True)
class Distance:
    """The largest gap between two distributions, and how likely chance makes one as large.

    Attributes:
        statistic: Kolmogorov and Smirnov's D, in [0, 1]; 0 where nothing could be compared.
        p_value: asymptotic, of independent rows; 1 where nothing could be compared.
        is_above: whether the week's values are the larger ones where the gap is.
        rows_count: rows of the week that were compared.
    """

    statistic: float
    p_value: float
    is_above: bool
    rows_count: int


NOTHING: Final = Distance(statistic=0.0, p_value=1.0, is_above=False, rows_count=0)


def compare_counts(now: Counts, reference: Counts, reference_rows: float) -> Distance:
    """Compare a week with a reference whose ages are weighted to be the week's.

    The reference's distribution is that of each age group, weighted by the week's share of that
    age (direct standardisation), so a week of younger tracks is not far for that alone.

    Args:
        now: (groups, bins) of the week.
        reference: (groups, bins) of one or more weeks together.
        reference_rows: independent rows that these stand for: the same tracks come back every
            week, so the weeks of a reference are not as many samples.
    """
    gap, rows = standard_gap(now, reference)
    if not rows:
        return NOTHING
    place = int(np.argmax(np.abs(gap)))
    statistic = float(abs(gap[place]))
    size = rows * reference_rows / (rows + reference_rows)
    return Distance(
        statistic=statistic,
        p_value=kolmogorov_tail(statistic, size),
        is_above=bool(gap[place] < 0),
        rows_count=rows,
    )


def standard_gap(now: Counts, reference: Counts) -> tuple[Floats, int]:
    """Return the week's cumulative shares less the reference's, (bins,), and the rows compared."""
    own, other = now.sum(axis=1), reference.sum(axis=1)
    usable = (own > 0) & (other >= FEWEST_IN_GROUP)
    rows = int(own[usable].sum())
    if not rows:
        return np.zeros(now.shape[1]), 0
    expected = (own[usable] / other[usable]) @ reference[usable]
    return np.cumsum(now[usable].sum(axis=0) - expected) / rows, rows


def kolmogorov_tail(statistic: float, size: float) -> float:
    """Return the chance of a gap as large (Stephens, 1970, for small sizes).

    Args:
        statistic: D.
        size: n m / (n + m) for samples of n and m.
    """
    from scipy.special import kolmogorov  # noqa: PLC0415 - a light part, and yet a tenth of a second

    root = np.sqrt(size)
    return float(kolmogorov((root + 0.12 + 0.11 / root) * statistic))


def share_tail(now: float, reference: float, now_rows: float, reference_rows: float) -> float:
    """Return the two-sided p-value of a difference of two shares (pooled z test)."""
    from scipy.special import ndtr  # noqa: PLC0415 - as above

    rows = now_rows + reference_rows
    if not now_rows or not reference_rows:
        return 1.0
    pooled = (now * now_rows + reference * reference_rows) / rows
    variance = pooled * (1 - pooled) * (1 / now_rows + 1 / reference_rows)
    if variance <= 0:
        return 1.0 if now == reference else 0.0
    return float(2 * ndtr(-abs(now - reference) / np.sqrt(variance)))
