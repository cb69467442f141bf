"""Which weeks should have come by now: what a scheduled run tells of exports that are missing."""

import datetime as dt

import duckdb

from songpop.features.calendar import DAYS_PER_WEEK
from songpop.settings import OperationsSettings
from songpop.warehouse.sqlfiles import read_sql

_WEEK = dt.timedelta(days=DAYS_PER_WEEK)


def list_late(
    con: duckdb.DuckDBPyConnection, due: dt.date, settings: OperationsSettings
) -> dict[str, list[dt.date]]:
    """Return the weeks of each feed that are late, oldest first; feeds without any are left out.

    A feed's weeks follow its newest by seven days each. One is late when ``grace_days`` have gone
    since it ended. A feed from which nothing has come for ``dormant_weeks`` is waited for no
    longer. Gaps between weeks that did come are the doctor's to report.

    Args:
        con: a connection to the private file.
        due: the day on which the run was scheduled.
        settings: grace and dormancy.
    """
    late: dict[str, list[dt.date]] = {}
    for feed, newest in con.execute(read_sql("load/newest_weeks")).fetchall():
        if due - newest > (settings.dormant_weeks + 1) * _WEEK:
            continue
        last = due - dt.timedelta(days=settings.grace_days)
        missing = [newest + number * _WEEK for number in range(1, settings.dormant_weeks + 1)]
        awaited = [week for week in missing if week <= last]
        if awaited:
            late[feed] = awaited
    return late
