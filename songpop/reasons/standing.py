"""Where each scored track stands on the input that leads each of its reasons."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from songpop.features.kinds import AGE_DAYS, source_of
from songpop.model.batches import map_in_threads
from songpop.model.inputs import MISSING_SIGN
from songpop.reasons.cohort import as_floats, find_cohort
from songpop.reasons.quantiles import EVERY_OTHER, QuantileTable, Side, make_tables
from songpop.warehouse.parts import Parts

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


class Peers:
    """One week's tracks, among whom a track stands somewhere.

    What is read of all of them is read once a feature, when a reason first asks for it.
    """

    def __init__(self, features: Parts) -> None:
        """Take the week's features, (n, keys + features); several parts in the order of keys."""
        self._features = features
        self._cohort = find_cohort(features)
        self._tables: dict[str, list[QuantileTable]] = {}

    def groups(self, rows: slice) -> NDArray[np.uint8]:
        """Return the age steps of some rows, from 1; 0 where the age is unknown."""
        return self._cohort.groups[rows]

    def tables(self, feature: str) -> list[QuantileTable]:
        """Return where values of *feature* stand in the week, and in each age step."""
        if feature not in self._tables:
            # Among tracks of its age, no track's age says anything.
            by_age = source_of(feature) != AGE_DAYS
            column = as_floats(self._features.column(feature))
            self._tables[feature] = make_tables(column, self._cohort, by_age=by_age)
        return self._tables[feature]


@dataclass(frozen=True, eq=False)
class Reasons:
    """Which inputs lead the reasons of some tracks.

    Attributes:
        names: of the model's inputs.
        leading: (k, n) numbers of inputs; -1 where there is no such reason.
        effects: (k, n) signs of the reasons' contributions.
    """

    names: list[str]
    leading: NDArray[np.intp]
    effects: NDArray[np.intp]


def find_standings(
    features: pl.DataFrame, reasons: Reasons, peers: Peers, first_row: int = 0
) -> Codes:
    """Return a code for each reason of each track: input times STANDINGS_COUNT plus standing.

    Args:
        features: (n, keys + features), of one feed and week.
        reasons: of these tracks.
        peers: the week, these tracks among them.
        first_row: place of the first of these tracks in the week.

    Returns:
        (k, n), -1 where there is no such reason.
    """
    flat = reasons.leading.ravel()
    names = reasons.names
    # Stable, so that the cells of an input, and with them the rows that are read, rise.
    order = np.argsort(flat.astype(np.int16), kind="stable")
    ends = np.searchsorted(flat[order], np.arange(len(names) + 1))
    codes = np.full(flat.size, -1, dtype=np.int32)
    signs = reasons.effects.ravel()
    groups = peers.groups(slice(first_row, first_row + features.height))

    def place(number: int) -> None:
        cells = order[ends[number] : ends[number + 1]]
        if cells.size:
            feature = names[number].removesuffix(MISSING_SIGN)
            rows = cells % features.height
            values = as_floats(features[feature])[rows]
            standings = _standings_of(values, groups[rows], peers.tables(feature))
            effect = (signs[cells] + 1) * (STANDINGS_COUNT // _EFFECTS)
            codes[cells] = number * STANDINGS_COUNT + effect + standings

    map_in_threads(place, range(len(names)))
    return codes.reshape(reasons.leading.shape)


def _standings_of(
    values: NDArray[np.float32], groups: NDArray[np.uint8], tables: list[QuantileTable]
) -> NDArray[np.intp]:
    """Return the codes of the standings of some *values* of a feature, without the effect."""
    week, *steps = tables
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
