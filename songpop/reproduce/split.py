"""Which rows are fitted and which are tested: as published, by artist, and folds inside these."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.intp]

PUBLISHED_TEST_SHARE: Final = 0.2
PUBLISHED_SEED: Final = 42
"""``train_test_split(test_size=0.2, random_state=42)``, as the notebook has it."""


@dataclass(frozen=True, eq=False)
class Split:
    """Row numbers to fit on, choices included, and row numbers that only judge the outcome."""

    name: str
    fit: Rows
    test: Rows


def published_split(rows_count: int) -> Split:
    """Return the notebook's split: 3,680 and 920 of 4,600 rows."""
    from sklearn.model_selection import train_test_split  # noqa: PLC0415 - half a second

    fit, test = train_test_split(
        np.arange(rows_count), test_size=PUBLISHED_TEST_SHARE, random_state=PUBLISHED_SEED
    )
    return Split("published", np.asarray(fit), np.asarray(test))


def artist_splits(y: NDArray[np.bool_], artists: Rows, count: int) -> tuple[Split, ...]:
    """Return *count* splits whose test rows are all rows, each once, no artist on both sides."""
    folds = make_folds(y, artists, count)
    everything = np.arange(y.size)
    return tuple(
        Split(f"fold {number}", np.setdiff1d(everything, test), test)
        for number, test in enumerate(folds, start=1)
    )


def make_folds(y: NDArray[np.bool_], groups: Rows | None, count: int) -> tuple[Rows, ...]:
    """Divide rows into folds of about equal size and share of positives.

    Args:
        y: (n,) the label.
        groups: (n,) rows of one group fall into one fold; null where rows stand alone.
        count: of folds.

    Returns:
        Row numbers of each fold, rising; every row is in exactly one.
    """
    from sklearn.model_selection import (  # noqa: PLC0415 - half a second
        StratifiedGroupKFold,
        StratifiedKFold,
    )

    kind: Any = StratifiedKFold if groups is None else StratifiedGroupKFold
    folds = kind(n_splits=count, shuffle=True, random_state=PUBLISHED_SEED)
    parts = folds.split(np.zeros(y.size), y, groups)
    return tuple(np.sort(np.asarray(test)) for _, test in parts)
