"""``songpop run`` and ``songpop backfill``."""

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from songpop.cli.options import (
    FeedOption,
    JsonOption,
    LandingOption,
    WarehouseOption,
    WeekOption,
    parse_week,
)
from songpop.errors import is_interruption

if TYPE_CHECKING:
    from songpop.pipeline.plan import Selection
    from songpop.settings import Settings


def run(
    feed: FeedOption = None,
    week: WeekOption = None,
    landing: LandingOption = None,
    warehouse: WarehouseOption = None,
    force_retrain: Annotated[
        bool, typer.Option("--force-retrain", help="Train a challenger now, due or not.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Load and score every week that has landed and is not scored yet, in order.

    Examples:
      songpop run

      songpop run --landing exports --week 2024-06-15

      songpop run --feed spotify_charts_us --force-retrain --json
    """
    from songpop.pipeline.plan import Selection
    from songpop.settings import read_settings

    selection = Selection(feed=feed, week=parse_week(week), force_retrain=force_retrain)
    settings = read_settings(landing=landing, warehouse=warehouse)
    execute("run", selection, settings, as_json=as_json)


def backfill(
    feed: FeedOption = None,
    from_week: Annotated[
        str | None, typer.Option("--from", help="First week, YYYY-MM-DD. [default: the oldest]")
    ] = None,
    to_week: Annotated[
        str | None, typer.Option("--to", help="Last week, YYYY-MM-DD. [default: the newest]")
    ] = None,
    landing: LandingOption = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run weeks in order, as if each had been run in its week: landed ones and loaded ones.

    Examples:
      songpop backfill --landing history

      songpop backfill --feed spotify_charts_us --from 2024-01-04
    """
    from songpop.pipeline.plan import Selection
    from songpop.settings import read_settings

    selection = Selection(
        feed=feed,
        from_week=parse_week(from_week, "--from"),
        to_week=parse_week(to_week, "--to"),
    )
    settings = read_settings(landing=landing, warehouse=warehouse)
    execute("backfill", selection, settings, as_json=as_json)


def execute(
    command: Literal["run", "backfill", "retry"],
    selection: "Selection",
    settings: "Settings",
    *,
    as_json: bool,
) -> None:
    """Run what is selected in this process, with a progress bar, and print the report.

    Raises:
        InputError: some files need a person; everything else has been done.
        CheckError: a feed's week failed; the other feeds have been run.
    """
    from songpop.cli.progress import show_progress
    from songpop.cli.summary import print_report
    from songpop.pipeline.report import describe_report
    from songpop.pipeline.runner import Caller, raise_problems, run_weeks
    from songpop.warehouse.paths import WarehousePaths

    with show_progress(enabled=not as_json) as progress:
        caller = Caller(
            run_id=str(uuid.uuid4()),
            now=dt.datetime.now(dt.UTC),
            follow=progress.follow,
            expect=progress.expect,
        )
        try:
            report = run_weeks(settings, command, selection, caller)
        except (KeyboardInterrupt, RuntimeError) as error:
            if is_interruption(error):
                typer.echo(
                    "songpop: interrupted; the weeks before are committed, run it again to go on",
                    err=True,
                )
            raise
    described = describe_report(report, WarehousePaths(settings.warehouse))
    print_report(settings, described, as_json=as_json)
    raise_problems(report)
