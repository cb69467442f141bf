"""Who scores a feed, decided by hand: a version is promoted, or the one before is brought back."""

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass

from songpop.errors import InputError, expected
from songpop.pipeline.execute import execute_week
from songpop.pipeline.session import PlannedWeek, Session
from songpop.registry import ModelVersion, champion_as_of, promote, settle_statuses
from songpop.training.scorers import load_scorer
from songpop.warehouse.publish import mark_revised, publish
from songpop.warehouse.sqlfiles import read_sql
from songpop.warehouse.transaction import transaction
from songpop.weekly.write import renew_pages

_SEE_MODELS = "see `songpop models list`"


@dataclass(frozen=True)
class Handover:
    """What a decision by hand came to."""

    feed: str
    version: str
    replaces: str | None
    """The version that scored from that week on until now; null: none did."""
    from_week: dt.date
    because: str
    stale: tuple[dt.date, ...]
    """Weeks from then on that still have the scores of another version."""
    rescored: tuple[dt.date, ...]
    warning: str | None = None
    """What speaks against the version: that it was demoted before; null: nothing."""


@dataclass(frozen=True)
class Wish:
    """What somebody asked for."""

    because: str
    from_week: dt.date | None = None
    """Null: from the next week on that is run."""
    rescore: bool = False
    """Whether weeks from then on that were run are scored again at once."""


def promote_version(session: Session, version: str, wish: Wish) -> Handover:
    """Let a registered version score its feed.

    Args:
        session: the warehouse, held for writing.
        version: its name.
        wish: from when on, and why.

    Raises:
        InputError: the version is unknown, foresees something else than the feed does, learned
            from later weeks, or scores already; the week is not loaded; or no reason is given.
        ArtefactError: its files are missing or differ from the registry's.
    """
    return _hand_over(session, _find(session, version), wish)


def roll_back(session: Session, feed: str, to: str | None, wish: Wish) -> Handover:
    """Bring an earlier champion back.

    Args:
        session: the warehouse, held for writing.
        feed: the feed.
        to: a version; null: the champion before the present one first was.
        wish: from when on, and why.

    Raises:
        InputError: as for ``promote_version``; or the version is of another feed, or there is none
            to go back to.
        ArtefactError: its files are missing or differ from the registry's.
    """
    model = _find(session, to or _find_earlier(session, feed))
    if model.feed != feed:
        message = expected(
            f"model {model.version}",
            f"a version of feed {feed}",
            f"one of {model.feed}",
            _SEE_MODELS,
        )
        raise InputError(message)
    return _hand_over(session, model, wish)


def _find(session: Session, version: str) -> ModelVersion:
    row = session.con.execute(read_sql("load/find_model"), {"version": version}).fetchone()
    if row is None:
        message = expected(f"model {version}", "a registered version", "none", _SEE_MODELS)
        raise InputError(message)
    return ModelVersion(*row)


def _find_earlier(session: Session, feed: str) -> str:
    rows = session.con.execute(read_sql("load/list_champions"), {"feed": feed}).fetchall()
    versions = [version for _, version in rows]
    place = versions.index(versions[-1]) if versions else 0
    if place == 0:
        got = f"{versions[-1]} alone" if versions else "none"
        message = expected(
            f"feed {feed}", "a champion before the present one", got, "name a version with --to"
        )
        raise InputError(message)
    return versions[place - 1]


