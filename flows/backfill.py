"""The backfill flow: weeks in order, as if each had been run in its week."""

import datetime as dt

from prefect import flow

from flows.execute import execute_as_flow
from songpop.pipeline.plan import Selection
from songpop.pipeline.report import Report


@flow(name="backfill", retries=0, persist_result=False)
def backfill(
    from_week: dt.date | None = None,
    to_week: dt.date | None = None,
    feed: str | None = None,
    landing: str | None = None,
    warehouse: str | None = None,
) -> Report:
    """Run the weeks from *from_week* to *to_week* (all without) in order; return the report."""
    selection = Selection(feed=feed, from_week=from_week, to_week=to_week)
    return execute_as_flow("backfill", selection, landing=landing, warehouse=warehouse)
