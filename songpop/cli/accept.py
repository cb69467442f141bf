"""``songpop accept``."""

import datetime as dt
import uuid
from typing import Annotated

import typer

from songpop.cli.options import JsonOption, LandingOption, WarehouseOption, parse_week


def accept(
    feed: Annotated[str, typer.Argument(help="The feed.")],
    week: Annotated[str, typer.Argument(help="Last day of the week, YYYY-MM-DD.")],
    because: Annotated[
        str, typer.Option("--because", help="Why it is true after all; kept with the week.")
    ] = "accepted by hand",
    landing: LandingOption = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let in a week that was quarantined as implausible, and score it.

    Its file has to lie in the landing folder still. Later weeks that were run are marked stale; a
    backfill from the week on renews them, and judges anew those that are quarantined.

    Example:
      songpop accept spotify_charts_us 2024-01-04 --because "the chart changed its rules"
    """
    from songpop.cli.run import execute
    from songpop.cli.summary import print_held
    from songpop.formats.registry import load_formats
    from songpop.pipeline.accept import accept_week
    from songpop.pipeline.plan import Selection
    from songpop.pipeline.session import Session
    from songpop.settings import read_settings
    from songpop.warehouse.paths import WarehousePaths
    from songpop.warehouse.writer import open_writer

    day = parse_week(week, "WEEK")
    settings = read_settings(landing=landing, warehouse=warehouse)
    formats = load_formats(settings.formats_dir)
    now = dt.datetime.now(dt.UTC)
    with open_writer(settings, formats, f"accept {feed} {week}", now) as con:
        session = Session(settings, formats, con, str(uuid.uuid4()), now)
        accept_week(session, feed, day or now.date(), because)
    execute("retry", Selection(feed=feed, week=day), settings, as_json=as_json)
    if not as_json:
        print_held(WarehousePaths(settings.warehouse))
