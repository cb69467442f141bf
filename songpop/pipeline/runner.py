"""From a command's options to its report: open, discover, plan, execute."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from songpop.errors import ArtefactError, CheckError, InputError, expected, list_names
from songpop.formats.registry import load_formats
from songpop.model.partition import ScoreParts
from songpop.pipeline.approval import Waiting, expire_waiting
from songpop.pipeline.discover import Discovery, Hints, discover, find_retryable, reconsider
from songpop.pipeline.execute import (
    CallStep,
    Follow,
    WeekResult,
    call_plainly,
    execute_week,
    ignore_progress,
)
from songpop.pipeline.late import list_late
from songpop.pipeline.plan import (
    Selection,
    is_part_of,
    plan_arriving,
    plan_backfill,
    plan_run,
)
from songpop.pipeline.platforms import load_platform_exports, make_own_weeks
from songpop.pipeline.session import PlannedWeek, Session
from songpop.pipeline.steps import try_pages
from songpop.pipeline.weeks import list_stale
from songpop.platforms.load import renew_weeks
from songpop.platforms.outcome import PlatformsResult
from songpop.settings import Settings
from songpop.warehouse.publish import publish
from songpop.warehouse.sqlfiles import read_sql
from songpop.warehouse.writer import open_writer
from songpop.weekly.write import make_up_pages

Command = Literal["run", "backfill", "retry"]
Expect = Callable[[list[PlannedWeek]], None]
Finished = Callable[[WeekResult], None]


def ignore_plans(plans: list[PlannedWeek]) -> None:
    """Show nothing."""
    del plans


def ignore_result(result: WeekResult) -> None:
    """Show nothing."""
    del result


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
    """One message for each file that a person has to put right."""
    failures: tuple[str, ...]
    """One message for each feed that was left at a week that failed."""
    stale: dict[str, list[str]]
    """Stale weeks by feed, oldest first."""
    quarantined: tuple[QuarantineCount, ...]
    """What this run's exports lost to the quarantine, by reason."""
    expired: tuple[Waiting, ...] = ()
    """Challengers that nobody approved in time."""
    late: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Weeks by feed whose exports should have come by the day the run was due, oldest first."""
    platforms: PlatformsResult = field(default_factory=PlatformsResult)
    """Exports of platforms that were loaded before the weeks, and those that wait."""

    pages: tuple[str, ...] = ()
    """Pages that earlier runs should have written, and this one has."""
    page_problem: str | None = None
    """Why they could not be."""

    @property
    def is_new(self) -> bool:
        """Whether there was anything to do."""
        return bool(self.weeks or self.platforms.files or self.platforms.own_weeks.emptied)


@dataclass(frozen=True)
class Caller:
    """Who runs, and how: the run's id, its time, how steps are called, who watches."""

    run_id: str
    now: dt.datetime
    call: CallStep = call_plainly
    follow: Follow = ignore_progress
    expect: Expect = ignore_plans
    """Told once which weeks will be run."""
    finished: Finished = ignore_result
    """Told of each week once it is published."""
    score_parts: ScoreParts | None = None
    """Who scores the parts of large weeks; null: this process."""
    due: dt.date | None = None
    """The day for which the run was scheduled; null: no week is awaited."""


def run_weeks(
    settings: Settings, command: Command, selection: Selection, caller: Caller
) -> RunReport:
    """Run what a command selects.

    A publication that an earlier, killed run left undone is made first. Files that cannot be
    placed are reported after everything else has been done.

    Raises:
        InputError: the named week is neither landed nor loaded.
        BusyError: another process writes to this warehouse.
    """
    formats = load_formats(settings.formats_dir)
    purpose = f"songpop {command}"
    with open_writer(settings, formats, purpose, caller.now) as con:
        session = Session(
            settings, formats, con, caller.run_id, caller.now, score_parts=caller.score_parts
        )
        expired = expire_waiting(session)
        renew_weeks(con, settings)
        publish(con, session.paths)
        discovery = _discover(session, command, selection)
        platforms = load_platform_exports(session, discovery.platforms, selection.week)
        platforms = replace(platforms, own_weeks=make_own_weeks(session, selection.feed))
        if platforms.own_weeks.written_count or platforms.own_weeks.emptied:
            more = _discover(session, command, selection)
            discovery = replace(discovery, arriving=more.arriving)
        plans = _plan(session, command, selection, discovery)
        if not plans and selection.feed is not None:
            _check_feed(session, selection.feed, discovery)
        caller.expect(plans)
        results, problems, failures = _execute(session, plans, caller)
        reported = {result.feed for result in results}
        pages, page_problem = try_pages(
            "pages of earlier runs", lambda: make_up_pages(session.paths, reported)
        )
        return RunReport(
            weeks=results,
            failures=failures,
            known_count=discovery.known_count,
            ignored=discovery.ignored,
            problems=(*discovery.problems, *platforms.problems, *problems),
            stale=_name_stale(session),
            quarantined=_count_quarantined(session),
            expired=expired,
            late={} if caller.due is None else _name_late(session, caller.due, selection),
            platforms=platforms,
            pages=tuple(str(page) for page in pages),
            page_problem=page_problem,
        )


