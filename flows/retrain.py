"""The retrain flow: a challenger for one feed, judged by the gate, outside of the weekly run."""

import datetime as dt

from prefect import flow

from flows.execute import execute_as_flow
from flows.start import name_run
from songpop.pipeline.plan import Selection
from songpop.pipeline.report import Report


@flow(
    name="retrain",
    flow_run_name=name_run,
    retries=0,
    persist_result=False,
    result_serializer="json",
)
def retrain(
    feed: str,
    week: dt.date | None = None,
    landing: str | None = None,
    warehouse: str | None = None,
) -> Report:
    """Train a challenger of a feed on what was known in a week, and let the gate judge it.

    The event ``songpop.drift.detected`` starts it where the settings leave retraining to it
    (``[operations] retrain_in = "deployment"``). If it is promoted, it scores that week.

    Args:
        feed: The feed.
        week: A week that was run. Without one, the feed's newest.
        landing: Folder of exports. Without one, that of the settings.
        warehouse: Warehouse folder. Without one, that of the settings.
    """
    selection = Selection(feed=feed, week=week, force_retrain=True)
    return execute_as_flow("run", selection, landing=landing, warehouse=warehouse)
