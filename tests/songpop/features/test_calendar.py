import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from songpop.features.calendar import nearest_week

TARGET = dt.date(2024, 6, 13)


def day(offset_days: int) -> dt.date:
    return TARGET + dt.timedelta(days=offset_days)


def test_a_week_on_cadence_counts_before_one_off_it() -> None:
    assert nearest_week([day(-1), day(0), day(1)], TARGET) == TARGET


def test_a_week_three_days_off_counts_and_four_days_off_does_not() -> None:
    assert nearest_week([day(3), day(-4)], TARGET) == day(3)
    assert nearest_week([day(4), day(-4)], TARGET) is None


def test_the_earlier_of_two_equally_near_weeks_counts() -> None:
    assert nearest_week([day(2), day(-2)], TARGET) == day(-2)


def test_without_loaded_weeks_none_counts() -> None:
    assert nearest_week([], TARGET) is None


@given(st.lists(st.integers(-20, 20)))
def test_no_loaded_week_is_nearer_whatever_their_order(offsets: list[int]) -> None:
    found = nearest_week(map(day, offsets), TARGET)
    off_days = 4 if found is None else abs((found - TARGET).days)

    assert all(abs(offset) >= off_days for offset in offsets)
    assert found == nearest_week(map(day, reversed(offsets)), TARGET)
