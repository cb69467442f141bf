import datetime as dt

import duckdb
import pytest

from songpop.errors import InputError
from songpop.pipeline.plan import Selection, is_part_of, plan_backfill, plan_run
from tests.builders import NOW, make_warehouse, week_number


def add_week(con: duckdb.DuckDBPyConnection, feed: str, week: int, *, was_run: bool) -> None:
    con.execute(
        """
        insert into core.weeks by name
        select $feed as feed, $week as week, 'spotify_charts' as format, 1 as rows_count,
            'x' as content_sha256, if($was_run, 'x', null) as scored_content_sha256,
            false as is_stale, $now as loaded_at, if($was_run, $now, null) as scored_at
        """,
        {"feed": feed, "week": week_number(week), "was_run": was_run, "now": NOW},
    )


def make_weeks() -> duckdb.DuckDBPyConnection:
    con = make_warehouse()
    add_week(con, "f", 1, was_run=True)
    add_week(con, "f", 2, was_run=False)
    add_week(con, "g", 1, was_run=True)
    add_week(con, "g", 3, was_run=False)
    return con


def keys(plans: list[object]) -> list[tuple[str, dt.date]]:
    return [(plan.feed, plan.week) for plan in plans]  # type: ignore[attr-defined] - planned weeks


def test_run_takes_what_is_not_scored_yet_oldest_first() -> None:
    plans = plan_run(make_weeks(), [], Selection())

    assert keys([*plans]) == [("f", week_number(2)), ("g", week_number(3))]
    assert [plan.mode for plan in plans] == ["new", "new"]


def test_week_that_is_named_is_run_again_in_every_feed() -> None:
    plans = plan_run(make_weeks(), [], Selection(week=week_number(1)))

    assert keys([*plans]) == [("f", week_number(1)), ("g", week_number(1))]
    assert {plan.mode for plan in plans} == {"again"}


def test_forced_training_with_nothing_new_takes_each_feeds_newest_week() -> None:
    con = make_warehouse()
    add_week(con, "f", 1, was_run=True)
    add_week(con, "f", 2, was_run=True)
    add_week(con, "g", 1, was_run=True)

    plans = plan_run(con, [], Selection(force_retrain=True))

    assert keys([*plans]) == [("g", week_number(1)), ("f", week_number(2))]
    assert all(plan.force_retrain and plan.mode == "again" for plan in plans)


def test_week_that_is_nowhere_is_an_input_error() -> None:
    with pytest.raises(InputError, match="week 2024-03-07: expected 1 export, got 0"):
        plan_run(make_weeks(), [], Selection(week=week_number(10)))


def test_backfill_replays_every_week_of_its_range_in_order() -> None:
    plans = plan_backfill(make_weeks(), [], Selection(from_week=week_number(2)))

    assert keys([*plans]) == [("f", week_number(2)), ("g", week_number(3))]
    assert {plan.mode for plan in plans} == {"replay"}


def test_backfill_ends_with_the_week_it_is_given() -> None:
    plans = plan_backfill(make_weeks(), [], Selection(to_week=week_number(1)))

    assert keys([*plans]) == [("f", week_number(1)), ("g", week_number(1))]


@pytest.mark.parametrize(
    ("feed", "is_part"),
    [("charts_us", True), ("charts", True), ("chartsy", False), ("other", False)],
)
def test_feed_selects_itself_and_its_regions(feed: str, *, is_part: bool) -> None:
    assert is_part_of(feed, "charts") == is_part
