"""The maintenance flow: what is old goes, files shrink, and a backup is made and tried."""

import datetime as dt

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.logging import get_run_logger

from flows.artifacts import spared
from flows.execute import folder
from flows.lost import end_lost_runs
from flows.start import name_run
from flows.summary import escape
from songpop.cli.backup import describe_maintenance, tell_maintenance
from songpop.maintenance.maintain import maintain
from songpop.pipeline.report import Report
from songpop.settings import read_settings


@flow(
    name="maintenance",
    flow_run_name=name_run,
    retries=0,
    persist_result=False,
    result_serializer="json",
)
def maintenance(warehouse: str | None = None) -> Report:
    """Do what keeps a warehouse small and safe; return what was removed and saved.

    Args:
        warehouse: Warehouse folder. Without one, that of the settings.
    """
    settings = read_settings(warehouse=folder(warehouse))
    report = maintain(settings, dt.datetime.now(dt.UTC))
    lines = list(tell_maintenance(report))
    with spared("the end of lost runs"):
        lines += end_lost_runs(dt.datetime.now(dt.UTC))
    for line in lines:
        get_run_logger().info(line)
    with spared("the summary"):
        create_markdown_artifact(
            markdown="\n".join(["# Maintenance", "", *(f"- {escape(line)}" for line in lines), ""]),
            key="maintenance-summary",
            description="what was removed, saved and backed up",
        )
    return describe_maintenance(report)
