"""Run planned weeks: the one place where the sequence of steps is written."""

import datetime as dt
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

import duckdb

from songpop.errors import InputError, expected
from songpop.formats.spec import FormatSpec
from songpop.ingest.arrive import Arrival
from songpop.pipeline.session import Outcome, PlannedWeek, Session, WeekRun
from songpop.pipeline.steps import STEPS, Facts, Step
from songpop.warehouse.sqlfiles import read_sql

CallStep = Callable[[Step, WeekRun], Facts]
"""How a step is run: plainly, or as a task of an orchestrator."""

Follow = Callable[[PlannedWeek, str], None]
"""Told before each step which week is at which step, for a progress display."""


@dataclass(frozen=True)
class ModelDecision:
    """A model version that was trained in a week, and what became of it."""

    feed: str
    week: dt.date
    version: str
    kind: str
    label: str
    because: str
    """Why it was trained: ``first``, ``drift``, ``refresh`` or ``forced``."""
    decision: str
    """``promoted``, ``refused`` or ``waits for approval``, a colon, and why."""


@dataclass(frozen=True)
class WeekResult:
    """What a week came to."""

    feed: str
    week: str
    outcome: Outcome
    mode: str
    arrivals: tuple[Arrival, ...]
    rows: int
    scored: int
    high: int
    model_version: str | None
    is_provisional: bool
    drift: str | None
    """Decision about drift; null where the week was not judged."""
    drift_reasons: tuple[str, ...]
    model_warning: str | None
    training: str | None
    stale_weeks: tuple[str, ...]
    problems: tuple[str, ...]
    page: str | None
    """The week's page; null where none was written."""
    page_problem: str | None
    """Why it could not be."""
    seconds: dict[str, float]
    models: tuple[ModelDecision, ...] = ()
    """What the run trained in the week."""
    untrained: str | None = None
    """Why a retraining that drift asked for did not come about; null where it did, or none was."""


def call_plainly(step: Step, run: WeekRun) -> Facts:
    """Run a step in this process, with nothing around it."""
    return step.run(run)


def ignore_progress(plan: PlannedWeek, step: str) -> None:
    """Show nothing."""
    del plan, step


def execute_weeks(
    session: Session,
    plans: Iterable[PlannedWeek],
    call: CallStep = call_plainly,
    follow: Follow = ignore_progress,
) -> list[WeekResult]:
    """Run weeks in the given order; each is committed and published before the next begins."""
    return [execute_week(session, plan, call, follow) for plan in plans]


def execute_week(
    session: Session,
    plan: PlannedWeek,
    call: CallStep = call_plainly,
    follow: Follow = ignore_progress,
) -> WeekResult:
    """Run one week.

    Args:
        session: the warehouse, held for writing.
        plan: the week, its new exports and how it is run.
        call: how each step is run.
        follow: told before each step.

    Returns:
        What the week came to. When a step before the publication fails, nothing of the week is
        written; a failed publication is made good by the next run.
    """
    run = WeekRun(session, plan, _format_of(session, plan))
    seconds: dict[str, float] = {}
    try:
        for step in STEPS:
            follow(plan, step.name)
            started = time.perf_counter()
            call(step, run)
            seconds[step.name] = time.perf_counter() - started
    except BaseException:
        _roll_back(session)
        raise
    return _describe(run, seconds)


def _roll_back(session: Session) -> None:
    # Publication runs after the commit, when there is no transaction left.
    with suppress(duckdb.TransactionException):
        session.con.rollback()


def _format_of(session: Session, plan: PlannedWeek) -> FormatSpec:
    if plan.exports:
        return session.formats[plan.exports[0].identity.format_name]
    row = session.con.execute(
        read_sql("load/week_format"), {"feed": plan.feed, "week": plan.week}
    ).fetchone()
    if row is None or row[0] not in session.formats:
        got = "no such week" if row is None else f"the unknown format {row[0]}"
        message = expected(
            plan.name, "a loaded week of a known format", got, "see formats_dir in the settings"
        )
        raise InputError(message)
    return session.formats[row[0]]


def _list_models(run: WeekRun) -> tuple[ModelDecision, ...]:
    key = {**run.key, "run_id": run.session.run_id}
    rows = run.session.con.execute(read_sql("marts/models_of_run"), key).fetchall()
    return tuple(ModelDecision(*row) for row in rows)


def _describe(run: WeekRun, seconds: dict[str, float]) -> WeekResult:
    return WeekResult(
        feed=run.plan.feed,
        week=run.plan.week.isoformat(),
        outcome=run.outcome,
        mode=run.plan.mode,
        arrivals=tuple(run.arrivals),
        rows=run.rows_count or 0,
        scored=0 if run.scored is None else run.scored.count,
        high=0 if run.scored is None else run.scored.high,
        model_version=None if run.model is None else run.model.version,
        is_provisional=run.model is not None and run.model.is_provisional,
        drift=None if run.drift is None else run.drift.decision,
        drift_reasons=run.drift_reasons,
        model_warning=None if run.model is None else run.model.warning,
        training=run.training,
        stale_weeks=tuple(week.isoformat() for week in run.stale_weeks),
        problems=run.problems,
        page=run.page,
        page_problem=run.page_problem,
        models=_list_models(run),
        seconds={name: round(value, 4) for name, value in seconds.items()},
        untrained=run.untrained,
    )
