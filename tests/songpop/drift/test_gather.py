"""What the checks of a week read from the warehouse."""

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from songpop.drift.gather import (
    ProfileCache,
    WeekRows,
    add_first_seen,
    gather_domain,
    gather_loss,
    gather_references,
    last_accepted_week,
    make_profile,
    read_weights,
)
from songpop.drift.references import References
from songpop.drift.store import write_profile
from songpop.formats.spec import FormatSpec
from songpop.warehouse.frames import registered
from tests.builders import week_number
from tests.songpop.drift import builders
from tests.songpop.drift.builders import (
    FEED,
    FOLLOWERS,
    METRICS,
    SPEC,
    STREAMS,
    load_week,
    make_rows,
    make_small_warehouse,
    make_spec,
    same_profile,
    store_weeks,
)
from tests.songpop.warehouse.make_warehouse import make_healthy


def references_of(
    weeks: range, week: int, *, held: tuple[int, ...] = (), trained_on: tuple[int, ...] = ()
) -> References:
    con = make_small_warehouse()
    store_weeks(con, *weeks, held=held, load=True)
    learned = [week_number(number) for number in trained_on]
    return gather_references(con, FEED, week_number(week), learned, {})


def weeks_of(profiles: tuple[builders.WeekProfile, ...]) -> list[dt.date]:
    return [profile.week for profile in profiles]


def test_first_week_is_compared_with_none() -> None:
    con = make_small_warehouse()

    assert last_accepted_week(con, FEED, week_number(1)) is None
    found = gather_references(con, FEED, week_number(1), (), {})
    assert (found.training, found.recent, found.year_ago, found.held) == ((), (), (), None)


@pytest.mark.parametrize(("week", "last"), [(4, 3), (5, 3), (107, 3), (108, None)])
def test_last_accepted_week_lies_at_most_two_years_back(week: int, last: int | None) -> None:
    con = make_small_warehouse()
    store_weeks(con, 1, 2, 3, load=True)

    found = last_accepted_week(con, FEED, week_number(week))

    assert found == (None if last is None else week_number(last))


def test_fault_that_lasts_for_months_is_still_compared_with_the_week_before_it() -> None:
    con = make_small_warehouse()
    store_weeks(con, *range(1, 31), held=range(4, 31), load=True)

    assert last_accepted_week(con, FEED, week_number(31)) == week_number(3)
    references = gather_references(con, FEED, week_number(31), (), {})
    assert weeks_of(references.recent) == [week_number(week) for week in (1, 2, 3)]
    assert references.held is not None
    assert references.held.week == week_number(30)


def test_gap_among_quarantined_weeks_changes_nothing() -> None:
    con = make_small_warehouse()
    store_weeks(con, *range(1, 6), *range(20, 25), held=(*range(4, 6), *range(20, 25)), load=True)

    assert last_accepted_week(con, FEED, week_number(6)) == week_number(3)
    assert last_accepted_week(con, FEED, week_number(25)) == week_number(3)


def test_training_weeks_are_the_newest_that_the_champion_learned_from() -> None:
    found = references_of(range(1, 41), 41, trained_on=tuple(range(1, 31)))

    assert weeks_of(found.training) == [week_number(week) for week in range(5, 31)]


@pytest.mark.parametrize("trained_on", [(), (1, 2)])
def test_newest_accepted_weeks_stand_for_training_weeks_that_are_too_few(
    trained_on: tuple[int, ...],
) -> None:
    found = references_of(range(1, 21), 21, held=(18,), trained_on=trained_on)

    assert weeks_of(found.training) == [week_number(week) for week in (*range(7, 18), 19, 20)]


def test_quarantined_weeks_serve_no_reference() -> None:
    found = references_of(range(1, 9), 9, held=(4,), trained_on=(1, 2, 3, 4, 5))

    assert week_number(4) not in weeks_of(found.training)
    assert week_number(4) not in weeks_of(found.recent)
    assert found.held is None


def test_only_the_week_just_before_can_be_the_held_one() -> None:
    just_before = references_of(range(1, 9), 9, held=(8,))
    earlier = references_of(range(1, 9), 9, held=(7,))

    assert just_before.held is not None
    assert earlier.held is None


def test_recent_weeks_are_the_last_eight() -> None:
    found = references_of(range(1, 21), 21)

    assert weeks_of(found.recent) == [week_number(week) for week in range(13, 21)]
    assert found.last is not None
    assert found.last.week == week_number(20)


def test_season_is_51_to_53_weeks_ago() -> None:
    found = references_of(range(1, 61), 57)

    assert weeks_of(found.year_ago) == [week_number(week) for week in (4, 5, 6)]


def test_nothing_later_than_the_week_is_read() -> None:
    found = references_of(range(1, 61), 10, trained_on=tuple(range(1, 60)))

    everything = (*found.training, *found.recent, *found.year_ago)
    assert max(weeks_of(everything)) == week_number(9)


def test_profiles_are_read_once_a_session() -> None:
    con = make_small_warehouse()
    store_weeks(con, 1, 2, 3, load=True)
    cache: ProfileCache = {}
    first = gather_references(con, FEED, week_number(4), (), cache)
    con.execute("delete from core.column_profiles")

    again = gather_references(con, FEED, week_number(4), (), cache)

    assert again.training == first.training
    assert sorted(cache) == [(FEED, week_number(week)) for week in (1, 2, 3)]


