"""How commands print: JSON alone for scripts, tables for people."""

import json
import math
import shutil
import sys
from collections.abc import Iterable, Mapping
from typing import Any, cast

import polars as pl
import typer

_WIDEST_CELL = 72
_MOST_ROWS = 200


def print_json(value: object) -> None:
    """Print *value* as JSON; dates and times as ISO 8601 text."""
    finite = _without_nan(value)
    typer.echo(json.dumps(finite, default=str, ensure_ascii=False, indent=2, allow_nan=False))


def _without_nan(value: object) -> object:
    """Return *value* with null for what JSON has no sign for: NaN and the infinities."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        entries = cast("Mapping[object, object]", value)
        return {key: _without_nan(item) for key, item in entries.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(item) for item in cast("Iterable[object]", value)]
    return value


def print_json_rows(df: pl.DataFrame) -> None:
    """Print a frame as a JSON list of objects, one per row."""
    print_json(df.to_dicts())


def json_columns(row: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return *row* with the JSON texts under *names* parsed."""
    parsed = set(names)
    return {
        name: json.loads(value) if name in parsed and isinstance(value, str) else value
        for name, value in row.items()
    }


def print_frame(df: pl.DataFrame, title: str | None = None, widest: int = _WIDEST_CELL) -> None:
    """Print a frame of at most 200 rows, its text made harmless for a terminal.

    Cells are cut after *widest* characters. A frame that is wider than the terminal is printed as
    one block a row, so that nothing else is cut.
    """
    if title is not None:
        typer.echo(title)
    cells = [
        [format_cell(value, widest) for value in row] for row in df.head(_MOST_ROWS).iter_rows()
    ]
    widths = [
        max(len(name), *(len(row[place]) for row in cells)) if cells else len(name)
        for place, name in enumerate(df.columns)
    ]
    if sys.stdout.isatty() and sum(widths) + 2 * len(widths) > _terminal_width():
        _print_blocks(df.columns, cells)
    else:
        is_number = [kind.is_numeric() for kind in df.dtypes]
        for row in [df.columns, *cells]:
            parts = zip(row, widths, is_number, strict=True)
            line = "  ".join(cell.rjust(w) if right else cell.ljust(w) for cell, w, right in parts)
            typer.echo(line.rstrip())
    if df.height > _MOST_ROWS:
        typer.echo(f"… {df.height - _MOST_ROWS} more rows; add a limit, or --json for all")


def print_text(text: str) -> None:
    """Print a text of many lines, each made harmless for a terminal."""
    for line in text.split("\n"):
        typer.echo(format_cell(line, sys.maxsize))


def _print_blocks(names: list[str], rows: list[list[str]]) -> None:
    widest = max(len(name) for name in names)
    for number, row in enumerate(rows, start=1):
        typer.echo(f"row {number}")
        for name, cell in zip(names, row, strict=True):
            typer.echo(f"  {name.ljust(widest)}  {cell}")


def _terminal_width() -> int:
    return shutil.get_terminal_size().columns


def format_cell(value: object, widest: int = _WIDEST_CELL) -> str:
    """Return one cell as printable text: floats to four digits, control characters as escapes."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(format_cell(item) for item in value)  # pyright: ignore[reportUnknownVariableType] - cells of any kind
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 1 else f"{value:,.2f}"
    text = str(value)
    safe = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return safe if len(safe) <= widest else safe[: widest - 1] + "…"
