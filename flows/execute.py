"""What the flows have in common: settings, tasks, what they show and what they tell."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from prefect.logging import get_run_logger
from prefect.runtime import flow_run

from flows.artifacts import Progress, leave_artifacts, spared
from flows.fan_out import divide
from flows.notices import Notice, list_last_notices, list_notices, send
from flows.start import read_start
from flows.story import MOST_WEEKS, tell_end, tell_week
from flows.tasks import call_as_task
from songpop.cli.progress import WeekProgress, show_progress
from songpop.cli.summary import print_report
from songpop.pipeline.execute import WeekResult
from songpop.pipeline.plan import Selection
from songpop.pipeline.report import Report, describe_report, describe_week
from songpop.pipeline.runner import Caller, Command, raise_problems, run_weeks
from songpop.pipeline.session import PlannedWeek
from songpop.settings import read_settings
from songpop.warehouse.paths import WarehousePaths

_FURTHER: Final = "further weeks are not told one by one: see mart.weeks"


def execute_as_flow(
    command: Command,
    selection: Selection,
    *,
    landing: str | None,
    warehouse: str | None,
    due: dt.date | None = None,
    is_weekly: bool = False,
) -> Report:
    """Run the selected weeks with each step as a task; leave artifacts, emit events.

    A week's events are sent when it is published, whatever comes after it.

    Args:
        command: ``run`` or ``backfill``.
        selection: the weeks; a scheduled run takes those of its time.
        landing: folder of exports; null for the settings' own.
        warehouse: its folder; null for the settings' own.
        due: the day that the run stands for; null for that of its own schedule.
        is_weekly: whether this is the run that awaits exports, and whose drift may ask for the
            deployment ``retrain`` where the settings leave retraining to it.

    Raises:
        InputError: some files need a person; everything else has been done.
        CheckError: a feed's week failed; the other feeds have been run.
    """
    settings = read_settings(landing=folder(landing), warehouse=folder(warehouse))
    start = read_start(due)
    awaits = is_weekly and selection.week is None
    with show_progress(enabled=True) as bar:
        watch = _Watch(bar, is_weekly and settings.operations.retrain_in == "deployment")
        caller = Caller(
            run_id=flow_run.get_id() or str(uuid.uuid4()),
            now=dt.datetime.now(dt.UTC),
            call=call_as_task,
            score_parts=divide(settings.scoring),
            follow=watch.follow,
            expect=watch.expect,
            finished=watch.finished,
            due=start.due if awaits else None,
        )
        try:
            report = run_weeks(settings, command, start.narrow(selection), caller)
        except BaseException:
            watch.progress.finish("stopped")
            raise
    watch.progress.finish("failed" if report.failures else "done")
    described = describe_report(report, WarehousePaths(settings.warehouse))
    _tell(list_last_notices(described))
    for line in tell_end(described):
        get_run_logger().info(line)
    leave_artifacts(command, settings, described)
    if report.problems or report.failures:
        # The caller gets no report then; a person at a terminal sees what was done all the same.
        print_report(settings, described, as_json=False)
    raise_problems(report)
    return described


@dataclass
class _Watch:
    """Follows a run: on the terminal, on the page of the flow run, in its log and in events."""

    bar: WeekProgress
    wants_retrain: bool
    progress: Progress = field(default_factory=Progress)
    newest: dict[str, dt.date] = field(default_factory=dict[str, dt.date])
    told: int = 0

    def expect(self, plans: list[PlannedWeek]) -> None:
        self.newest = {plan.feed: plan.week for plan in plans}  # weeks come oldest first
        self.bar.expect(plans)
        self.progress.expect(plans)

    def follow(self, plan: PlannedWeek, step: str) -> None:
        self.bar.follow(plan, step)
        self.progress.follow(plan, step)

    def finished(self, result: WeekResult) -> None:
        week = describe_week(result)
        is_newest = self.newest.get(result.feed, dt.date.min).isoformat() == result.week
        _tell(list_notices(week, wants_retrain=self.wants_retrain and is_newest))
        self.told += 1
        if self.told <= MOST_WEEKS:
            get_run_logger().info(tell_week(week))
        elif self.told == MOST_WEEKS + 1:
            get_run_logger().info(_FURTHER)


def _tell(notices: list[Notice]) -> None:
    with spared("an event"):
        send(notices)


def folder(text: str | None) -> Path | None:
    """Return a parameter as a folder; null stays null."""
    return None if text is None else Path(text)
