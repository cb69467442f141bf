"""Simulated weeks as files, one after the other."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

from songpop.errors import InputError, expected
from songpop.simulate.correction import correct
from songpop.simulate.dirt import plan_dirt, spoil
from songpop.simulate.draws import Purpose, stream
from songpop.simulate.export import file_name, keep_after, write_export
from songpop.simulate.faults import Fault
from songpop.simulate.roster import World
from songpop.simulate.walk import Step, walk

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
    check_arguments(weeks, tracks, seed, faults)
    _make_folder(out)

    paths: list[Path] = []
    for step in walk(World(seed, tracks), weeks, faults):
        paths += _write_week(out, step, faults)
    for earlier, later in pairwise(paths):
        keep_after(later, earlier)
    return paths


def _write_week(out: Path, step: Step, faults: Sequence[Fault]) -> list[Path]:
    """Write the export of one week, dirty if it is, and its correction if there is one."""
    world, panel, week, values = step.scene.world, step.scene.panel, step.scene.week, step.values
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


def check_arguments(weeks: int, tracks: int, seed: int, faults: Sequence[Fault]) -> None:
    """Refuse what no history can have.

    Raises:
        InputError: a number is out of range, or a fault lies after the last week.
    """
    _check_range("weeks", weeks, 1, WEEKS_MAX)
    _check_range("tracks", tracks, 1, TRACKS_MAX)
    _check_range("seed", seed, 0, SEED_MAX)
    _check_faults(weeks, faults)


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
