"""From a command's options to its report: open, discover, plan, execute."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from songpop.errors import InputError
from songpop.formats.registry import load_formats
from songpop.pipeline.discover import Discovery, Hints, discover
from songpop.pipeline.execute import (
    CallStep,
    Follow,
    WeekResult,
    call_plainly,
    execute_week,
    ignore_progress,
)
from songpop.pipeline.plan import Selection, plan_backfill, plan_run
from songpop.pipeline.session import PlannedWeek, Session
from songpop.settings import Settings
from songpop.warehouse.publish import publish
from songpop.warehouse.sqlfiles import read_sql
from songpop.warehouse.writer import open_writer

Command = Literal["run", "backfill"]
Expect = Callable[[list[PlannedWeek]], None]


def ignore_plans(plans: list[PlannedWeek]) -> None:
    """Show nothing."""
    del plans


@dataclass(frozen=True)
class QuarantineCount:
    """Rows of one export that are kept aside for one reason."""

    feed: str | None
    week: dt.date | None
    file_name: str
    status: str
    reason: str
    rows_count: int
    first_line: int


@dataclass(frozen=True)
class RunReport:
    """What a run or a backfill came to."""

    weeks: tuple[WeekResult, ...]
    known_count: int
    ignored: tuple[str, ...]
    problems: tuple[str, ...]
    stale: dict[str, list[str]]
    """Stale weeks by feed, oldest first."""
    quarantined: tuple[QuarantineCount, ...]
    """What this run's exports lost to the quarantine, by reason."""

    @property
    def is_new(self) -> bool:
        """Whether there was anything to do."""
        return bool(self.weeks)


@dataclass(frozen=True)
class Caller:
    """Who runs, and how: the run's id, its time, how steps are called, who watches."""

    run_id: str
    now: dt.datetime
    call: CallStep = call_plainly
    follow: Follow = ignore_progress
    expect: Expect = ignore_plans
    """Told once which weeks will be run."""


def run_weeks(
    settings: Settings, command: Command, selection: Selection, caller: Caller
) -> RunReport:
    """Run what a command selects.

    A publication that an earlier, killed run left undone is made first. Files that cannot be
    placed are reported after everything else has been done.

    Raises:
        InputError: the named week is neither landed nor loaded.
        BusyError: another process writes to this warehouse.
        CheckError: a check failed; the week it concerns was not written.
    """
    formats = load_formats(settings.formats_dir)
    purpose = f"songpop {command}"
    with open_writer(settings, formats, purpose, caller.now) as con:
        session = Session(settings, formats, con, caller.run_id, caller.now)
        publish(con, session.paths)
        discovery = discover(session, Hints(selection.feed, selection.week))
        plans = _plan(session, command, selection, discovery)
        caller.expect(plans)
        results = tuple(execute_week(session, plan, caller.call, caller.follow) for plan in plans)
        return RunReport(
            weeks=results,
            known_count=discovery.known_count,
            ignored=discovery.ignored,
            problems=discovery.problems,
            stale=_list_stale(session),
            quarantined=_count_quarantined(session),
        )


def _plan(
    session: Session, command: Command, selection: Selection, discovery: Discovery
) -> list[PlannedWeek]:
    if command == "backfill":
        return plan_backfill(session.con, discovery.arriving, selection)
    try:
        return plan_run(session.con, discovery.arriving, selection)
    except InputError as error:
        if discovery.problems:
            raise InputError("\n".join([*discovery.problems, str(error)])) from error
        raise


def _list_stale(session: Session) -> dict[str, list[str]]:
    stale: dict[str, list[str]] = {}
    for feed, week in session.con.execute(read_sql("load/list_all_stale")).fetchall():
        stale.setdefault(feed, []).append(week.isoformat())
    return stale


def _count_quarantined(session: Session) -> tuple[QuarantineCount, ...]:
    rows = session.con.execute(
        read_sql("marts/quarantine_summary"), {"run_id": session.run_id}
    ).fetchall()
    return tuple(QuarantineCount(*row) for row in rows)


def describe_problems(report: RunReport) -> str:
    """Return the messages of the files that a person has to put right, one a line."""
    if len(report.problems) == 1:
        return report.problems[0]
    heading = f"{len(report.problems)} files need a person"
    return "\n".join([heading, *report.problems])
