"""What the flows have in common: settings, tasks, a summary artifact."""

import datetime as dt
import uuid
from pathlib import Path

from prefect.artifacts import create_markdown_artifact
from prefect.runtime import flow_run

from flows.summary import summarise
from flows.tasks import call_as_task
from songpop.cli.progress import show_progress
from songpop.cli.summary import print_report
from songpop.pipeline.plan import Selection
from songpop.pipeline.report import Report, describe_report
from songpop.pipeline.runner import Caller, Command, raise_problems, run_weeks
from songpop.settings import read_settings
from songpop.warehouse.paths import WarehousePaths


def execute_as_flow(
    command: Command, selection: Selection, *, landing: str | None, warehouse: str | None
) -> Report:
    """Run the selected weeks with each step as a task; leave a summary as an artifact.

    Raises:
        InputError: some files need a person; everything else has been done.
        CheckError: a feed's week failed; the other feeds have been run.
    """
    settings = read_settings(landing=_folder(landing), warehouse=_folder(warehouse))
    with show_progress(enabled=True) as progress:
        caller = Caller(
            run_id=flow_run.get_id() or str(uuid.uuid4()),
            now=dt.datetime.now(dt.UTC),
            call=call_as_task,
            follow=progress.follow,
            expect=progress.expect,
        )
        report = run_weeks(settings, command, selection, caller)
    described = describe_report(report, WarehousePaths(settings.warehouse))
    create_markdown_artifact(
        markdown=summarise(described), key=f"{command}-summary", description="what was published"
    )
    if report.problems or report.failures:
        print_report(settings, described, as_json=False)
        raise_problems(report)
    return described


def _folder(text: str | None) -> Path | None:
    return None if text is None else Path(text)
