"""Faults of measurement: what an export says differs from what happened."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

import numpy as np

from songpop.simulate.columns import METRICS, NUMBERS, TRACK_SCORE
from songpop.simulate.draws import (
    Booleans,
    Floats,
    Integers,
    Purpose,
    Salt,
    hash_uniforms,
    stream,
)
from songpop.simulate.faults import KINDS, Fault
from songpop.simulate.panel import COUNTER_ROWS, Panel
from songpop.simulate.roster import World

SLOW_WEEKS: Final = 12
"""How long a slow drift takes; the level that it has reached then stays."""

CELL_MAX: Final = 999_999_999_999_999.0
"""The largest number written: a float still counts every whole number up to it."""

_STREAMS: Final = COUNTER_ROWS[0]


@dataclass(frozen=True, slots=True)
class Held:
    """What one column of the last export said: (n,) serial numbers and values."""

    serials: Integers
    values: Floats


@dataclass(frozen=True, slots=True)
class Scene:
    """One week's export while faults are applied to it.

    Attributes:
        world: the simulation.
        panel: the tracks.
        week: the week's number.
        values: (22, n) what the export says so far, as ``observe.observe`` returns it.
    """

    world: World
    panel: Panel
    week: int
    values: Floats


def distort(
    scene: Scene, faults: Sequence[Fault], held: Mapping[Fault, Held]
) -> tuple[Floats, dict[Fault, Held]]:
    """Return what the export says with *faults*, applied in their order.

    Args:
        scene: the week before faults.
        faults: all faults of the simulation; those that are not on change nothing.
        held: what this function returned for the week before, empty in week 1.

    Returns:
        (22, n) values, and the columns that frozen faults repeat next week.
    """
    holding: dict[Fault, Held] = {}
    for fault in faults:
        if fault.kind == "frozen":
            scene, holding[fault] = _freeze(scene, fault, held.get(fault))
        elif fault.is_on(scene.week) and fault.kind in _EFFECTS:
            values = scene.values.copy()
            for row in _rows(fault):
                values[row] = _EFFECTS[fault.kind](scene, fault, row)
            scene = replace(scene, values=values)
    return scene.values, holding


def _rows(fault: Fault) -> list[int]:
    names = METRICS if fault.column is None else (fault.column,)
    return [NUMBERS.index(name) for name in names]


def _freeze(scene: Scene, fault: Fault, last: Held | None) -> tuple[Scene, Held]:
    """Repeat the last export's cells from the fault's week on; newcomers keep their first ones."""
    (row,) = _rows(fault)
    serials = scene.panel.serials
    if not fault.is_on(scene.week) or last is None:
        return scene, Held(serials, scene.values[row])
    values = scene.values.copy()
    values[row] = np.where(serials == last.serials, last.values, values[row])
    return replace(scene, values=values), Held(serials, values[row])


def _multiply(scene: Scene, fault: Fault, row: int) -> Floats:
    return _scaled(scene.values[row], fault.strength, row)


def _drift(scene: Scene, fault: Fault, row: int) -> Floats:
    progress = min(scene.week - fault.week + 1, SLOW_WEEKS) / SLOW_WEEKS
    return _scaled(scene.values[row], fault.strength**progress, row)


def _scaled(values: Floats, factor: float, row: int) -> Floats:
    decimals = 1 if NUMBERS[row] == TRACK_SCORE else 0
    return np.minimum(np.round(values * factor, decimals), CELL_MAX)


def _lose_any(scene: Scene, fault: Fault, row: int) -> Floats:
    is_present = np.isfinite(scene.values[row])
    share = fault.strength / max(float(is_present.mean()), fault.strength)
    kind, column, week = _identity(fault, row)
    salt = ((Salt.MISSING * 100 + kind) * 100 + column) * 10_000 + week
    return _without(scene, row, hash_uniforms(scene.panel.serials, scene.world.seed, salt) < share)


def _lose_small(scene: Scene, fault: Fault, row: int) -> Floats:
    present = np.flatnonzero(np.isfinite(scene.values[row]))
    # The truth's streams order the tracks, so that those without streams in the export have a size.
    order = np.argsort(scene.panel.counters[_STREAMS, present], kind="stable")
    is_lost = np.zeros(scene.panel.serials.size, dtype=np.bool_)
    is_lost[present[order[: round(fault.strength * is_lost.size)]]] = True
    return _without(scene, row, is_lost)


def _without(scene: Scene, row: int, is_lost: Booleans) -> Floats:
    return np.where(is_lost, np.nan, scene.values[row])


def _shuffle(scene: Scene, fault: Fault, row: int) -> Floats:
    """Exchange one column's cells between tracks; who has whose does not change afterwards."""
    rng = stream(scene.world.seed, Purpose.FAULT, *_identity(fault, row))
    values = scene.values[row].copy()
    slots = np.flatnonzero(rng.random(values.size) < fault.strength)
    values[slots] = values[rng.permutation(slots)]
    return values


def _identity(fault: Fault, row: int) -> tuple[int, int, int]:
    """What tells the draws of faults apart; their place in the list would depend on others."""
    return list(KINDS).index(fault.kind), row, fault.week


_EFFECTS: Final = MappingProxyType[str, Callable[[Scene, Fault, int], Floats]](
    {
        "scale": _multiply,
        "units": _multiply,
        "slow": _drift,
        "missing": _lose_any,
        "missing_small": _lose_small,
        "copula": _shuffle,
    }
)
