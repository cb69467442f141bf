import datetime as dt
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from songpop.backtest.origins import list_origins
from songpop.backtest.plan import BacktestPlan
from songpop.settings import TrainingSettings
from songpop.splits import MIN_FIT_WEEKS, WeekBlocks
from tests.builders import week_number


def make_weeks(numbers: Iterable[int]) -> list[dt.date]:
    return [week_number(number) for number in numbers]


def numbers_of(weeks: Sequence[dt.date]) -> list[int]:
    return [1 + (week - week_number(1)).days // 7 for week in weeks]


def list_tested(origins: Iterable[WeekBlocks]) -> list[list[int]]:
    return [numbers_of(origin.test) for origin in origins]


def test_each_origin_learns_from_what_was_known_and_tests_the_weeks_after() -> None:
    origins = list_origins(make_weeks(range(1, 31)), BacktestPlan(block_weeks=13))

    assert list_tested(origins) == [[*range(12, 25)], [*range(25, 31)]]
    first, second = origins
    assert (numbers_of(first.fit), numbers_of(first.calibrate)) == ([1, 2, 3, 4], [8])
    assert numbers_of(second.calibrate)[-1] == 21
    assert second.stop


def test_the_last_origin_tests_what_is_left() -> None:
    plan = BacktestPlan(block_weeks=4)

    assert list_tested(list_origins(make_weeks(range(1, 18)), plan)) == [[12, 13, 14, 15], [16, 17]]


def test_the_first_and_the_last_week_can_be_named() -> None:
    plan = BacktestPlan(from_week=week_number(20), to_week=week_number(24), block_weeks=3)

    assert list_tested(list_origins(make_weeks(range(1, 31)), plan)) == [[20, 21, 22], [23, 24]]


def test_a_first_week_before_there_is_enough_to_learn_from_brings_nothing_forward() -> None:
    plan = BacktestPlan(from_week=week_number(2), block_weeks=2)

    assert list_tested(list_origins(make_weeks(range(1, 14)), plan)) == [[12, 13]]


@pytest.mark.parametrize(("weeks", "count"), [(0, 0), (11, 0), (12, 1)])
def test_too_little_history_gives_no_origin(weeks: int, count: int) -> None:
    assert len(list_origins(make_weeks(range(1, weeks + 1)), BacktestPlan())) == count


def test_the_embargo_can_be_longer_than_the_horizon_but_never_shorter() -> None:
    weeks = make_weeks(range(1, 31))
    longer, shorter = (
        list_origins(weeks, BacktestPlan(embargo_weeks=embargo, from_week=week_number(25)))
        for embargo in (8, 1)
    )

    assert numbers_of(longer[0].calibrate)[-1] == 17
    assert numbers_of(shorter[0].calibrate)[-1] == 21


def test_a_week_without_room_for_calibration_takes_no_others_with_it() -> None:
    # With h = 8, eight known weeks are there from week 16 on, a calibration block from week 20.
    plan = BacktestPlan(horizon_weeks=8, block_weeks=13)

    origins = list_origins(make_weeks(range(1, 31)), plan)

    assert list_tested(origins) == [[*range(20, 31)]]
    assert (numbers_of(origins[0].fit), numbers_of(origins[0].calibrate)) == ([1, 2, 3, 4], [12])


@given(
    st.sets(st.integers(0, 60), max_size=45),
    st.integers(1, 8),
    st.none() | st.integers(1, 12),
    st.integers(1, 13),
    st.integers(0, 60),
)
def test_nothing_is_learned_whose_label_was_unknown_when_the_test_began(
    numbers: set[int], horizon: int, embargo: int | None, block_weeks: int, start: int
) -> None:
    weeks = make_weeks(numbers)
    plan = BacktestPlan(
        horizon_weeks=horizon,
        embargo_weeks=embargo,
        block_weeks=block_weeks,
        from_week=week_number(start),
        to_week=week_number(start + 40),
        training=TrainingSettings(network_matured_weeks=5),
    )

    origins = list_origins(weeks, plan)

    every = [week for origin in origins for week in origin.test]
    assert every == sorted(set(every))
    assert set(every) <= set(weeks)
    assert all(week_number(start) <= week <= week_number(start + 40) for week in every)
    assert list_origins(sorted(weeks, reverse=True), plan) == origins
    for origin in origins:
        assert origin.seen_until is not None
        assert origin.seen_until + dt.timedelta(weeks=plan.gap_weeks) <= origin.test[0]
        assert origin.calibrate
        assert len(origin.fit) >= MIN_FIT_WEEKS
        assert len(origin.test) <= block_weeks
    assert all(len(origin.test) == block_weeks for origin in origins[:-1])
