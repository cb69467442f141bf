from collections.abc import Sequence

import numpy as np
import polars as pl

from songpop.reasons.cohort import SAMPLE_TRACKS_COUNT, Rows, find_cohort
from songpop.warehouse.parts import Parts


def make_week(ages: Sequence[int | None]) -> pl.DataFrame:
    """Return keys and ages in days."""
    return pl.DataFrame(
        {
            "track_id": [f"T{place:06d}" for place in range(len(ages))],
            "age_days__log": pl.Series(ages, dtype=pl.Float64).log1p().cast(pl.Float32),
        }
    )


def samples_of(week: pl.DataFrame) -> tuple[Rows, ...]:
    return find_cohort(Parts.of(week)).samples


def test_age_steps_end_at_four_weeks_a_quarter_a_year_and_five_years() -> None:
    ages = [0, 27, 28, 90, 91, 364, 365, 1824, 1825, 40_000, None]

    assert find_cohort(Parts.of(make_week(ages))).groups.tolist() == [
        1,
        1,
        2,
        2,
        3,
        3,
        4,
        4,
        5,
        5,
        0,
    ]


def test_without_ages_all_tracks_are_compared_with_the_week() -> None:
    cohort = find_cohort(Parts.of(make_week([1, 2, 3]).drop("age_days__log")))

    assert cohort.groups.tolist() == [0, 0, 0]
    assert cohort.samples[0].tolist() == [0, 1, 2]


def test_small_groups_are_taken_whole() -> None:
    cohort = find_cohort(Parts.of(make_week([1, 400, 2, None])))

    assert [sample.tolist() for sample in cohort.samples] == [
        [0, 1, 2, 3],
        [0, 2],
        [],
        [],
        [1],
        [],
    ]
    assert all(cohort.is_whole)


def test_a_large_group_is_thinned_evenly_to_the_bound() -> None:
    cohort = find_cohort(Parts.of(make_week([5] * (3 * SAMPLE_TRACKS_COUNT) + [400] * 60)))

    assert [sample.size for sample in cohort.samples] == [
        SAMPLE_TRACKS_COUNT,
        SAMPLE_TRACKS_COUNT,
        0,
        0,
        60,
        0,
    ]
    assert cohort.is_whole == (False, False, True, True, True, True)
    assert set(np.diff(cohort.samples[1])) == {3}


def test_samples_do_not_depend_on_the_order_of_the_rows() -> None:
    week = make_week([5] * (SAMPLE_TRACKS_COUNT + 500) + [400] * 60)
    order = np.random.default_rng(3).permutation(week.height)
    keys, shuffled = week["track_id"], week["track_id"].gather(order)
    pairs = zip(samples_of(week), samples_of(week[order]), strict=True)

    assert all(keys.gather(one).equals(shuffled.gather(other)) for one, other in pairs)
