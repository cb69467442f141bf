"""Which weeks should have come by now: what a scheduled run tells of exports that are missing."""

import datetime as dt
from collections.abc import Iterable

import duckdb

from songpop.features.calendar import DAYS_PER_WEEK, OFF_CADENCE_DAYS
from songpop.settings import OperationsSettings
from songpop.warehouse.sqlfiles import read_sql

_WEEK = dt.timedelta(days=DAYS_PER_WEEK)


def list_late(
    con: duckdb.DuckDBPyConnection, due: dt.date, settings: OperationsSettings
) -> dict[str, list[dt.date]]:
    """Return each feed's weeks that became late in the seven days up to *due*, oldest first.

    A feed's weeks follow its newest by seven days each, and lie seven days apart before it. One is
    late when ``grace_days`` have gone since it ended and nothing has come within three days of it;
    so a weekly run tells each once, whether or not later weeks have come since. A feed from which
    nothing has come for ``dormant_weeks`` is waited for no longer. The doctor reports every gap.

    Args:
        con: a connection to the private file.
        due: the day on which the run was scheduled.
        settings: grace and dormancy.
    """
    came: dict[str, list[dt.date]] = {}
    for feed, week in con.execute(read_sql("load/weeks_that_came")).fetchall():
        came.setdefault(feed, []).append(week)
    last = due - dt.timedelta(days=settings.grace_days)
    late: dict[str, list[dt.date]] = {}
    for feed, weeks in came.items():
        if due - max(weeks) > (settings.dormant_weeks + 1) * _WEEK:
            continue
        awaited = [
            week
            for week in _list_cadence(min(weeks), max(weeks), last)
            if last - _WEEK < week <= last and not _is_near(week, weeks)
        ]
        if awaited:
            late[feed] = awaited
    return late


def _list_cadence(first: dt.date, newest: dt.date, last: dt.date) -> list[dt.date]:
    """Return the days that end a week, from *first* to *last*, as *newest* sets them."""
    before = (newest - first) // _WEEK
    after = max((last - newest) // _WEEK, 0)
    return [newest + number * _WEEK for number in range(-before, after + 1)]


def _is_near(week: dt.date, weeks: Iterable[dt.date]) -> bool:
    return any(abs((week - other).days) <= OFF_CADENCE_DAYS for other in weeks)
