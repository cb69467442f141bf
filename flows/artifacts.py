"""What an operator sees on the page of a flow run: progress, tables, the report and its plot."""

import base64
import datetime as dt
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from uuid import UUID

from prefect.artifacts import (
    create_image_artifact,
    create_link_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.logging import get_run_logger

from flows.summary import escape, summarise
from songpop.pipeline.report import Report
from songpop.pipeline.session import PlannedWeek
from songpop.pipeline.steps import STEPS
from songpop.settings import Settings
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.query import run_file

MOST_ROWS: Final = 100
"""Of a table: a page is for looking at; the rest is asked for in SQL."""
_LARGEST_IMAGE_BYTES: Final = 200_000
_LONGEST_TEXT: Final = 200


class Progress:
    """A bar on the page of the flow run: how many steps of how many weeks are done.

    A server that does not answer costs the bar, never the week: after the first failure nothing
    more is shown.
    """

    def __init__(self) -> None:
        """Show nothing until it is known what there is to do."""
        self._steps_count = 0
        self._begun = 0
        self._artifact: UUID | None = None

    def expect(self, plans: list[PlannedWeek]) -> None:
        """Learn which weeks will be run; without any there is nothing to show."""
        self._steps_count = len(plans) * len(STEPS)
        if not plans:
            return
        weeks = f"{len(plans)} week{'s' if len(plans) > 1 else ''}"
        with spared("the progress bar"):
            made = create_progress_artifact(
                0.0, key="progress", description=f"{weeks}, from {plans[0].name}"
            )
            # Its annotation says a coroutine or the id; where nothing is awaited it is the latter.
            self._artifact = made if isinstance(made, UUID) else None

    def follow(self, plan: PlannedWeek, step: str) -> None:
        """Show that *step* of the week begins."""
        self._show(100 * self._begun / max(self._steps_count, 1), f"{plan.name}: {step}")
        self._begun += 1

    def finish(self, outcome: str) -> None:
        """Show how the run ended; the bar is full only where every step was taken."""
        self._show(100 * self._begun / max(self._steps_count, 1), outcome)

    def _show(self, percent: float, description: str) -> None:
        if self._artifact is None:
            return
        shown, self._artifact = self._artifact, None
        with spared("the progress bar"):
            update_progress_artifact(shown, round(min(percent, 100.0), 1), description)
            self._artifact = shown


@contextmanager
def spared(what: str) -> Generator[None]:
    """Log whatever goes wrong in the block: nothing that is shown is worth a week.

    Args:
        what: is not shown then.
    """
    try:
        yield
    except Exception as error:  # noqa: BLE001 - of any client, server or disk
        get_run_logger().warning("%s is not shown: %s", what, error)


def leave_artifacts(command: str, settings: Settings, report: Report) -> None:
    """Leave what an operator looks at on the page of the flow run.

    Args:
        command: ``run``, ``backfill`` or ``retry``.
        settings: where the warehouse is, and under which address its reports are served.
        report: of the run, as values.
    """
    paths = WarehousePaths(settings.warehouse)
    with spared("the summary"):
        create_markdown_artifact(
            markdown=summarise(report), key=f"{command}-summary", description="what was published"
        )
    if not report["weeks"]:
        return
    with spared("what was quarantined"):
        create_table_artifact(
            table=table_quarantine(report),
            key="quarantined-rows",
            description="rows kept aside, by file and reason; `songpop quarantine list` shows each",
        )
    with spared("what drifted"):
        create_table_artifact(
            table=table_drift(report, paths),
            key="drift-verdicts",
            description="decisions about drift, and the checks behind them",
        )
    with spared("the report"):
        _leave_report(settings, report, paths)


def table_quarantine(report: Report) -> list[dict[str, object]]:
    """Return the rows that the run kept aside, by file and reason; one row that says none."""
    rows: list[dict[str, object]] = [
        {name: _shorten(value) for name, value in count.items()}
        for count in report["quarantined"][:MOST_ROWS]
    ]
    return rows or [{"file_name": "none", "reason": "nothing was quarantined", "rows_count": 0}]


def table_drift(report: Report, paths: WarehousePaths) -> list[dict[str, object]]:
    """Return the run's decisions about drift, and of weeks that are not quiet the checks behind.

    Of a run of many weeks the newest are shown.
    """
    judged = [week for week in report["weeks"] if week["drift"] is not None]
    rows: list[dict[str, object]] = []
    for week in judged[: -MOST_ROWS - 1 : -1]:
        key: dict[str, object] = {"feed": week["feed"], "week": week["week"]}
        reason = week["drift_reasons"][0] if week["drift_reasons"] else ""
        rows.append({**key, "decision": week["drift"], "in words": _shorten(reason)})
        names = [f"{week['feed']} {week['week']}"]
        found = run_file(paths, "drift/failing_verdicts", {"names": names})
        rows += [
            {
                **key,
                "check": one["check_name"],
                "column": one["column_name"] or "the week",
                "statistic": round(one["statistic"], 4),
                "threshold": round(one["threshold"], 4),
                "verdict": one["verdict"],
            }
            for one in found.iter_rows(named=True)
        ]
    return _fill(rows[:MOST_ROWS])


def _fill(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """Give all rows the same columns: the page takes them from the first."""
    columns = dict.fromkeys(name for row in rows for name in row)
    return [{name: row.get(name, "") for name in columns} for row in rows]


def _leave_report(settings: Settings, report: Report, paths: WarehousePaths) -> None:
    """Link the page of the newest week of each feed, and show its main plot."""
    newest = {week["feed"]: week["week"] for week in report["weeks"] if week["rows"]}
    for feed, week in sorted(newest.items()):
        page = paths.page(feed, dt.date.fromisoformat(week))
        plot = page.with_suffix(".png")
        key = key_of(feed)
        address = address_of(settings, paths, page)
        if page.is_file() and address is not None:
            create_link_artifact(
                link=address,
                link_text=f"{feed} {week}",
                key=f"report-{key}",
                description=f"the weekly page: {escape(str(page))}",
            )
        if plot.is_file() and plot.stat().st_size <= _LARGEST_IMAGE_BYTES:
            create_image_artifact(
                image_url=_embed(plot), key=f"plot-{key}", description=f"{feed} {week}"
            )


def address_of(settings: Settings, paths: WarehousePaths, page: Path) -> str | None:
    """Return where a page is served; null where the settings do not say.

    A browser follows no link from a server's page to a file; the summary names the file.
    """
    base = settings.operations.report_url
    if base is None:
        return None
    return f"{base.rstrip('/')}/{page.relative_to(paths.reports).as_posix()}"


def _embed(plot: Path) -> str:
    # The page of the server cannot show a file of this machine, but it shows what it holds.
    return f"data:image/png;base64,{base64.b64encode(plot.read_bytes()).decode()}"


def key_of(feed: str) -> str:
    """Return a feed's name as a key of artifacts: lower-case letters, digits and dashes alone."""
    plain = "".join(one if one.isascii() and one.isalnum() else "-" for one in feed.lower())
    return plain if plain == feed else f"{plain}-{zlib.crc32(feed.encode()):08x}"


def _shorten(value: object) -> object:
    if not isinstance(value, str) or len(value) <= _LONGEST_TEXT:
        return value
    return f"{value[:_LONGEST_TEXT]}…"
