"""Simulated weeks as files, one after the other."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import prod
from pathlib import Path
from typing import Final

from songpop.errors import InputError, expected
from songpop.simulate.correction import correct
from songpop.simulate.dirt import plan_dirt, spoil
from songpop.simulate.distort import Held, Scene, distort
from songpop.simulate.draws import Floats, Purpose, stream
from songpop.simulate.export import file_name, keep_after, write_export
from songpop.simulate.faults import Fault
from songpop.simulate.observe import observe
from songpop.simulate.roster import World
from songpop.simulate.tracks import Regime, first_panel, next_panel

WEEKS_MAX: Final = 2_000
TRACKS_MAX: Final = 10_000_000
SEED_MAX: Final = 2**63 - 1


def simulate(
    weeks: int, tracks: int, seed: int, out: Path, faults: Sequence[Fault] = ()
) -> list[Path]:
    """Write *weeks* exports of *tracks* rows each, ``chartmetric-<week>.csv``, into *out*.

    Without faults the history is clean and stationary, but for December. The same arguments give
    the same bytes; the first weeks of a longer history equal a shorter one; a fault changes no byte
    of the weeks before its own. Week 1 ends on 2024-01-05.

    Args:
        weeks: how many weeks, 1 to 2,000.
        tracks: rows a week, 1 to 10,000,000; 3 % of the tracks change from week to week.
        seed: tells histories apart, from 0.
        out: the folder, made where it is missing; files of the same names are replaced.
        faults: what goes wrong, applied in this order.

    Returns:
        The files in the order of writing, in which their modification times increase; a corrected
        file follows the one that it corrects.

    Raises:
        InputError: an argument is out of range, a fault lies after the last week, or *out* is a
            file.
    """
    _check_range("weeks", weeks, 1, WEEKS_MAX)
    _check_range("tracks", tracks, 1, TRACKS_MAX)
    _check_range("seed", seed, 0, SEED_MAX)
    _check_faults(weeks, faults)
    _make_folder(out)

    world = World(seed, tracks)
    paths: list[Path] = []
    panel = first_panel(world, regime_of(1, faults))
    held: Mapping[Fault, Held] = {}
    for week in range(1, weeks + 1):
        if week > 1:
            panel = next_panel(world, panel, week, regime_of(week, faults))
        scene = Scene(world, panel, week, observe(world, panel, week))
        values, held = distort(scene, faults, held)
        paths += _write_week(out, scene, values, faults)
    for earlier, later in pairwise(paths):
        keep_after(later, earlier)
    return paths


def regime_of(week: int, faults: Sequence[Fault]) -> Regime:
    """Return how the world moves in *week*: two concept faults undo each other, mixes add up."""
    concepts = [fault for fault in faults if fault.kind == "concept" and fault.is_on(week)]
    mixes = [fault for fault in faults if fault.kind == "mix" and fault.is_on(week)]
    return Regime(
        is_concept_flipped=len(concepts) % 2 == 1,
        young_share=1.0 - prod(1.0 - fault.strength for fault in mixes),
        replaced_share=1.0 - prod(1.0 - fault.strength for fault in mixes if fault.week == week),
    )


def _write_week(out: Path, scene: Scene, values: Floats, faults: Sequence[Fault]) -> list[Path]:
    """Write the export of one week, dirty if it is, and its correction if there is one."""
    world, panel, week = scene.world, scene.panel, scene.week
    kinds = {fault.kind for fault in faults if fault.is_on(week)}
    edit = None
    if "dirty" in kinds:
        edit = spoil(plan_dirt(stream(world.seed, Purpose.DIRT, week), world.tracks_count))
    path = out / file_name(panel.week_ordinal)
    write_export(path, world, panel, values, edit)
    if "correct" not in kinds:
        return [path]
    corrected = out / file_name(panel.week_ordinal, "-corrected")
    write_export(corrected, world, panel, correct(world, panel, week, values))
    return [path, corrected]


def _check_range(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise InputError(
            expected(f"--{name}", f"{low:,} to {high:,}", f"{value:,}", "choose a number within")
        )


def _check_faults(weeks: int, faults: Sequence[Fault]) -> None:
    for fault in faults:
        if fault.week > weeks:
            raise InputError(
                expected(
                    f"fault {fault.kind}@{fault.week}",
                    f"a week up to {weeks}",
                    str(fault.week),
                    "simulate more weeks or name an earlier one",
                )
            )


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise InputError(
            expected(str(out), "a folder", "a file", "name another with --out")
        ) from error
