"""Who started a flow run and for which day: a scheduled run scores the weeks of its own time."""

import datetime as dt
from dataclasses import dataclass, replace

from prefect.context import FlowRunContext
from prefect.runtime import flow_run

from songpop.pipeline.plan import Selection


@dataclass(frozen=True)
class Start:
    """How a flow run came about.

    Attributes:
        due: the day (UTC) for which a deployment was scheduled, however late it began; null where
            the flow was called without a deployment.
    """

    due: dt.date | None

    def narrow(self, selection: Selection) -> Selection:
        """Return the weeks that had ended by the scheduled day, unless weeks were named.

        Runs that piled up while a machine slept thus take the week of their own time each, and
        one that finds its week done has nothing to do.
        """
        is_named = selection.week or selection.from_week or selection.to_week
        return selection if is_named else replace(selection, to_week=self.due)


def read_start(due: dt.date | None = None) -> Start:
    """Return how the flow run that is going on came about.

    Args:
        due: the day that it stands for, where it runs in the place of another; null for its own.
    """
    if due is not None:
        return Start(due)
    context = FlowRunContext.get()
    run = None if context is None else context.flow_run
    if run is None or run.deployment_id is None or run.expected_start_time is None:
        return Start(None)
    day = run.expected_start_time.astimezone(dt.UTC)
    return Start(dt.date(day.year, day.month, day.day))  # Prefect's own dates compute otherwise


def name_run() -> str:
    """Return a flow run's name: what it does, of which feed, for which weeks."""
    given = flow_run.get_parameters()
    weeks = [given.get("week")] if given.get("week") else _name_range(given)
    start = read_start(_as_day(given.get("due")))
    if not weeks and "week" in given and start.due is not None:
        weeks = [f"due {start.due}"]
    parts = [flow_run.get_flow_name(), given.get("feed") or given.get("version") or "", *weeks]
    return " ".join(str(part) for part in parts if part)


def _as_day(given: object) -> dt.date | None:
    """Return a parameter as a day: as text before it was validated, as a date after; else null."""
    try:
        return dt.date.fromisoformat(str(given))
    except ValueError:
        return None


def _name_range(given: dict[str, object]) -> list[object]:
    first, last = given.get("from_week"), given.get("to_week")
    if first is None and last is None:
        return []
    return [f"{first or 'the oldest'} to {last or 'the newest'}"]
