"""``songpop quarantine`` and ``songpop unload``."""

import datetime as dt
import uuid
from pathlib import Path
from typing import Annotated

import typer

from songpop.cli.options import (
    FeedOption,
    JsonOption,
    LandingOption,
    WarehouseOption,
    parse_week,
)
from songpop.cli.present import print_frame, print_json, print_json_rows, print_text

_MOST_SHOWN = 100
_ALL = 2**62

quarantine_app = typer.Typer(
    help="Rows and exports that were kept aside.", no_args_is_help=True, rich_markup_mode=None
)


@quarantine_app.command("list")
def list_quarantine(
    feed: FeedOption = None,
    most: Annotated[
        int | None,
        typer.Option("--limit", min=1, help="Most rows shown; 100, and with --json all."),
    ] = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """List quarantined rows: file, line, column, reason, text; and why files were refused whole.

    Examples:
      songpop quarantine list

      songpop quarantine list --feed demo --limit 20 --json
    """
    from songpop.settings import read_settings
    from songpop.warehouse.paths import WarehousePaths
    from songpop.warehouse.reader import open_private
    from songpop.warehouse.sqlfiles import read_sql

    settings = read_settings(warehouse=warehouse)
    paths = WarehousePaths(settings.warehouse)
    with open_private(paths, "quarantine list", settings.wait_seconds) as con:
        params = {"feed": feed, "most": most or (_ALL if as_json else _MOST_SHOWN)}
        answer = con.execute(read_sql("load/list_quarantine"), params).pl()
        refused = con.execute(read_sql("load/list_refused"), {"feed": feed}).fetchall()
    count = 0 if answer.is_empty() else answer["rows_count"][0]
    answer = answer.drop("rows_count")
    if as_json:
        print_json_rows(answer)
    elif answer.is_empty():
        typer.echo("nothing is quarantined")
    else:
        for name, week, file, cause in refused[:_MOST_SHOWN]:
            print_text(f"refused: {name} {week} {file}: {cause}")
        print_frame(answer.drop("refused_because"))
        if count > answer.height:
            typer.echo(f"{answer.height} of {count} rows; --limit {count} shows all")


@quarantine_app.command("retry")
def retry_quarantine(
    feed: FeedOption = None,
    file_name: Annotated[
        str | None, typer.Option("--file", help="One file, by its name in raw.exports.")
    ] = None,
    landing: LandingOption = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Try refused and unloaded exports again whose files still lie in the landing folder.

    Files of platforms are named instead: `songpop platforms load FILE` loads them again.

    Examples:
      songpop quarantine retry

      songpop quarantine retry --feed spotify_charts_us --file regional-us-weekly-2024-06-13.csv
    """
    from songpop.cli.run import execute
    from songpop.errors import InputError
    from songpop.pipeline.plan import Selection
    from songpop.settings import read_settings

    settings = read_settings(landing=landing, warehouse=warehouse)
    problem: InputError | None = None
    try:
        execute("retry", Selection(feed=feed, file_name=file_name), settings, as_json=as_json)
    except InputError as error:
        problem = error
    if not as_json:
        _tell_platforms(warehouse, feed, file_name)
    if problem is not None:
        raise problem


def _tell_platforms(warehouse: Path | None, feed: str | None, file_name: str | None) -> None:
    """Name the refused and unloaded files of platforms, which are not tried again."""
    from songpop.cli.held import read_private
    from songpop.errors import list_names

    names = [
        row["file_name"]
        for row in read_private("platforms/list_exports", "list", warehouse).to_dicts()
        if row["status"] in {"refused", "unloaded"}
        and feed in {None, row["format"]}
        and file_name in {None, row["file_name"]}
    ]
    if names:
        print_text(
            f"not tried again: files of platforms, {list_names(names)}; "
            "`songpop platforms load FILE` loads one"
        )


def unload(
    feed: Annotated[str, typer.Argument(help="The feed.")],
    week: Annotated[str, typer.Argument(help="Last day of the week, YYYY-MM-DD.")],
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a week's rows and scores out again; its files stay known, so they do not come back.

    Example:
      songpop unload spotify_charts_us 2024-06-13
    """
    from songpop.formats.registry import load_formats
    from songpop.pipeline.session import Session
    from songpop.pipeline.unload import unload_week
    from songpop.pipeline.weeks import list_stale
    from songpop.settings import read_settings
    from songpop.warehouse.writer import open_writer

    day = parse_week(week, "WEEK")
    settings = read_settings(warehouse=warehouse)
    formats = load_formats(settings.formats_dir)
    now = dt.datetime.now(dt.UTC)
    with open_writer(settings, formats, f"unload {feed} {week}", now) as con:
        session = Session(settings, formats, con, str(uuid.uuid4()), now)
        own = unload_week(session, feed, day or now.date())
        stale = list_stale(con)
    if as_json:
        by_feed = {name: [str(later) for later in weeks] for name, weeks in stale.items()}
        own_stale = [str(later) for later in own]
        print_json({"feed": feed, "week": week, "stale": own_stale, "stale_by_feed": by_feed})
        return
    typer.echo(f"unloaded {feed} {week}; stale weeks now: {sum(map(len, stale.values()))}")
    for name, weeks in stale.items():
        typer.echo(f"`songpop backfill --feed {name} --from {weeks[0]}` renews {len(weeks)}")
