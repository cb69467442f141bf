"""One simulated week after the other, in memory.

A week is immutable, so that several futures can begin from one past.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod

from songpop.simulate.distort import Held, Scene, distort
from songpop.simulate.draws import Floats
from songpop.simulate.faults import Fault
from songpop.simulate.observe import observe
from songpop.simulate.panel import Panel
from songpop.simulate.roster import World
from songpop.simulate.tracks import Regime, first_panel, next_panel


@dataclass(frozen=True, slots=True)
class Step:
    """One simulated week.

    Attributes:
        scene: the world, the tracks, the week's number, and what was observed before any fault.
        values: (22, n) what the export says, in the order of ``columns.NUMBERS``.
        held: what frozen faults repeat next week.
    """

    scene: Scene
    values: Floats
    held: Mapping[Fault, Held]


def walk(world: World, weeks: int, faults: Sequence[Fault] = ()) -> Iterator[Step]:
    """Yield *weeks* weeks of *world* from week 1 on."""
    step = first_step(world, faults)
    yield step
    for _ in range(1, weeks):
        step = next_step(step, faults)
        yield step


def first_step(world: World, faults: Sequence[Fault] = ()) -> Step:
    """Return week 1."""
    return _observe(world, first_panel(world, regime_of(1, faults)), 1, faults, {})


def next_step(step: Step, faults: Sequence[Fault] = ()) -> Step:
    """Return the week after *step*.

    Args:
        step: a week that was made with the same faults, or see ``with_faults``.
        faults: every fault of the history, past and future.
    """
    world, week = step.scene.world, step.scene.week + 1
    panel = next_panel(world, step.scene.panel, week, regime_of(week, faults))
    return _observe(world, panel, week, faults, step.held)


def with_faults(step: Step, faults: Sequence[Fault]) -> Step:
    """Return a week without faults as if *faults*, all of later weeks, had been asked for."""
    values, held = distort(step.scene, faults, {})
    return replace(step, values=values, held=held)


def regime_of(week: int, faults: Sequence[Fault]) -> Regime:
    """Return how the world moves in *week*: two concept faults undo each other, mixes add up."""
    concepts = [fault for fault in faults if fault.kind == "concept" and fault.is_on(week)]
    mixes = [fault for fault in faults if fault.kind == "mix" and fault.is_on(week)]
    return Regime(
        is_concept_flipped=len(concepts) % 2 == 1,
        young_share=1.0 - prod(1.0 - fault.strength for fault in mixes),
        replaced_share=1.0 - prod(1.0 - fault.strength for fault in mixes if fault.week == week),
    )


def _observe(
    world: World, panel: Panel, week: int, faults: Sequence[Fault], held: Mapping[Fault, Held]
) -> Step:
    scene = Scene(world, panel, week, observe(world, panel, week))
    values, holding = distort(scene, faults, held)
    return Step(scene, values, holding)
