"""How people put things right: taking a week, or a whole feed, out again."""

import datetime as dt
import shutil

from songpop.errors import InputError, expected
from songpop.pipeline.session import Session
from songpop.pipeline.weeks import (
    keep_superseded,
    mark_later_stale,
    mark_sisters_stale,
    read_week_state,
    update_history,
)
from songpop.registry import forget_week, settle_statuses
from songpop.warehouse.publish import mark_revised, publish
from songpop.warehouse.sqlfiles import read_sql
from songpop.warehouse.transaction import transaction
from songpop.weekly.write import remove_pages


def unload_week(session: Session, feed: str, week: dt.date) -> tuple[dt.date, ...]:
    """Take a week's rows, scores and labels out, and publish that.

    Its scores are kept in mart.superseded_scores. Its exports stay known by name, with the status
    ``unloaded``, so that the same files add nothing by themselves; ``songpop quarantine retry``
    brings them back.

    Args:
        session: the warehouse, held for writing.
        feed: the feed.
        week: the day that ends the week.

    Returns:
        The later weeks of the feed that are stale now; those of sister feeds are stale as well.

    Raises:
        InputError: the week is not loaded.
    """
    con = session.con
    if read_week_state(con, feed, week) is None:
        message = expected(
            f"{feed} {week}", "a loaded week", "none", "see `songpop sql 'from mart.data_quality'`"
        )
        raise InputError(message)
    key: dict[str, object] = {"feed": feed, "week": week}
    with transaction(con):
        _mark_sisters(session, feed, week, f"week {week} was unloaded")
        matured = [
            row[0] for row in con.execute(read_sql("load/labels_matured_by"), key).fetchall()
        ]
        keep_superseded(con, key, None, session.now, f"week {week} was unloaded")
        for name in (
            "unload_exports",
            "delete_week_rows",
            "delete_falling",
            "delete_scores",
            "delete_labels_around",
            "delete_week",
        ):
            con.execute(read_sql(f"load/{name}"), key)
        for name in (
            "delete_profile",
            "delete_column_profiles",
            "delete_score_profiles",
            "delete_matured_losses",
            "delete_verdicts",
            "delete_decision",
            "delete_accepted_week",
        ):
            con.execute(read_sql(f"drift/{name}"), key)
        session.profiles.pop((feed, week), None)
        forget_week(con, feed, week)
        settle_statuses(con, feed)
        update_history(con, feed, week, rows_left=True)
        stale = mark_later_stale(con, feed, week, f"week {week} was unloaded")
        mark_revised(con, [(feed, changed) for changed in sorted({week, *matured})])
    publish(con, session.paths)
    remove_pages(session.paths, feed, week)
    return stale


def _mark_sisters(session: Session, feed: str, week: dt.date, because: str) -> None:
    """Mark what sister feeds made of a week that is still loaded, if its format is still known."""
    row = session.con.execute(read_sql("load/week_format"), {"feed": feed, "week": week}).fetchone()
    spec = None if row is None else session.formats.get(row[0])
    if spec is not None:
        mark_sisters_stale(session.con, feed, week, spec, because)


_TABLES_BY_EXPORT = ("raw.quarantine", "raw.differences")
_TABLES_BY_FEED = (
    "raw.exports",
    "core.weeks",
    "core.track_weeks",
    "core.track_history",
    "core.falling_counters",
    "core.week_profiles",
    "core.column_profiles",
    "core.score_profiles",
    "core.matured_losses",
    "core.accepted_weeks",
    "ml.backtests",
    "ml.labels",
    "ml.models",
    "ml.champions",
    "ml.hand_decisions",
    "ml.drift",
    "ml.drift_weeks",
    "ml.runs",
    "mart.weekly_scores",
    "mart.superseded_scores",
)
_TABLES_BY_BACKTEST = ("ml.backtest_figures", "ml.backtest_differences", "ml.backtest_intervals")


def remove_feed(session: Session, feed: str) -> int:
    """Remove a whole feed: its rows, scores, models, backtests, records and published files.

    Backtests of several regions together stay: they are not of this feed alone.

    Args:
        session: the warehouse, held for writing.
        feed: the feed.

    Returns:
        How many weeks it had; 0 where the feed is unknown.
    """
    con = session.con
    weeks = [row[1] for row in con.execute(read_sql("load/list_weeks"), {"feed": feed}).fetchall()]
    earlier = con.execute(read_sql("load/superseded_weeks"), {"feed": feed}).fetchall()
    with transaction(con):
        if weeks:
            _mark_sisters(session, feed, weeks[0], f"week {weeks[0]} and all later were removed")
        # The table names are the closed lists above.
        for table in _TABLES_BY_EXPORT:
            con.execute(
                f"delete from {table} where sha256 in "  # noqa: S608 - closed list
                "(select sha256 from raw.exports where feed = $feed)",
                {"feed": feed},
            )
        for table in _TABLES_BY_BACKTEST:
            con.execute(
                f"delete from {table} where backtest_id in "  # noqa: S608 - closed list
                "(select backtest_id from ml.backtests where feed = $feed)",
                {"feed": feed},
            )
        for table in _TABLES_BY_FEED:
            con.execute(f"delete from {table} where feed = $feed", {"feed": feed})  # noqa: S608 - closed list
        mark_revised(con, [(feed, week) for week in {*weeks, *(row[0] for row in earlier)}])
    publish(con, session.paths)
    shutil.rmtree(session.paths.models / feed, ignore_errors=True)
    remove_pages(session.paths, feed)
    return len(weeks)
