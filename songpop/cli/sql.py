"""``songpop sql``."""

from typing import Annotated

import typer

from songpop.cli.options import JsonOption, WarehouseOption, parse_time
from songpop.cli.present import print_frame, print_json_rows


def sql(
    query: Annotated[str, typer.Argument(help="One SQL statement; it cannot write.")],
    at: Annotated[
        str | None,
        typer.Option(
            "--at",
            help="Read a warehouse in a lake as it was then: a date (its end, UTC) or a time.",
            show_default=False,
        ),
    ] = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Query the published warehouse, read-only.

    Examples:
      songpop sql "select title, artist_name, score from mart.current_scores limit 10"

      songpop sql "from raw.exports" --json

      songpop sql "from mart.weekly_scores" --at 2026-11-20
    """
    from songpop.settings import read_settings
    from songpop.warehouse.paths import WarehousePaths
    from songpop.warehouse.query import run_query, run_query_at

    paths = WarehousePaths(read_settings(warehouse=warehouse).warehouse)
    time = parse_time(at, "--at")
    answer = run_query(paths, query) if time is None else run_query_at(paths, query, time)
    if as_json:
        print_json_rows(answer)
    else:
        print_frame(answer)
