"""One week's export as a file, in the byte form of the real one, but UTF-8."""

import datetime as dt
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from songpop.simulate import columns
from songpop.simulate.cells import write_decimals, write_integers
from songpop.simulate.describe import describe_tracks
from songpop.simulate.draws import Floats, Integers
from songpop.simulate.panel import Panel
from songpop.simulate.roster import World

CHUNK_ROWS: Final = 131_072
"""Rows formatted at once: bounds the memory that a million tracks take."""

LINE_END: Final = "\r\n"

TICK_NS: Final = 1_000_000
"""At least this much lies between the modification times of two files."""

EditLines = Callable[[int, list[str]], list[str]]
"""Given the number of the first of some lines (the header not counted), returns other lines."""


def file_name(week_ordinal: int, suffix: str = "") -> str:
    """Return the name of a week's export, ``chartmetric-2024-01-05.csv``."""
    return f"chartmetric-{dt.date.fromordinal(week_ordinal).isoformat()}{suffix}.csv"


def write_export(
    path: Path, world: World, panel: Panel, values: Floats, edit: EditLines | None = None
) -> None:
    """Write an export aside and rename it to *path*.

    Rows are sorted by Track Score, the highest first, as in the real file; those without one come
    last.

    Args:
        path: the file.
        world: the simulation.
        panel: the tracks.
        values: (22, n) the numbers, in the order of ``columns.NUMBERS``; NaN is an empty cell.
        edit: changes lines before they are written, for dirty exports.
    """
    aside = path.with_name(f".{path.name}.part")
    with aside.open("wb") as file:
        file.write((",".join(columns.HEADERS) + LINE_END).encode())
        for start, frame in _frames(world, panel, values):
            file.write(_as_bytes(frame, start, edit))
    aside.replace(path)


def file_order(values: Floats) -> Integers:
    """Return (n,) slots in the order of the rows: by Track Score, the highest first.

    Tracks without one come last; equal scores keep the order of the panel.
    """
    return np.argsort(-values[columns.NUMBERS.index(columns.TRACK_SCORE)], kind="stable")


def _as_bytes(frame: pl.DataFrame, start: int, edit: EditLines | None) -> bytes:
    text = frame.write_csv(include_header=False, line_terminator=LINE_END)
    if edit is not None:
        lines = edit(start, text.removesuffix(LINE_END).split(LINE_END))
        text = "".join(line + LINE_END for line in lines)
    return text.encode()


def _frames(world: World, panel: Panel, values: Floats) -> Iterator[tuple[int, pl.DataFrame]]:
    order = file_order(values)
    for start in range(0, order.size, CHUNK_ROWS):
        yield start, _frame(world, panel, values, order[start : start + CHUNK_ROWS])


def _frame(world: World, panel: Panel, values: Floats, slots: Integers) -> pl.DataFrame:
    """Return the cells of the tracks at *slots* as texts, null where the file has nothing."""
    cells = describe_tracks(world, panel, slots)
    cells[columns.RELEASE_DATE] = cells[columns.RELEASE_DATE].dt.strftime("%-m/%-d/%Y")
    for row, header in enumerate(columns.NUMBERS):
        write = write_decimals if header == columns.TRACK_SCORE else write_integers
        cells[header] = write(values[row, slots])
    cells[columns.TIDAL_POPULARITY] = pl.repeat(None, slots.size, dtype=pl.String, eager=True)
    is_explicit = pl.Series(world.is_explicit(panel.serials[slots]))
    cells[columns.EXPLICIT] = is_explicit.cast(pl.Int8).cast(pl.String)
    return pl.DataFrame(cells)


def keep_after(path: Path, earlier: Path) -> None:
    """Make sure that *path* was modified after *earlier*, even where the disk's clock is coarse."""
    earliest_ns = earlier.stat().st_mtime_ns + TICK_NS
    if path.stat().st_mtime_ns < earliest_ns:
        os.utime(path, ns=(earliest_ns, earliest_ns))
