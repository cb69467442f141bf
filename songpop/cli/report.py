"""``songpop report``."""

from typing import Annotated

import typer

from songpop.cli.options import FeedOption, JsonOption, WarehouseOption, parse_week
from songpop.cli.present import print_json


def report(
    feed: FeedOption = None,
    week: Annotated[
        str | None,
        typer.Option(
            "--week", help="One week, YYYY-MM-DD. [default: the newest, and all that have a page]"
        ),
    ] = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the weekly pages anew from what is published, and the page over all weeks.

    Examples:
      songpop report

      songpop report --feed spotify_charts_us --week 2024-06-13
    """
    from songpop.settings import read_settings
    from songpop.warehouse.paths import WarehousePaths
    from songpop.warehouse.query import open_snapshot
    from songpop.warehouse.writer import hold_warehouse
    from songpop.weekly.write import INDEX, rebuild_pages

    day = parse_week(week)
    settings = read_settings(warehouse=warehouse)
    paths = WarehousePaths(settings.warehouse)
    with open_snapshot(paths):
        pass  # where nothing is published, a lock would make folders
    with hold_warehouse(settings, "songpop report"):
        pages = rebuild_pages(paths, feed, day)
    index = paths.reports / INDEX
    if as_json:
        print_json({"pages": [str(page) for page in pages], "index": str(index)})
        return
    for page in pages:
        typer.echo(f"page:  {page}")
    typer.echo(f"index: {index}")
