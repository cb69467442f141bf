"""``songpop models``."""

import sys
from typing import Annotated

import typer

from songpop.cli.handover import promote, rollback
from songpop.cli.options import FeedOption, JsonOption, WarehouseOption
from songpop.cli.present import print_frame, print_json, print_json_rows

models_app = typer.Typer(help="The model registry.", no_args_is_help=True, rich_markup_mode=None)
models_app.command("promote")(promote)
models_app.command("rollback")(rollback)


@models_app.command("list")
def list_models(
    feed: FeedOption = None, warehouse: WarehouseOption = None, as_json: JsonOption = False
) -> None:
    """List every model version, newest first; by_hand says what people decided, and why.

    Examples:
      songpop models list

      songpop models list --feed spotify_charts_us --json
    """
    import polars as pl

    from songpop.settings import read_settings
    from songpop.warehouse.paths import WarehousePaths
    from songpop.warehouse.query import run_file

    paths = WarehousePaths(read_settings(warehouse=warehouse).warehouse)
    answer = run_file(paths, "load/list_models", {"feed": feed})
    if as_json:
        print_json_rows(answer)
    else:
        answer = answer.with_columns(pl.col("by_hand").list.join("; "))
        told = ["by_hand", "warning", "decision"]
        kept = answer.drop("metrics", "rows_count", "retired_because", *told)
        print_frame(kept.with_columns(answer.select(told)))


@models_app.command("show")
def show_model(
    version: Annotated[str, typer.Argument(help="The version, as `models list` names it.")],
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the card of one model version: use, data, results beside baselines, limits.

    The card is Markdown; --json prints everything that is registered, the card with it.

    Example:
      songpop models show demo-2024-01-05-network-3f2a9c01
    """
    from songpop.cli.present import format_cell, json_columns, print_text
    from songpop.errors import InputError, expected
    from songpop.settings import read_settings
    from songpop.warehouse.paths import WarehousePaths
    from songpop.warehouse.query import run_file

    paths = WarehousePaths(read_settings(warehouse=warehouse).warehouse)
    answer = run_file(paths, "load/show_model", {"version": version})
    if answer.is_empty():
        message = expected(
            f"model {version}", "a registered version", "none", "see `songpop models list`"
        )
        raise InputError(message)
    entry = json_columns(answer.row(0, named=True), ("settings", "metrics", "calibration", "gate"))
    if as_json:
        print_json(entry)
    elif entry["card"] is None:
        for name, value in entry.items():
            typer.echo(f"{name + ':':<20} {format_cell(str(value), sys.maxsize)}")
    else:
        print_text(entry["card"])
        print_text(f"\nNow: {entry['status']}; registered {entry['created_at']:%Y-%m-%d %H:%M %Z}.")
        for name in ("warning", "retired_because"):
            if entry[name] is not None:
                print_text(f"{name.replace('_', ' ').capitalize()}: {entry[name]}.")
        decided = run_file(paths, "load/hand_decisions_about", {"version": version})
        for from_week, because, replaces in decided.iter_rows():
            instead = "" if replaces is None else f" instead of {replaces}"
            print_text(f"By hand: scores from {from_week} on{instead}: {because}.")
