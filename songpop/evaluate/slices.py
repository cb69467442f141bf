"""The slices in which a model is looked at: by age, by size, by whether its artist is known."""

from itertools import pairwise
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from songpop.features.kinds import AGE_STEPS_DAYS

Bools = NDArray[np.bool_]

SIZE_GROUPS_COUNT: Final = 5
MIN_SLICE_ROWS: Final = 100
"""Fewest rows of a slice; the figures of fewer say more about luck than about the model."""

_WEEK_DAYS: Final = 7


def _by_age() -> dict[str, pl.Expr]:
    edges = [0, *(days // _WEEK_DAYS for days in AGE_STEPS_DAYS)]
    age = pl.col("age_weeks")
    bands = {
        f"age: {low} to {high - 1} weeks": (age >= low) & (age < high)
        for low, high in pairwise(edges)
    }
    return bands | {f"age: {edges[-1]} weeks or more": age >= edges[-1]}


AGE_BANDS: Final = _by_age()
"""Which rows of Facts are of which age, by title; null where the age is."""


def slice_rows(facts: pl.DataFrame, is_known_artist: Bools) -> dict[str, Bools]:
    """Return the rows of each slice that has enough of them, by its title.

    Args:
        facts: Facts, (n, 4), of the rows that a model is tested on.
        is_known_artist: (n,) whether the model learned from other rows of the artist.
    """
    rules = {**_by_size(), **AGE_BANDS}
    masks = {title: facts.select(rule).to_series() for title, rule in rules.items()}
    slices = {title: mask.fill_null(value=False).to_numpy() for title, mask in masks.items()}
    slices |= {"artist: known": is_known_artist, "artist: new to the model": ~is_known_artist}
    return {title: mask for title, mask in slices.items() if mask.sum() >= MIN_SLICE_ROWS}


def _by_size() -> dict[str, pl.Expr]:
    titles = ("smallest", "second smallest", "middle", "second largest", "largest")
    group = (pl.col("size") * SIZE_GROUPS_COUNT).ceil()
    return {f"size: {title} fifth": group == place for place, title in enumerate(titles, start=1)}
