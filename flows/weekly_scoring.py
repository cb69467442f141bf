"""The weekly flow: load what has landed, score it, publish it."""

import datetime as dt

from prefect import flow

from flows.execute import execute_as_flow
from flows.start import name_run
from songpop.pipeline.plan import Selection
from songpop.pipeline.report import Report


@flow(
    name="weekly-scoring",
    flow_run_name=name_run,
    retries=0,
    persist_result=False,
    result_serializer="json",
)
def weekly_scoring(
    week: dt.date | None = None,
    feed: str | None = None,
    landing: str | None = None,
    warehouse: str | None = None,
    force_retrain: bool = False,  # noqa: FBT001, FBT002 - a flow's parameters go by name
    due: dt.date | None = None,
) -> Report:
    """Score one week of one feed, or all that is due; return what was published.

    Args:
        week: The day that ends the week. Without one, every week that has landed and is not scored
            yet is taken, in order; a scheduled run takes those that had ended by its time.
        feed: One feed, or the name that its regions share. Without one, all feeds.
        landing: Folder of exports. Without one, that of the settings.
        warehouse: Warehouse folder. Without one, that of the settings.
        force_retrain: Whether to train a challenger now, due or not.
        due: The day that the run stands for, if it runs in the place of one that crashed.
    """
    selection = Selection(feed=feed, week=week, force_retrain=force_retrain)
    return execute_as_flow(
        "run", selection, landing=landing, warehouse=warehouse, due=due, is_weekly=True
    )
