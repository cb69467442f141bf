"""Letting in a week that was kept out as implausible: what a person knows to be true."""

import datetime as dt

from songpop.errors import InputError, expected
from songpop.pipeline.discover import find_retryable
from songpop.pipeline.session import Session
from songpop.warehouse.publish import mark_revised
from songpop.warehouse.sqlfiles import read_sql
from songpop.warehouse.transaction import transaction


def accept_week(session: Session, feed: str, week: dt.date, because: str) -> tuple[str, ...]:
    """Record that the files of a week that were kept out are to be let in, by a retry afterwards.

    Args:
        session: the warehouse, held for writing.
        feed: the feed.
        week: the day that ends the week.
        because: why, for whoever asks later.

    Returns:
        The names of the exports that were kept out.

    Raises:
        InputError: nothing of the week was kept out, or its file no longer lies in the landing
            folder.
    """
    con = session.con
    key: dict[str, object] = {"feed": feed, "week": week}
    held = dict(con.execute(read_sql("drift/held_exports"), key).fetchall())
    names = tuple(held.values())
    if not held:
        message = expected(
            f"{feed} {week}",
            "a week that is quarantined as implausible",
            "none",
            "see `songpop sql \"from ml.drift_weeks where decision = 'quarantine'\"`",
        )
        raise InputError(message)
    found = find_retryable(session, feed, None, week)
    if held.keys().isdisjoint(export.sha256 for export in found.arriving):
        message = expected(
            f"{feed} {week}",
            f"{names[0]} in {session.settings.landing_dir}",
            "no such file, or another content",
            "put it back or pass --landing",
        )
        raise InputError(message)
    with transaction(con):
        con.execute(read_sql("drift/delete_accepted_week"), key)
        con.execute(
            read_sql("drift/insert_accepted_week"),
            {
                **key,
                "sha256s": sorted(held),
                "because": because,
                "applied_at": session.now,
            },
        )
        mark_revised(con, [])
    return names
