"""How commands print: JSON alone for scripts, tables for people."""

import json
import math
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, cast

import polars as pl
import typer

_WIDEST_CELL = 72
_MOST_ROWS = 200
_MOST_MARKS = 3
"""Accents on one sign; more of them would cover the lines around it."""


def print_json(value: object) -> None:
    """Print *value* as JSON; dates and times as ISO 8601 text, unprintable signs as escapes."""
    finite = _without_nan(value)
    text = json.dumps(finite, default=str, ensure_ascii=False, indent=2, allow_nan=False)
    typer.echo(re.sub(r"[^\n -~]", _escape_in_json, text))


def _escape_in_json(found: re.Match[str]) -> str:
    sign = found.group()
    return sign if sign.isprintable() else json.dumps(sign)[1:-1]


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
    names = [format_cell(name, widest) for name in df.columns]
    cells = [
        [format_cell(value, widest) for value in row] for row in df.head(_MOST_ROWS).iter_rows()
    ]
    widths = [max(_width(cell) for cell in column) for column in zip(names, *cells, strict=True)]
    if sys.stdout.isatty() and sum(widths) + 2 * len(widths) > _terminal_width():
        _print_blocks(names, cells)
    else:
        is_number = [kind.is_numeric() for kind in df.dtypes]
        for row in [names, *cells]:
            parts = zip(row, widths, is_number, strict=True)
            typer.echo("  ".join(_pad(*part) for part in parts).rstrip())
    if df.height > _MOST_ROWS:
        typer.echo(f"… {df.height - _MOST_ROWS} more rows; add a limit, or --json for all")


def print_text(text: str) -> None:
    """Print a text of many lines, each made harmless for a terminal."""
    for line in text.split("\n"):
        typer.echo(format_cell(line, sys.maxsize))


def print_error(message: str) -> None:
    """Print *message*, which may quote a title or a file's name, on standard error, harmlessly."""
    lines = (make_printable(line) for line in message.split("\n"))
    typer.echo("songpop: " + "\n".join(lines), err=True)


def _pad(cell: str, width: int, is_number: bool) -> str:
    blanks = " " * (width - _width(cell))
    return blanks + cell if is_number else cell + blanks


def _width(text: str) -> int:
    """Return how many columns of a terminal *text* takes: two for emoji and East Asian signs."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(sign) else 1 + (unicodedata.east_asian_width(sign) in "WF")
        for sign in text
    )


def _print_blocks(names: list[str], rows: list[list[str]]) -> None:
    widest = max(_width(name) for name in names)
    for number, row in enumerate(rows, start=1):
        typer.echo(f"row {number}")
        for name, cell in zip(names, row, strict=True):
            typer.echo(f"  {_pad(name, widest, is_number=False)}  {cell}")


def _terminal_width() -> int:
    return shutil.get_terminal_size().columns


def format_cell(value: object, widest: int = _WIDEST_CELL) -> str:
    """Return one cell as printable text: floats to four digits, control characters as escapes."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 1 else f"{value:,.2f}"
    if isinstance(value, list | tuple):
        return ", ".join(format_cell(item) for item in value)  # pyright: ignore[reportUnknownVariableType] - cells of any kind
    safe = make_printable(str(value))
    return safe if len(safe) <= widest else safe[: widest - 1] + "…"


def make_printable(text: str) -> str:
    """Return *text* with all that acts on a terminal, and heaps of accents, as escapes."""
    if text.isascii() and text.isprintable():
        return text
    shown: list[str] = []
    marks = 0
    for sign in text:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        is_shown = sign.isprintable() and marks <= _MOST_MARKS
        shown.append(sign if is_shown else sign.encode("unicode_escape").decode())
    return "".join(shown)
