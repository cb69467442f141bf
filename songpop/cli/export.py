"""``songpop export``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from songpop.cli.options import WarehouseOption, parse_week
from songpop.cli.present import print_text

if TYPE_CHECKING:
    from songpop.export.csv import Written

_STDOUT = Path("-")
_MOST_SHEET_ROWS = 1_048_576
"""Of Excel, the header's among them; LibreOffice has as many."""


def export(
    feed: Annotated[str | None, typer.Option("--feed", help="One feed only.")] = None,
    week: Annotated[
        str | None,
        typer.Option("--week", help="One week, YYYY-MM-DD. [default: each feed's newest scored]"),
    ] = None,
    table: Annotated[
        str | None,
        typer.Option("--table", help="A published table or view instead of the scores, whole."),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", help="The file to write; - is standard output.")
    ] = _STDOUT,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that exists.")] = False,
    warehouse: WarehouseOption = None,
) -> None:
    """Write scores, or any published table, as CSV that is safe to open in a spreadsheet.

    Text that a spreadsheet would take for a formula gets an apostrophe before it, invisible signs
    are written as escapes, and numbers stay numbers.

    Examples:
      songpop export --out scores.csv

      songpop export --feed spotify_charts_us --week 2024-06-13

      songpop export --table mart.movers --out movers.csv --force
    """
    from songpop.export.csv import check_free, write_file, write_stream
    from songpop.export.tables import Wanted, read_frames
    from songpop.settings import read_settings
    from songpop.warehouse.paths import WarehousePaths
    from songpop.warehouse.query import explain_damage, open_snapshot

    wanted = Wanted(table, feed, parse_week(week))
    paths = WarehousePaths(read_settings(warehouse=warehouse).warehouse)
    is_file = out != _STDOUT
    if is_file:
        check_free(out, paths, replaces=force)
    with open_snapshot(paths) as con, explain_damage(paths):
        frames = read_frames(con, wanted)
        if is_file:
            written = write_file(frames, out)
        else:
            written = write_stream(frames, sys.stdout.buffer, has_bom=False)
            sys.stdout.flush()  # else a reader that went away is told of after the end
    print_written(written, wanted.name, out if is_file else None)


def print_written(written: "Written", name: str, out: Path | None) -> None:
    """Print what was written where, and on standard error what a spreadsheet would not show."""
    rows = f"{written.rows_count} row{'' if written.rows_count == 1 else 's'} of {name}"
    if out is not None:
        print_text(f"{rows}: {out}")
    elif written.rows_count == 0:
        typer.echo(rows, err=True)
    beyond = written.rows_count - _MOST_SHEET_ROWS + 1
    if beyond > 0:
        typer.echo(f"rows beyond what a spreadsheet opens: {beyond}", err=True)
    if written.cut_count:
        typer.echo(f"cells cut to what a spreadsheet holds: {written.cut_count}", err=True)
