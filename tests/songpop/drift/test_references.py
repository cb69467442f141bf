import pytest

from songpop.drift.bins import Counts
from songpop.drift.profile import WeekProfile
from songpop.drift.references import FEWEST_WEEKS, References, columns_of, compare_with
from tests.songpop.drift.builders import LIKES, STREAMS, make_column, make_profile, spread


def pick(week: WeekProfile) -> Counts | None:
    column = week.columns.get(STREAMS)
    return None if column is None else column.level


def week_at(start: int, number: int = 1) -> WeekProfile:
    return make_profile(number, make_column(level=spread(start=start)))


def test_two_weeks_of_training_cannot_say_what_is_usual() -> None:
    two, three = (tuple(week_at(100) for _ in range(count)) for count in (2, FEWEST_WEEKS))

    assert compare_with(week_at(100), References(training=two), pick) is None
    assert compare_with(week_at(100), References(training=three), pick) is not None


def test_weeks_that_lack_the_column_do_not_count() -> None:
    other = make_profile(1, make_column(LIKES))
    empty = make_profile(1, make_column(level=spread(0)))
    weeks = (week_at(100), week_at(100), other, empty)

    assert compare_with(week_at(100), References(training=weeks), pick) is None
    assert compare_with(other, References(training=(week_at(100),) * 3), pick) is None
    assert compare_with(empty, References(training=(week_at(100),) * 3), pick) is None


def test_distance_is_from_all_training_weeks_together() -> None:
    training = tuple(week_at(start) for start in (98, 100, 102))

    found = compare_with(week_at(110), References(training=training), pick)

    assert found is not None
    assert found.distance.statistic == pytest.approx(0.1, abs=0.01)
    assert found.year_ago is None


def test_usual_is_what_one_week_in_ten_exceeds() -> None:
    calm = (week_at(100),) * 20
    odd = week_at(140)

    one_odd = compare_with(week_at(100), References(training=(*calm, odd)), pick)
    many_odd = compare_with(week_at(100), References(training=(*calm, *(odd,) * 5)), pick)

    assert one_odd is not None
    assert many_odd is not None
    assert one_odd.usual < 0.05
    assert many_odd.usual > 0.3


def test_usual_distance_of_a_week_is_from_the_others_without_itself() -> None:
    references = References(training=(week_at(100), week_at(100), week_at(130)))

    found = compare_with(week_at(100), references, pick)

    # The odd week is 0.30 from the others, each of these 0.15 from the rest.
    assert found is not None
    assert found.usual == pytest.approx(0.15 + 0.8 * 0.15)


def test_season_is_the_nearest_of_the_weeks_a_year_ago() -> None:
    references = References(
        training=(week_at(100),) * 3, year_ago=tuple(week_at(start) for start in (150, 115, 90))
    )

    found = compare_with(week_at(120), references, pick)

    assert found is not None
    assert found.year_ago == pytest.approx(0.05)


def test_rows_of_a_reference_are_those_of_its_largest_week_and_not_of_all() -> None:
    three, many = (References(training=(week_at(100),) * count) for count in (3, 26))

    found = [compare_with(week_at(106), references, pick) for references in (three, many)]

    assert found[0] is not None
    assert found[1] is not None
    assert found[0].distance.p_value == pytest.approx(found[1].distance.p_value)


def test_last_is_the_newest_recent_week() -> None:
    assert References().last is None
    assert References(recent=(week_at(100, 1), week_at(100, 2))).last is not None
    assert References(recent=(one := week_at(100, 1), two := week_at(100, 2))).last is two
    assert one is not two


def test_columns_of_leaves_out_weeks_without_the_column() -> None:
    with_it, without = week_at(100), make_profile(1, make_column(LIKES))

    assert columns_of((with_it, without), STREAMS) == [(with_it, with_it.columns[STREAMS])]
