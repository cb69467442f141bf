"""Where each scored track stands on the input that leads each of its reasons."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from songpop.features.kinds import AGE_DAYS, source_of
from songpop.model.batches import map_in_threads
from songpop.model.inputs import MISSING_SIGN
from songpop.reasons.cohort import Cohort, as_floats, find_cohort
from songpop.reasons.quantiles import EVERY_OTHER, QuantileTable, Side, make_tables

Codes = NDArray[np.int32]

_EFFECTS: Final = 3
_SIGNS: Final = 3
_SCOPES: Final = 4
_SIDES: Final = len(Side) + 1
_MISSING_SIDE: Final = len(Side)
_SHAPE: Final = (_EFFECTS, _SIGNS, _SCOPES, _SIDES, EVERY_OTHER + 1)
STANDINGS_COUNT: Final = int(np.prod(_SHAPE))


@dataclass(frozen=True)
class Standing:
    """What is to be said of one input of a track.

    Attributes:
        effect: 1 where the reason raises the score, -1 where it lowers it, else 0.
        sign: that of the feature's value; 0 where it is missing.
        side: on which side of the others the value is; null where it is missing.
        percent: share of the others, rounded down; EVERY_OTHER where it is all of them.
        is_by_age: whether the others are the tracks of its age step, or else all of the week: as
            they are where the value is on the other side of the two medians.
        is_partial: whether some of them have no value, and are left out.
    """

    effect: int
    sign: int
    side: Side | None
    percent: int
    is_by_age: bool
    is_partial: bool


def decode(code: int) -> Standing:
    """Return the standing that a code below STANDINGS_COUNT means."""
    effect, sign, scope, side, percent = (int(part) for part in np.unravel_index(code, _SHAPE))
    return Standing(
        effect=effect - 1,
        sign=sign - 1,
        side=None if side == _MISSING_SIDE else Side(side),
        percent=percent,
        is_by_age=bool(scope & 1),
        is_partial=bool(scope & 2),
    )


def find_standings(
    features: pl.DataFrame, names: list[str], leading: NDArray[np.intp], effects: NDArray[np.intp]
) -> Codes:
    """Return a code for each reason of each track: input times STANDINGS_COUNT plus standing.

    Args:
        features: (n, keys + features), one feed and week.
        names: of the model's inputs.
        leading: (k, n) numbers of inputs; -1 where there is no such reason.
        effects: (k, n) signs of the reasons' contributions.

    Returns:
        (k, n), -1 where there is no such reason.
    """
    cohort = find_cohort(features)
    flat = leading.ravel()
    # Stable, so that the cells of an input, and with them the rows that are read, rise.
    order = np.argsort(flat.astype(np.int16), kind="stable")
    ends = np.searchsorted(flat[order], np.arange(len(names) + 1))
    codes = np.full(flat.size, -1, dtype=np.int32)
    signs = effects.ravel()

    def place(number: int) -> None:
        cells = order[ends[number] : ends[number + 1]]
        if cells.size:
            feature = names[number].removesuffix(MISSING_SIGN)
            standings = _standings_of(features, feature, cohort, cells % features.height)
            effect = (signs[cells] + 1) * (STANDINGS_COUNT // _EFFECTS)
            codes[cells] = number * STANDINGS_COUNT + effect + standings

    map_in_threads(place, range(len(names)))
    return codes.reshape(leading.shape)


def _standings_of(
    features: pl.DataFrame, feature: str, cohort: Cohort, rows: NDArray[np.intp]
) -> NDArray[np.intp]:
    """Return the codes of one feature's standings in *rows*, without the effect."""
    column = as_floats(features[feature])
    # Among tracks of its age, no track's age says anything.
    by_age = source_of(feature) != AGE_DAYS
    week, *steps = make_tables(column, cohort, by_age=by_age)
    values, groups = column[rows], cohort.groups[rows]
    codes = _encode(values, week, is_by_age=False)
    for number, table in enumerate(steps, start=1):
        own = np.flatnonzero(groups == number) if table is not week else np.empty(0, np.intp)
        aged = _encode(values[own], table, is_by_age=True)
        # Contributions count from the week's median: words must not put a track on the other side.
        codes[own] = np.where(_side_of(aged) == _side_of(codes[own]), aged, codes[own])
    return codes


def _side_of(codes: NDArray[np.intp]) -> NDArray[np.intp]:
    return codes // _SHAPE[-1] % _SIDES


def _encode(
    values: NDArray[np.float32], table: QuantileTable, *, is_by_age: bool
) -> NDArray[np.intp]:
    side, percent = table.locate(values)
    sign = (values > 0).astype(np.intp) - (values < 0) + 1
    missing = np.isnan(values)
    side[missing] = _MISSING_SIDE
    percent[missing] = 0
    scope = int(is_by_age) + 2 * int(table.is_partial)
    # As np.ravel_multi_index has it, which takes four times as long.
    return ((sign * _SCOPES + scope) * _SIDES + side) * _SHAPE[-1] + percent
