import numpy as np
import pytest

from songpop.simulate.faults import parse_fault
from songpop.simulate.roster import World
from songpop.simulate.walk import Step, first_step, next_step, regime_of, walk, with_faults

WORLD = World(seed=7, tracks_count=200)
LASTING = [
    "scale:TikTok Views:2@4",
    "missing:Shazam Counts:0.2@4",
    "frozen:YouTube Views@4",
    "slow:Pandora Streams:2@4",
    "copula@4",
    "mix@4",
    "concept@4",
]


def _same(one: Step, other: Step) -> bool:
    return one.scene.week == other.scene.week and np.array_equal(
        one.values, other.values, equal_nan=True
    )


def test_weeks_count_from_one() -> None:
    assert [step.scene.week for step in walk(WORLD, 3)] == [1, 2, 3]


@pytest.mark.parametrize("fault", LASTING)
def test_a_history_that_branches_off_equals_one_that_had_the_fault_from_the_start(
    fault: str,
) -> None:
    faults = [parse_fault(fault)]
    *_, past = walk(WORLD, 3)
    step = with_faults(past, faults)
    whole = list(walk(WORLD, 5, faults))

    assert _same(past, whole[2])
    for expected in whole[3:]:
        step = next_step(step, faults)
        assert _same(step, expected)


def test_what_a_step_has_does_not_change_when_the_next_one_is_made() -> None:
    step = first_step(WORLD)
    before = step.values.copy()
    next_step(step, [parse_fault("copula@2")])

    assert np.array_equal(step.values, before, equal_nan=True)


def test_two_concept_faults_undo_each_other_and_mixes_add_up() -> None:
    faults = [parse_fault(text) for text in ("concept@2", "concept@4", "mix::0.5@3", "mix::0.5@5")]

    assert [regime_of(week, faults).is_concept_flipped for week in (1, 2, 3, 4)] == [
        False,
        True,
        True,
        False,
    ]
    assert [regime_of(week, faults).young_share for week in (2, 3, 5)] == [0.0, 0.5, 0.75]
    assert [regime_of(week, faults).replaced_share for week in (3, 4, 5)] == [0.5, 0.0, 0.5]
