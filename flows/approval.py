"""The approval flow: a person lets a challenger that passed the gate become champion, or not."""

import datetime as dt
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from typing import Annotated

from prefect import flow
from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput
from prefect.logging import get_run_logger
from pydantic import StringConstraints

from flows.artifacts import spared
from flows.execute import folder
from flows.notices import Notice, send
from flows.start import name_run
from flows.summary import escape
from songpop.formats.registry import load_formats
from songpop.pipeline.approval import Waiting, approve, decline, find_waiting
from songpop.pipeline.session import Session
from songpop.settings import Settings, read_settings
from songpop.warehouse.writer import open_writer


class Answer(RunInput):
    """What a person says in Prefect's UI."""

    is_approved: bool
    because: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


@flow(
    name="approval",
    flow_run_name=name_run,
    retries=0,
    persist_result=False,
    result_serializer="json",
)
def approval(version: str, warehouse: str | None = None) -> str:
    """Ask a person whether a challenger becomes champion; without an answer the champion stays.

    The event ``songpop.model.waits`` starts it where the settings ask for a person
    (``[operations] approval = "person"``). It sleeps, and holds no worker, until somebody resumes
    it or ``approval_hours`` are over. ``songpop models promote`` does the same without Prefect.

    Args:
        version: The challenger.
        warehouse: Warehouse folder. Without one, that of the settings.
    """
    settings = read_settings(warehouse=folder(warehouse))
    with _open(settings) as session:
        waiting = find_waiting(session, version)
        left = waiting.until(settings) - session.now
    answer = suspend_flow_run(
        wait_for_input=Answer.with_initial_data(description=_describe(waiting, settings)),
        timeout=round(left.total_seconds()),
        key="approval",
    )
    told = _act(settings, version, answer)
    get_run_logger().info(told)
    outcome = "songpop.model.promoted" if answer.is_approved else "songpop.model.refused"
    facts: dict[str, object] = {"version": version}
    day = waiting.trained_week.isoformat()
    with spared("an event"):
        send([Notice(outcome, waiting.feed, day, told, facts=facts)])
    return told


def _act(settings: Settings, version: str, answer: Answer) -> str:
    with _open(settings) as session:
        if answer.is_approved:
            done = approve(session, version, answer.because)
            return f"{version} approved: it scores {done.feed} from week {done.from_week} on"
        decline(session, version, answer.because)
        return f"{version} declined: the champion stays"


@contextmanager
def _open(settings: Settings) -> Generator[Session]:
    now, formats = dt.datetime.now(dt.UTC), load_formats(settings.formats_dir)
    with open_writer(settings, formats, "flow approval", now) as con:
        yield Session(settings, formats, con, str(uuid.uuid4()), now)


def _describe(waiting: Waiting, settings: Settings) -> str:
    until = waiting.until(settings)
    return (
        f"**{escape(waiting.version)}** passed the gate for feed `{waiting.feed}` in week "
        f"{waiting.trained_week}.\n\n{escape(waiting.found)}\n\n"
        f"Approved, it scores from the next week on. Without an answer until {until:%Y-%m-%d %H:%M}"
        " UTC the champion stays. The card: "
        f"`songpop models show {waiting.version}`."
    )
