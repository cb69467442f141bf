import datetime as dt
from uuid import UUID

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.states import Running

from flows.lost import LOST_AFTER, TAG, end_lost_runs
from flows.maintenance import maintenance

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("prefect_server")]

SOON = dt.timedelta(minutes=10)


def begin(name: str, *tags: str) -> UUID:
    with get_client(sync_client=True) as client:
        run = client.create_flow_run(maintenance, name=name, tags=list(tags), state=Running())
    return run.id


def state_of(run_id: UUID) -> State:
    with get_client(sync_client=True) as client:
        state = client.read_flow_run(run_id).state
    assert state is not None
    return state


def test_run_that_nobody_will_end_is_marked_as_crashed() -> None:
    lost, foreign = begin("lost", TAG), begin("foreign")
    now = dt.datetime.now(dt.UTC)

    assert list(end_lost_runs(now + LOST_AFTER - SOON)) == []
    told = list(end_lost_runs(now + LOST_AFTER + SOON))

    assert told == ["lost run:    lost, marked as crashed"]
    assert state_of(lost).is_crashed()
    assert "two days" in str(state_of(lost).message)
    assert state_of(foreign).is_running()