def _hand_over(session: Session, model: ModelVersion, wish: Wish) -> Handover:
    weeks = _list_run_weeks(session, model.feed)
    from_week = wish.from_week or max(weeks, default=model.trained_week) + dt.timedelta(days=1)
    _check_wish(model, wish, weeks)
    _check_target(session, model)
    load_scorer(session, model)
    before = champion_as_of(session.con, model.feed, from_week, inclusive=True)
    later = _list_later(session, model.feed, from_week)
    if before == model and not later:
        message = expected(
            f"model {model.version}",
            f"one that does not score from {from_week} on already",
            "the champion",
            "name another version or an earlier week",
        )
        raise InputError(message)
    replaces = None if before is None or before == model else before.version
    warning = _warn_of_demotion(session, model)
    because = " ".join(wish.because.split())
    stale_because = f"{model.version} was put in by hand from week {from_week} on"
    with transaction(session.con):
        # What came after is overruled too, or it would score from its own week on.
        for week in (from_week, *later):
            promote(session.con, week, model, because, "hand")
        _keep(session, model, from_week, replaces, because)
        session.con.execute(
            read_sql("load/settle_promoted"), {"version": model.version, "because": because}
        )
        key = {"feed": model.feed, "week": from_week, "because": stale_because}
        session.con.execute(read_sql("load/mark_handed_over"), key)
        settle_statuses(session.con, model.feed)
        mark_revised(session.con, [])
    affected = tuple(week for week in weeks if week >= from_week)
    if wish.rescore:
        _rescore(session, model.feed, affected, stale_because)
    publish(session.con, session.paths)
    with suppress(OSError):  # the decision stands; the next run renews the pages
        renew_pages(session.paths)
    return Handover(
        feed=model.feed,
        version=model.version,
        replaces=replaces,
        from_week=from_week,
        because=because,
        stale=() if wish.rescore else affected,
        rescored=affected if wish.rescore else (),
        warning=warning,
    )


def _warn_of_demotion(session: Session, model: ModelVersion) -> str | None:
    row = session.con.execute(read_sql("load/demotion_of"), {"version": model.version}).fetchone()
    if row is None:
        return None
    return f"{model.version} had been {row[0]}; it is watched again from here on"


def _keep(
    session: Session,
    model: ModelVersion,
    from_week: dt.date,
    replaces: str | None,
    because: str,
) -> None:
    """Add the decision to the history, which keeps it when another overrules it."""
    session.con.execute(
        read_sql("load/insert_hand_decision"),
        {
            "feed": model.feed,
            "week": from_week,
            "version": model.version,
            "replaces": replaces,
            "because": because,
            "applied_at": session.now,
        },
    )


def _rescore(session: Session, feed: str, weeks: tuple[dt.date, ...], stale_because: str) -> None:
    for week in weeks:
        plan = PlannedWeek(feed, week, mode="again", is_last=False, keeps_drift=True)
        execute_week(session, plan)
        key = {"feed": feed, "week": week, "because": stale_because}
        with transaction(session.con):
            session.con.execute(read_sql("load/clear_handed_over"), key)
            mark_revised(session.con, [])


def _list_run_weeks(session: Session, feed: str) -> list[dt.date]:
    rows = session.con.execute(read_sql("load/list_run_weeks"), {"feed": feed}).fetchall()
    return [row[0] for row in rows]


def _list_later(session: Session, feed: str, from_week: dt.date) -> tuple[dt.date, ...]:
    rows = session.con.execute(read_sql("load/list_champions"), {"feed": feed}).fetchall()
    return tuple(sorted({week for week, _ in rows if week > from_week}))


def _check_wish(model: ModelVersion, wish: Wish, weeks: list[dt.date]) -> None:
    if not wish.because.strip():
        raise InputError(expected("--because", "a reason", "none", "say why, for those who ask"))
    week = wish.from_week
    if week is None:
        return
    if week not in weeks:
        message = expected(
            f"--from {week}",
            f"a week of {model.feed} that was run",
            "none",
            "see `songpop sql 'from mart.weeks'`, or leave --from out",
        )
        raise InputError(message)
    if week < model.trained_week:
        message = expected(
            f"--from {week}",
            f"a week from {model.trained_week} on, when {model.version} was trained",
            "an earlier one",
            "name a later week: it knows what came after",
        )
        raise InputError(message)


def _check_target(session: Session, model: ModelVersion) -> None:
    feed = session.settings.feed(model.feed)
    wanted = {(feed.label, feed.horizon_weeks)}
    champion = champion_as_of(session.con, model.feed, dt.date.max, inclusive=True)
    if champion is not None and champion.label == "snapshot":
        # A feed that is too young for what it is set to is scored by what it has.
        wanted.add((champion.label, champion.horizon_weeks))
    if (model.label, model.horizon_weeks) not in wanted:
        message = expected(
            f"model {model.version}",
            f"one for label {feed.label} and horizon {feed.horizon_weeks}, as feed {model.feed} "
            "is set",
            f"label {model.label} and horizon {model.horizon_weeks}",
            "name another version, or change [feeds] in the settings first",
        )
        raise InputError(message)
