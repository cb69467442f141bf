"""Runs that nobody will end: those that died with their server before it had heard of them."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import StateType
from prefect.states import Crashed

TAG: Final = "songpop"
"""What ``deployments/prefect.yaml`` tags every deployment with."""
LOST_AFTER: Final = dt.timedelta(days=2)
"""Longer than any run takes."""
_MESSAGE: Final = "it has been running for more than two days: it died with its server"


def end_lost_runs(now: dt.datetime) -> Iterator[str]:
    """Mark as crashed the runs that still run after ``LOST_AFTER``; yield a line about each.

    What dies alone is found by its missing heartbeat; where the server died too, it may never have
    heard one.
    """
    long_running = FlowRunFilter(
        tags=FlowRunFilterTags(all_=[TAG]),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.RUNNING])),
        start_time=FlowRunFilterStartTime.model_validate({"before_": now - LOST_AFTER}),
    )
    with get_client(sync_client=True) as client:
        for run in client.read_flow_runs(flow_run_filter=long_running):
            client.set_flow_run_state(run.id, Crashed(message=_MESSAGE), force=True)
            yield f"lost run:    {run.name}, marked as crashed"
