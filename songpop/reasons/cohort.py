"""With whom a track is compared: the tracks of its age step, or all of the week."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from songpop.features.kinds import AGE_DAYS, AGE_STEPS_DAYS
from songpop.warehouse.parts import Parts

Floats = NDArray[np.float32]
Rows = NDArray[np.intp]

MIN_TRACKS_COUNT: Final = 50
"""Fewest tracks of an age step, with a value, that a track is compared with."""
SAMPLE_TRACKS_COUNT: Final = 16_384
"""Most tracks of a group that its quantiles are read from: one standard error of a share is then
at most 0.4 percentage points (binomial)."""
AGE_FEATURE: Final = f"{AGE_DAYS}__log"
"""The feature that tells a track's age."""

# Ages are whole days, so half a day below a step parts them in float32, too.
_AGE_EDGES: Final = np.log1p(np.array(AGE_STEPS_DAYS) - 0.5).astype(np.float32)

WEEK_GROUP: Final = 0
"""Number of the group that holds all tracks of the week."""


@dataclass(frozen=True, eq=False)
class Cohort:
    """One week's tracks by age step.

    Attributes:
        groups: (n,) number of each track's age step from 1, or 0 where its age is unknown.
        samples: positions of the tracks that stand for each group; group 0 is the whole week.
        is_whole: for each group, whether its sample is all of it.
    """

    groups: NDArray[np.uint8]
    samples: tuple[Rows, ...]
    is_whole: tuple[bool, ...]


def find_cohort(features: Parts) -> Cohort:
    """Return the groups of one week's *features* (n, keys + features) and their samples.

    A sample is every k-th track in the order of the keys, so it depends neither on the order of
    the rows nor on chance. Without the age among the features all tracks are of unknown age.
    """
    groups = _age_groups(features)
    order = _key_order(features)
    ordered = groups if order is None else groups[order]
    samples: list[Rows] = []
    is_whole: list[bool] = []
    for number in range(len(AGE_STEPS_DAYS) + 2):
        members = np.flatnonzero(ordered == number) if number else np.arange(ordered.size)
        picked = _thin(members)
        samples.append(picked if order is None else order[picked])
        is_whole.append(picked.size == members.size)
    return Cohort(groups, tuple(samples), tuple(is_whole))


def _age_groups(features: Parts) -> NDArray[np.uint8]:
    if AGE_FEATURE not in features.columns:
        return np.full(features.height, WEEK_GROUP, dtype=np.uint8)
    ages = as_floats(features.column(AGE_FEATURE))
    groups = np.searchsorted(_AGE_EDGES, ages, side="right").astype(np.uint8) + np.uint8(1)
    groups[np.isnan(ages)] = WEEK_GROUP
    return groups


def _key_order(features: Parts) -> Rows | None:
    """Return the positions of the keys in their order; null where they stand in order.

    Several parts always do.
    """
    if features.count > 1:
        return None
    keys = features.column("track_id")
    return None if keys.is_sorted() else keys.arg_sort().to_numpy().astype(np.intp)


def _thin(members: Rows) -> Rows:
    if members.size <= SAMPLE_TRACKS_COUNT:
        return members
    places = np.arange(SAMPLE_TRACKS_COUNT) * members.size // SAMPLE_TRACKS_COUNT
    return members[places]


def as_floats(column: pl.Series) -> Floats:
    """Return a feature's values (n,) as float32, NaN where missing."""
    return column.cast(pl.Float32).fill_null(float("nan")).to_numpy()
