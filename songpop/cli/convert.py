"""``songpop convert``."""

import datetime as dt
from typing import Annotated

import typer

from songpop.cli.options import JsonOption, WarehouseOption
from songpop.cli.present import print_json, print_text


def convert(
    catalog: Annotated[
        str | None,
        typer.Option(
            help="The lake's catalogue, or `file` for one file. [default: as set]",
            show_default=False,
        ),
    ] = None,
    lake_data: Annotated[
        str | None,
        typer.Option(
            help="Folder or s3:// prefix of the lake's Parquet. [default: <warehouse>/lake]",
            show_default=False,
        ),
    ] = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Move the tables into a lake on shared storage, or back into one file; all rows compared.

    Examples:
      songpop convert --catalog "ducklake:postgres:dbname=songpop host=db"

      songpop convert --catalog file
    """
    from songpop.errors import InputError, expected
    from songpop.settings import read_settings
    from songpop.warehouse.convert import convert as move
    from songpop.warehouse.lake import LakeLocation, describe_place, find_lake
    from songpop.warehouse.paths import WarehousePaths

    to_file = catalog == "file"
    if catalog is None and read_settings(warehouse=warehouse).catalog is None:
        remedy = "name the lake's catalogue, or `file` for one file"
        raise InputError(expected("--catalog", "where to", "none, and none is set", remedy))
    settings = read_settings(
        warehouse=warehouse, catalog=None if to_file else catalog, lake_data=lake_data
    )
    if to_file:
        settings = settings.model_copy(update={"catalog": None})
    done = move(settings, dt.datetime.now(dt.UTC))
    rows_count = sum(done.tables.values())
    if as_json:
        print_json({"place": done.place, "tables": done.tables, "left": done.left})
        return
    print_text(f"moved to {done.place}: {len(done.tables)} tables, {rows_count:,} rows, compared")
    print_text(f"left as it was, to be removed when you are sure: {done.left}")
    # What the next command goes by is what is set, not the options of this one.
    wanted = LakeLocation.of(read_settings(warehouse=warehouse))
    if wanted is None or wanted == find_lake(WarehousePaths(settings.warehouse)):
        print_text(f"nothing to set: commands find the tables by {settings.warehouse}/private")
    else:
        print_text(
            f"change or unset catalog and lake_data, which are set to {describe_place(wanted)}: "
            "until then each command that writes refuses to run"
        )