def profile_of(
    con: builders.duckdb.DuckDBPyConnection,
    week: int,
    rows: pl.DataFrame,
    spec: FormatSpec,
    layouts: tuple[str, ...] = ("whole",),
) -> builders.WeekProfile:
    """Profile rows that are staged and not loaded yet."""
    with registered(con, "rows_to_stage", rows):
        con.execute("create or replace temp table staged as from rows_to_stage")
    where = WeekRows(FEED, week_number(week), rows.height, layouts, ("staged",))
    return make_profile(con, where, spec)


def loaded_profile_of(
    con: builders.duckdb.DuckDBPyConnection, week: int, rows_count: int, spec: FormatSpec
) -> builders.WeekProfile:
    return make_profile(con, WeekRows(FEED, week_number(week), rows_count, ("whole",)), spec)


def test_changes_count_from_the_last_accepted_week() -> None:
    con = make_small_warehouse()
    load_week(con, 1, make_rows([100, 100]))
    store_weeks(con, 2, held=(2,))

    found = profile_of(con, 3, make_rows([300, 300, 5]), SPEC)

    assert (found.before_week, found.common_count) == (week_number(1), 2)
    assert found.columns[STREAMS].median_log_ratio == pytest.approx(np.log(301 / 101))


def test_metrics_that_no_layout_of_the_week_has_are_absent() -> None:
    con, rows = make_small_warehouse(), make_rows([1])

    short = profile_of(con, 1, rows, SPEC, ("short",))
    both = profile_of(con, 1, rows, SPEC, ("short", "whole"))

    assert list(short.columns) == [STREAMS]
    assert list(both.columns) == list(METRICS)


def test_week_without_release_dates_looks_the_same_before_it_is_loaded_and_after() -> None:
    spec = make_spec(has_release=False)
    con = make_small_warehouse(spec)
    for week in (1, 2, 3):
        rows = make_rows([1] * 10, first=week)

        staged = profile_of(con, week, rows, spec)
        load_week(con, week, rows)
        loaded = loaded_profile_of(con, week, rows.height, spec)

        assert same_profile(staged, loaded)
        assert staged.ages.tolist() == [week - 1, 0, 0, 0, 0, 11 - week]


def test_tracks_of_the_first_week_of_a_feed_never_come_of_age() -> None:
    spec = make_spec(has_release=False)
    con = make_small_warehouse(spec)
    load_week(con, 1, make_rows([1] * 10))

    for week in (2, 6, 60):
        assert profile_of(con, week, make_rows([1] * 10), spec).ages.tolist() == [0] * 5 + [10]


def test_first_sightings_keep_the_rows_and_their_order() -> None:
    seen = pl.DataFrame(
        {"track_id": ["t2", "t0"], "first_seen_week": [week_number(3), week_number(1)]}
    )

    found = add_first_seen(make_rows([1, 2, 3]), seen, week_number(9))

    assert found["track_id"].to_list() == ["t0", "t1", "t2"]
    assert found["first_seen_week"].to_list() == [None, week_number(9), week_number(3)]


def test_sample_for_the_classifier_needs_a_loaded_week_and_the_one_before() -> None:
    con = make_small_warehouse()
    load_week(con, 1, make_rows([9, 9]))
    load_week(con, 2, make_rows([19, 19], metrics={FOLLOWERS: [1, 2]}))
    first = profile_of(con, 1, make_rows([9, 9]), SPEC)
    second = profile_of(con, 2, make_rows([19, 19]), SPEC)
    third = profile_of(con, 3, make_rows([1]), SPEC)

    sample = gather_domain(con, FEED, second, SPEC, 100)

    assert sample is not None
    assert sample.values[:, 1] == pytest.approx(np.log(2))
    assert gather_domain(con, FEED, None, SPEC, 100) is None
    assert gather_domain(con, FEED, first, SPEC, 100) is None
    assert gather_domain(con, FEED, third, SPEC, 100) is None  # never loaded


def test_loss_is_that_of_the_newest_week_whose_labels_matured(tmp_path: Path) -> None:
    _, con = make_healthy(tmp_path)

    found = gather_loss(con, "us", week_number(6), "level")

    assert found is not None
    assert (found.week, found.model_version, found.rows_count) == (week_number(2), "us-1", 3)
    assert gather_loss(con, "us", week_number(5), "level") is None
    assert gather_loss(con, "us", week_number(6), "growth") is None
    con.close()


def test_weights_are_shares_of_the_reasons_of_the_last_scored_week_before(tmp_path: Path) -> None:
    _, con = make_healthy(tmp_path)

    weights = read_weights(con, "us", week_number(7))

    assert weights == pytest.approx({"Streams": 5 / 7, "Age": 2 / 7})
    assert read_weights(con, "us", week_number(2)) == {}
    con.close()


def test_profile_of_a_week_that_is_not_loaded_is_no_recent_week() -> None:
    con = make_small_warehouse()
    store_weeks(con, 1, 2, 3, load=True)
    write_profile(con, "other", builders.make_profile(1), is_accepted=True)

    assert gather_references(con, "other", week_number(2), (), {}).last is None  # not loaded
