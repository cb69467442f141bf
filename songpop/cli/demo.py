"""``songpop demo``."""

import datetime as dt
import shutil
import uuid
from typing import Annotated

import typer

from songpop.cli.options import JsonOption, WarehouseOption
from songpop.cli.present import print_json


def demo(
    clear: Annotated[
        bool, typer.Option("--clear", help="Remove the demo from the warehouse.")
    ] = False,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Simulate a small label as the feed `demo` and score it, or remove it again.

    Examples:
      songpop demo

      songpop demo --clear
    """
    from songpop.cli.run import execute
    from songpop.demo import DEMO_FEED, demo_landing, write_demo
    from songpop.formats.registry import load_formats
    from songpop.pipeline.plan import Selection
    from songpop.pipeline.session import Session
    from songpop.pipeline.unload import remove_feed
    from songpop.settings import read_settings
    from songpop.warehouse.paths import WarehousePaths
    from songpop.warehouse.writer import open_writer

    settings = read_settings(warehouse=warehouse)
    paths = WarehousePaths(settings.warehouse)
    if not clear:
        write_demo(paths)
        settings = read_settings(warehouse=warehouse, landing=demo_landing(paths))
        execute("run", Selection(feed=DEMO_FEED), settings, as_json=as_json)
        return
    formats = load_formats(settings.formats_dir)
    now = dt.datetime.now(dt.UTC)
    with open_writer(settings, formats, "demo --clear", now) as con:
        weeks_count = remove_feed(
            Session(settings, formats, con, str(uuid.uuid4()), now), DEMO_FEED
        )
    for folder in (demo_landing(paths), *(paths.reports / "backtest").glob(f"{DEMO_FEED}-*")):
        if folder.exists():
            shutil.rmtree(folder)
    if as_json:
        print_json({"feed": DEMO_FEED, "weeks_removed": weeks_count})
    else:
        typer.echo(f"removed the feed {DEMO_FEED}: {weeks_count} weeks, its models and its files")
