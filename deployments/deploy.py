"""``make deploy``: the work pool, the deployments and the automations, as often as one likes."""

import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TextIO
from uuid import UUID

import yaml
from prefect.blocks.core import Block
from prefect.blocks.notifications import CustomWebhookNotificationBlock
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateName,
)
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import ObjectAlreadyExists, PrefectHTTPStatusError
from prefect.settings import PREFECT_API_URL

from deployments.automations import apply, list_automations
from deployments.local import API_URL, POOL, ROOT
from songpop.errors import InputError, expected

FILE: Final = ROOT / "deployments" / "prefect.yaml"
WAIT_SECONDS: Final = 60.0
"""How long a server that was just started may take to answer."""
PLAN_SECONDS: Final = 30.0
"""How long its scheduler may take; it looks at changed deployments every 5 seconds."""
NOTIFY_BLOCK: Final = "SONGPOP_NOTIFY_BLOCK"
"""Environment variable: an existing notification block, like ``slack-webhook/ops``."""
NOTIFY_URL: Final = "SONGPOP_NOTIFY_URL"
"""Environment variable: an address that takes a JSON object with ``text``, as Slack's do."""
_OWN_BLOCK: Final = "songpop-notify"


def main() -> None:
    """Register everything with the server of PREFECT_API_URL; exit 2 where there is none."""
    try:
        _check_server()
        with get_client(sync_client=True) as client:
            _make_pool(client)
            _deploy()
            ids = _read_ids(client)
            block = _find_block()
            automations = list_automations(ids, block)
            apply(client, automations)
            planned = _wait_for_plans(client, ids)
    except InputError as error:
        _say(f"songpop: {error}", stream=sys.stderr)
        sys.exit(error.exit_code)
    _say(f"{len(ids)} deployments and {len(automations)} automations are registered.")
    for name, at in planned.items():
        _say(f"{name} runs next on {at.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC.")
    if block is None:
        _say(f"Notifications stay as they are: {NOTIFY_URL} or {NOTIFY_BLOCK} would set them.")
    _say("Next: `make worker`, then prefect deployment run 'weekly-scoring/weekly' --watch")


def _check_server() -> None:
    url = PREFECT_API_URL.value()
    if url is None:
        remedy = f"start `make server`, then export PREFECT_API_URL={API_URL}"
        raise InputError(expected("PREFECT_API_URL", "a server's address", "none", remedy))
    error = _wait_for_server()
    if error is not None:
        remedy = "start it (`make server`), or mend PREFECT_API_URL and PREFECT_API_AUTH_STRING"
        raise InputError(expected(f"server {url}", "an answer", str(error) or "none", remedy))


def _wait_for_server() -> Exception | None:
    """Return what went wrong at last; null once the server answers. A new one takes a while."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        with get_client(sync_client=True) as client:
            error = client.api_healthcheck()
        if error is None or time.monotonic() >= deadline:
            return error
        time.sleep(1)


def _make_pool(client: SyncPrefectClient) -> None:
    try:
        client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
    except ObjectAlreadyExists:
        return
    except PrefectHTTPStatusError as error:
        got = f"the answer {error.response.status_code}"
        remedy = "mend PREFECT_API_AUTH_STRING"
        raise InputError(expected("the server", "to be let in", got, remedy)) from error


def _deploy() -> None:
    prefect = str(Path(sys.executable).with_name("prefect"))
    command = [prefect, "--no-prompt", "deploy", "--prefect-file", str(FILE), "--all"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if done.returncode:
        got = (done.stdout + done.stderr).strip()
        raise InputError(expected(str(FILE), "to be deployed", got, "mend it"))


def _read_ids(client: SyncPrefectClient) -> dict[str, UUID]:
    entries = yaml.safe_load(FILE.read_text("utf-8"))["deployments"]
    return {
        entry["name"]: client.read_deployment_by_name(f"{_flow_of(entry)}/{entry['name']}").id
        for entry in entries
    }


def _wait_for_plans(client: SyncPrefectClient, ids: Mapping[str, UUID]) -> dict[str, dt.datetime]:
    """Return when each scheduled deployment runs next: a server that plans nothing says nothing.

    Raises:
        InputError: one is on a schedule and the server does not plan its runs.
    """
    read = {name: client.read_deployment(one) for name, one in ids.items()}
    due = {
        name: one.id
        for name, one in read.items()
        if not one.paused and any(schedule.active for schedule in one.schedules)
    }
    deadline = time.monotonic() + PLAN_SECONDS
    while True:
        planned = _read_plans(client, due)
        missing = sorted(due.keys() - planned.keys())
        if not missing:
            return planned
        if time.monotonic() >= deadline:
            wanted, got = f"runs planned for {', '.join(missing)}", f"none in {PLAN_SECONDS:g} s"
            remedy = "read its log; it needs its scheduler, and the versions of requirements.txt"
            raise InputError(expected("the server", wanted, got, remedy))
        time.sleep(1)


def _read_plans(client: SyncPrefectClient, due: Mapping[str, UUID]) -> dict[str, dt.datetime]:
    found: dict[str, dt.datetime] = {}
    for name, one in due.items():
        runs = client.read_flow_runs(
            deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[one])),
            flow_run_filter=FlowRunFilter(
                state=FlowRunFilterState(name=FlowRunFilterStateName(any_=["Scheduled"]))
            ),
            sort=FlowRunSort.EXPECTED_START_TIME_ASC,
        )
        times = [run.expected_start_time for run in runs if run.auto_scheduled]
        if times and times[0] is not None:
            found[name] = times[0]
    return found


def _flow_of(entry: dict[str, str]) -> str:
    """Return the name of the flow that an entry deploys: its function's, with dashes."""
    return entry["entrypoint"].rpartition(":")[2].replace("_", "-")


def _find_block() -> UUID | None:
    """Return the notification block that is told of trouble; null for none."""
    name, url = os.environ.get(NOTIFY_BLOCK), os.environ.get(NOTIFY_URL)
    if name is not None:
        return _load_block(name)
    if url is None:
        return None
    block = CustomWebhookNotificationBlock.model_validate(
        {
            "name": _OWN_BLOCK,
            # For Slack and its like the address is the secret.
            "url": "{{url}}",
            "secrets": {"url": url},
            "json_data": {"text": "{{subject}}\n{{body}}"},
            "allow_private_urls": True,  # a gateway of one's own is the usual case
        }
    )
    made = block.save(_OWN_BLOCK, overwrite=True)
    return made if isinstance(made, UUID) else None


def _load_block(name: str) -> UUID | None:
    try:
        block = Block.load(name)
    except ValueError as error:
        remedy = "name one as `prefect block ls` does: type/name"
        raise InputError(expected(NOTIFY_BLOCK, "a notification block", name, remedy)) from error
    return getattr(block, "_block_document_id", None)


def _say(line: str, stream: TextIO = sys.stdout) -> None:
    print(line, file=stream)


if __name__ == "__main__":
    main()
