"""``songpop sql``."""

from typing import Annotated

import typer

from songpop.cli.options import JsonOption, WarehouseOption
from songpop.cli.present import print_frame, print_json_rows


def sql(
    query: Annotated[str, typer.Argument(help="One SQL statement; it cannot write.")],
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Query the published warehouse, read-only.

    Examples:
      songpop sql "select title, artist_name, score from mart.current_scores limit 10"

      songpop sql "from raw.exports" --json
    """
    from songpop.settings import read_settings
    from songpop.warehouse.paths import WarehousePaths
    from songpop.warehouse.query import run_query

    settings = read_settings(warehouse=warehouse)
    answer = run_query(WarehousePaths(settings.warehouse), query)
    if as_json:
        print_json_rows(answer)
    else:
        print_frame(answer)
