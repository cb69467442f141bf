"""Challengers that passed the gate and wait for a person, where the settings ask for one."""

import datetime as dt
from dataclasses import dataclass

from songpop.errors import InputError, expected
from songpop.pipeline.handover import Handover, Wish, promote_version
from songpop.pipeline.session import Session
from songpop.registry import WAITS, champion_as_of, settle_statuses
from songpop.settings import Settings
from songpop.warehouse.publish import mark_revised, publish
from songpop.warehouse.sqlfiles import read_sql
from songpop.warehouse.transaction import transaction


@dataclass(frozen=True)
class Waiting:
    """A challenger that passed the gate."""

    version: str
    feed: str
    trained_week: dt.date
    decision: str
    """``waits for approval: `` and what the gate found."""
    since: dt.datetime
    rival: str | None
    """The champion that it was compared with."""

    @property
    def found(self) -> str:
        """What the gate found, in words."""
        return self.decision.removeprefix(f"{WAITS}: ")

    def until(self, settings: Settings) -> dt.datetime:
        """Return when the champion stays for good."""
        return self.since + dt.timedelta(hours=settings.operations.approval_hours)


def list_waiting(session: Session) -> list[Waiting]:
    """Return the challengers that wait, oldest first."""
    rows = session.con.execute(read_sql("load/list_waiting")).fetchall()
    return [Waiting(*row) for row in rows]


def find_waiting(session: Session, version: str) -> Waiting:
    """Return a challenger that a person may still decide about.

    Raises:
        InputError: it does not wait, its time is over, or the champion that it was compared with
            scores no longer.
    """
    for waiting in list_waiting(session):
        if waiting.version == version:
            _check_open(session, waiting)
            return waiting
    raise InputError(_say_closed(version, "none: it was decided about or replaced"))


def _check_open(session: Session, waiting: Waiting) -> None:
    if session.now >= waiting.until(session.settings):
        raise InputError(_say_closed(waiting.version, "one whose time is over"))
    champion = champion_as_of(session.con, waiting.feed, dt.date.max, inclusive=True)
    if waiting.rival is not None and champion is not None and champion.version != waiting.rival:
        got = f"one that was compared with {waiting.rival}; now {champion.version} is champion"
        raise InputError(_say_closed(waiting.version, got))


def _say_closed(version: str, got: str) -> str:
    wanted = "a challenger that waits for approval"
    return expected(f"model {version}", wanted, got, "see `songpop models list`")


def approve(session: Session, version: str, because: str) -> Handover:
    """Let a waiting challenger score its feed from the next week on that is run.

    Args:
        session: the warehouse, held for writing.
        version: its name.
        because: why; kept in the registry.

    Raises:
        InputError: as for ``find_waiting``; or no reason is given.
        ArtefactError: its files are missing or differ from the registry's.
    """
    find_waiting(session, version)
    return promote_version(session, version, Wish(because))


def decline(session: Session, version: str, because: str) -> None:
    """Keep the champion; see ``approve``."""
    waiting = find_waiting(session, version)
    said = " ".join(because.split())
    if not said:
        raise InputError(expected("the answer", "a reason", "none", "say why, for those who ask"))
    _settle(session, waiting, f"refused: declined by hand: {said}; {waiting.found}")
    publish(session.con, session.paths)


def expire_waiting(session: Session) -> tuple[Waiting, ...]:
    """Refuse the challengers that nobody decided about in time; return them."""
    waiting = list_waiting(session)
    expired = tuple(one for one in waiting if session.now >= one.until(session.settings))
    hours = session.settings.operations.approval_hours
    for one in expired:
        _settle(session, one, f"refused: nobody approved it within {hours:g} hours; {one.found}")
    return expired


def _settle(session: Session, waiting: Waiting, decision: str) -> None:
    key = {"version": waiting.version, "decision": decision}
    with transaction(session.con):
        session.con.execute(read_sql("load/settle_decision"), key)
        settle_statuses(session.con, waiting.feed)
        mark_revised(session.con, [])
