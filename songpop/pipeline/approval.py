"""Challengers that passed the gate and wait for a person, where the settings ask for one."""

import datetime as dt
from dataclasses import dataclass

from songpop.errors import InputError, expected
from songpop.pipeline.handover import Handover, Wish, promote_version
from songpop.pipeline.session import Session
from songpop.registry import settle_statuses
from songpop.warehouse.publish import mark_revised, publish
from songpop.warehouse.sqlfiles import read_sql
from songpop.warehouse.writer import transaction

WAITS = "waits for approval"


@dataclass(frozen=True)
class Waiting:
    """A challenger that passed the gate."""

    version: str
    feed: str
    trained_week: dt.date
    decision: str
    """``waits for approval: `` and what the gate found."""
    since: dt.datetime

    @property
    def found(self) -> str:
        """What the gate found, in words."""
        return self.decision.removeprefix(f"{WAITS}: ")


def list_waiting(session: Session) -> list[Waiting]:
    """Return the challengers that wait, oldest first."""
    rows = session.con.execute(read_sql("load/list_waiting")).fetchall()
    return [Waiting(*row) for row in rows]


def approve(session: Session, version: str, because: str) -> Handover:
    """Let a waiting challenger score its feed from the next week on that is run.

    Args:
        session: the warehouse, held for writing.
        version: its name.
        because: why; kept in the registry.

    Raises:
        InputError: it does not wait any longer, or no reason is given.
        ArtefactError: its files are missing or differ from the registry's.
    """
    waiting = _find(session, version)
    done = promote_version(session, version, Wish(because))
    _settle(session, waiting, f"promoted: approved by hand: {done.because}; {waiting.found}")
    publish(session.con, session.paths)
    return done


def decline(session: Session, version: str, because: str) -> None:
    """Keep the champion; see ``approve``."""
    waiting = _find(session, version)
    said = " ".join(because.split())
    if not said:
        raise InputError(expected("the answer", "a reason", "none", "say why, for those who ask"))
    _settle(session, waiting, f"refused: declined by hand: {said}; {waiting.found}")
    publish(session.con, session.paths)


def expire_waiting(session: Session) -> list[Waiting]:
    """Refuse the challengers that nobody decided about in time; return them."""
    hours = session.settings.operations.approval_hours
    earliest = session.now - dt.timedelta(hours=hours)
    expired = [one for one in list_waiting(session) if one.since <= earliest]
    for one in expired:
        _settle(session, one, f"refused: nobody approved it within {hours:g} hours; {one.found}")
    return expired


def _find(session: Session, version: str) -> Waiting:
    for waiting in list_waiting(session):
        if waiting.version == version:
            return waiting
    message = expected(
        f"model {version}",
        "a challenger that waits for approval",
        "none: it was decided about, was replaced, or its time is over",
        "see `songpop models list`",
    )
    raise InputError(message)


def _settle(session: Session, waiting: Waiting, decision: str) -> None:
    key = {"version": waiting.version, "decision": decision}
    with transaction(session.con):
        session.con.execute(read_sql("load/settle_decision"), key)
        settle_statuses(session.con, waiting.feed)
        mark_revised(session.con, [])
