"""How metrics go together: Spearman's rank correlation of every two."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.special import ndtri

from songpop.drift.bins import Floats

MOST_RANKED: Final = 20_000
"""Tracks that are ranked; a correlation is then known to 0.007."""
FEWEST_PAIRS: Final = 30
"""Fewer tracks with both values say nothing."""


def rank_associations(columns: Sequence[Floats]) -> Floats:
    """Return the correlation of every two columns' normal scores, (m, m).

    Normal scores of ranks (van der Waerden's) are what Pearson's correlation is taken of, each
    column ranked once among all its values; pairs use the tracks that have both.

    Args:
        columns: m metrics of the same tracks, (n,) each, NaN where missing; of more than 20,000
            tracks the first 20,000 of a fixed stride are used.

    Returns:
        (m, m), NaN where fewer than 30 tracks have both values or one of them is constant.
    """
    if not columns or not columns[0].size:
        return np.full((len(columns), len(columns)), np.nan)
    stride = -(-columns[0].size // MOST_RANKED)
    scores = np.column_stack([_normal_scores(column[::stride]) for column in columns])
    is_known = np.isfinite(scores)
    filled, known = np.where(is_known, scores, 0.0), is_known.astype(np.float64)
    pairs = known.T @ known
    with np.errstate(divide="ignore", invalid="ignore"):
        sums = filled.T @ known
        means = sums / pairs
        squares = (filled**2).T @ known / pairs - means**2
        covariance = filled.T @ filled / pairs - means * means.T
        found = covariance / np.sqrt(squares * squares.T)
    return np.where((pairs >= FEWEST_PAIRS) & np.isfinite(found), np.clip(found, -1, 1), np.nan)


def _normal_scores(column: Floats) -> Floats:
    scores = np.full(column.size, np.nan)
    is_known = np.isfinite(column)
    values = column[is_known]
    if values.size:
        _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
        middles = np.cumsum(counts) - (counts - 1) / 2  # average ranks of ties, from 1
        scores[is_known] = ndtri(middles[place] / (values.size + 1))
    return scores
