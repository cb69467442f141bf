"""The weekly flow: load what has landed, score it, publish it."""

import datetime as dt

from prefect import flow

from flows.execute import execute_as_flow
from songpop.pipeline.plan import Selection
from songpop.pipeline.report import Report


@flow(name="weekly-scoring", retries=0, persist_result=False)
def weekly_scoring(
    week: dt.date | None = None,
    feed: str | None = None,
    landing: str | None = None,
    warehouse: str | None = None,
    force_retrain: bool = False,  # noqa: FBT001, FBT002 - a flow's parameters go by name
) -> Report:
    """Score one week of *feed* (all feeds without one); return what was published.

    Without *week*, every week that has landed and is not scored yet is taken, in order.
    """
    selection = Selection(feed=feed, week=week, force_retrain=force_retrain)
    return execute_as_flow("run", selection, landing=landing, warehouse=warehouse)
