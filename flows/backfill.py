"""The backfill flow: weeks in order, as if each had been run in its week."""

import datetime as dt

from prefect import flow

from flows.execute import execute_as_flow
from flows.start import name_run
from songpop.pipeline.plan import Selection
from songpop.pipeline.report import Report


@flow(
    name="backfill",
    flow_run_name=name_run,
    retries=0,
    persist_result=False,
    result_serializer="json",
)
def backfill(
    from_week: dt.date | None = None,
    to_week: dt.date | None = None,
    feed: str | None = None,
    landing: str | None = None,
    warehouse: str | None = None,
) -> Report:
    """Run weeks in order, each with the model of its time; return what was published.

    Args:
        from_week: The first week. Without one, the oldest.
        to_week: The last week. Without one, the newest.
        feed: One feed. Without one, all feeds.
        landing: Folder of exports. Without one, that of the settings.
        warehouse: Warehouse folder. Without one, that of the settings.
    """
    selection = Selection(feed=feed, from_week=from_week, to_week=to_week)
    return execute_as_flow("backfill", selection, landing=landing, warehouse=warehouse)
