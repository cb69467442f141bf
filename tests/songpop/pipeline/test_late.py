import datetime as dt

import duckdb
import pytest

from songpop.pipeline.late import list_late
from songpop.settings import OperationsSettings
from tests.builders import NOW, make_warehouse, week_number

SETTINGS = OperationsSettings(grace_days=3, dormant_weeks=4)


def add_week(con: duckdb.DuckDBPyConnection, number: int) -> None:
    con.execute(
        "insert into core.weeks (feed, week, format, rows_count, content_sha256, is_stale, "
        "loaded_at) values ('f', $week, 'x', 1, '', false, $now)",
        {"week": week_number(number), "now": NOW},
    )


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    con = make_warehouse()
    for number in (1, 2):
        add_week(con, number)
    return con


def late_weeks(con: duckdb.DuckDBPyConnection, days: int) -> list[dt.date]:
    """Return what is late so many days after week 2."""
    return list_late(con, week_number(2) + dt.timedelta(days=days), SETTINGS).get("f", [])


@pytest.mark.parametrize(
    ("days", "weeks"), [(0, []), (9, []), (10, [3]), (16, [3]), (17, [4]), (31, [6])]
)
def test_week_is_late_for_seven_days_once_its_grace_is_over(
    con: duckdb.DuckDBPyConnection, days: int, weeks: list[int]
) -> None:
    assert late_weeks(con, days) == [week_number(number) for number in weeks]


def test_every_weekly_schedule_tells_a_missing_week_once(con: duckdb.DuckDBPyConnection) -> None:
    told: list[dt.date] = []
    for number in (3, 4, 5):
        if number != 3:
            add_week(con, number)
        told += late_weeks(con, 7 * (number - 2) + 1)

    assert told == [week_number(3)]


@pytest.mark.parametrize(("days", "is_awaited"), [(35, True), (36, False)])
def test_dormant_feed_is_waited_for_no_longer(
    con: duckdb.DuckDBPyConnection,
    days: int,
    is_awaited: bool,  # noqa: FBT001 - a case
) -> None:
    assert bool(late_weeks(con, days)) == is_awaited


def test_run_of_the_past_awaits_nothing(con: duckdb.DuckDBPyConnection) -> None:
    assert late_weeks(con, -7) == []


def test_refused_export_did_come(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "insert into raw.exports (sha256, feed, week, file_name, size_bytes, rows_read, loaded, "
        "duplicate, quarantined, status, changed_text_count, changed_metric_count, "
        "damaged_text_count, falling_counter_count, arrival_number, loaded_at) "
        "values ('s', 'f', $week, 'x.csv', 9, 1, 0, 0, 1, 'refused', 0, 0, 0, 0, 1, $now)",
        {"week": week_number(3), "now": NOW},
    )

    assert late_weeks(con, 10) == []