def _execute(
    session: Session, plans: list[PlannedWeek], caller: Caller
) -> tuple[tuple[WeekResult, ...], tuple[str, ...], tuple[str, ...]]:
    """Run the weeks; a file that cannot be read costs its week, a failed check its feed."""
    results: list[WeekResult] = []
    problems: list[str] = []
    failures: dict[str, str] = {}
    for plan in plans:
        if plan.feed in failures:
            continue
        try:
            results.append(execute_week(session, plan, caller.call, caller.follow))
            caller.finished(results[-1])
            problems += results[-1].problems
        except InputError as error:
            problems.append(str(error))
        except (CheckError, ArtefactError) as error:
            failures[plan.feed] = f"{plan.name}: {error}"
    return tuple(results), tuple(problems), tuple(failures.values())


def _discover(session: Session, command: Command, selection: Selection) -> Discovery:
    if command == "retry":
        return find_retryable(session, selection.feed, selection.file_name, selection.week)
    feed = selection.feed
    if command == "backfill" and feed in _loaded_feeds(session):
        feed = None  # it selects; a name of one's own is given by the run that loads a file
    found = discover(session, Hints(feed, selection.week))
    again = reconsider(session, with_empty_weeks=command == "backfill")
    # One that was refused and has another name now arrives under that name.
    anew = {export.sha256 for export in found.arriving}
    again = [export for export in again if export.sha256 not in anew]
    return replace(found, arriving=(*again, *found.arriving))


def _loaded_feeds(session: Session) -> list[str]:
    rows = session.con.execute(read_sql("load/list_weeks"), {"feed": None}).fetchall()
    return sorted({row[0] for row in rows})


def _check_feed(session: Session, feed: str, discovery: Discovery) -> None:
    """Raise an InputError if nothing loaded, known or landed belongs to *feed*."""
    loaded = _loaded_feeds(session)
    if discovery.problems or any(is_part_of(known, feed) for known in loaded):
        return
    wanted = "a feed that is loaded or has landed"
    got = f"neither; loaded are {list_names(loaded)}" if loaded else "neither"
    raise InputError(expected(f"--feed {feed}", wanted, got, "mend the name, or land its exports"))


def _plan(
    session: Session, command: Command, selection: Selection, discovery: Discovery
) -> list[PlannedWeek]:
    if command == "retry":
        return plan_arriving(session.con, discovery.arriving)
    if command == "backfill":
        return plan_backfill(session.con, discovery.arriving, selection)
    try:
        return plan_run(session.con, discovery.arriving, selection)
    except InputError as error:
        if discovery.platforms:
            return []  # --week may be that of these alone
        if discovery.problems:
            raise InputError("\n".join([*discovery.problems, str(error)])) from error
        raise


def _name_stale(session: Session) -> dict[str, list[str]]:
    stale = list_stale(session.con)
    return {feed: [week.isoformat() for week in weeks] for feed, weeks in stale.items()}


def _count_quarantined(session: Session) -> tuple[QuarantineCount, ...]:
    key = {"run_id": session.run_id}
    rows = session.con.execute(read_sql("marts/quarantine_summary"), key).fetchall()
    return tuple(QuarantineCount(*row) for row in rows)


def _name_late(session: Session, due: dt.date, selection: Selection) -> dict[str, list[str]]:
    late = list_late(session.con, due, session.settings.operations)
    return {
        feed: [week.isoformat() for week in weeks]
        for feed, weeks in late.items()
        if selection.feed is None or is_part_of(feed, selection.feed)
    }


def raise_problems(report: RunReport) -> None:
    """Raise what went wrong in a run whose other weeks and feeds were done; else do nothing.

    Raises:
        CheckError: a week of some feed failed; that feed was left there.
        InputError: files need a person, one message each.
    """
    if report.failures:
        raise CheckError("\n".join([*report.failures, *report.problems]))
    if len(report.problems) == 1:
        raise InputError(report.problems[0])
    if report.problems:
        heading = f"{len(report.problems)} files need a person"
        raise InputError("\n".join([heading, *report.problems]))
