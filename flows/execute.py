"""What the flows have in common: settings, tasks, what they show and what they tell."""

import datetime as dt
import uuid
from pathlib import Path

from prefect.logging import get_run_logger
from prefect.runtime import flow_run

from flows.artifacts import Progress, leave_artifacts
from flows.notices import list_notices, send
from flows.start import read_start
from flows.story import MOST_WEEKS, tell_end, tell_week
from flows.tasks import call_as_task
from songpop.cli.progress import show_progress
from songpop.pipeline.execute import WeekResult
from songpop.pipeline.plan import Selection
from songpop.pipeline.report import Report, describe_report, describe_week
from songpop.pipeline.runner import Caller, Command, raise_problems, run_weeks
from songpop.settings import read_settings
from songpop.warehouse.paths import WarehousePaths


def execute_as_flow(
    command: Command,
    selection: Selection,
    *,
    landing: str | None,
    warehouse: str | None,
    may_retrain: bool = False,
) -> Report:
    """Run the selected weeks with each step as a task; leave artifacts, emit events.

    Args:
        command: ``run`` or ``backfill``.
        selection: the weeks; a scheduled run takes those of its time.
        landing: folder of exports; null for the settings' own.
        warehouse: its folder; null for the settings' own.
        may_retrain: whether drift may ask for the deployment ``retrain``, if the settings leave
            retraining to it.

    Raises:
        InputError: some files need a person; everything else has been done.
        CheckError: a feed's week failed; the other feeds have been run.
    """
    settings = read_settings(landing=folder(landing), warehouse=folder(warehouse))
    start = read_start()
    with show_progress(enabled=True) as bar:
        progress = Progress(bar.follow)
        caller = Caller(
            run_id=flow_run.get_id() or str(uuid.uuid4()),
            now=dt.datetime.now(dt.UTC),
            call=call_as_task,
            follow=progress.follow,
            expect=lambda plans: (bar.expect(plans), progress.expect(plans))[0],
            finished=_Log().write,
            due=start.due,
        )
        report = run_weeks(settings, command, start.narrow(selection), caller)
        progress.finish()
    described = describe_report(report, WarehousePaths(settings.warehouse))
    for line in tell_end(described):
        get_run_logger().info(line)
    leave_artifacts(command, settings, described)
    wants_retrain = may_retrain and settings.operations.retrain_in == "deployment"
    send(list_notices(described, wants_retrain=wants_retrain))
    raise_problems(report)
    return described


class _Log:
    """The weeks' lines in the log of the flow run, as many as a screen holds."""

    def __init__(self) -> None:
        self._written = 0

    def write(self, result: WeekResult) -> None:
        self._written += 1
        if self._written <= MOST_WEEKS:
            get_run_logger().info(tell_week(describe_week(result)))
        elif self._written == MOST_WEEKS + 1:
            get_run_logger().info("further weeks are not told one by one: see mart.weeks")


def folder(text: str | None) -> Path | None:
    """Return a parameter as a folder; null stays null."""
    return None if text is None else Path(text)
