"""Simulated weeks as frames: what loading the written exports would give, without writing them."""

import datetime as dt
import functools
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import polars as pl

from songpop.errors import InputError, expected
from songpop.formats.registry import load_formats
from songpop.formats.spec import TEXT_COLUMNS, ColumnSpec, FormatSpec
from songpop.simulate import columns
from songpop.simulate.describe import describe_tracks
from songpop.simulate.draws import Booleans, Floats
from songpop.simulate.export import file_order
from songpop.simulate.faults import Fault
from songpop.simulate.history import check_arguments
from songpop.simulate.roster import World
from songpop.simulate.walk import Step, walk

FORMAT: Final = "chartmetric"
"""The format whose exports are simulated, and the feed of its weeks."""

_FILE_KINDS: Final = ("correct", "dirty")


def simulate_weeks(
    weeks: int, tracks: int, seed: int, faults: Sequence[Fault] = ()
) -> Iterator[pl.DataFrame]:
    """Yield *weeks* weeks of *tracks* rows each, as ``simulate`` and the loader would give them.

    Args:
        weeks: how many weeks, 1 to 2,000.
        tracks: rows a week, 1 to 10,000,000.
        seed: tells histories apart, from 0.
        faults: what goes wrong, applied in this order; faults of a file (dirty rows, a correction)
            are none of a frame.

    Returns:
        TrackWeeks of the chartmetric format, (at most *tracks*, 33), in the order of the file;
        without the rows that the loader would quarantine.

    Raises:
        InputError: an argument is out of range, or a fault is one of a file.
    """
    check_arguments(weeks, tracks, seed, faults)
    for fault in faults:
        if fault.kind in _FILE_KINDS:
            raise InputError(
                expected(
                    f"fault {fault.kind}@{fault.week}",
                    "a fault of numbers or of the world",
                    "one of files",
                    "write the exports with simulate",
                )
            )
    return (to_frame(step) for step in walk(World(seed, tracks), weeks, faults))


def to_frame(step: Step) -> pl.DataFrame:
    """Return one simulated week as TrackWeeks, in the order of the file."""
    world, panel = step.scene.world, step.scene.panel
    slots = file_order(step.values)
    slots = slots[_is_readable(step.values)[slots]]
    series = describe_tracks(world, panel, slots)
    for row, header in enumerate(columns.NUMBERS):
        series[header] = pl.Series(step.values[row, slots])
    series[columns.EXPLICIT] = pl.Series(world.is_explicit(panel.serials[slots]))
    cells = pl.DataFrame(series)
    week = dt.date.fromordinal(panel.week_ordinal)
    return cells.select(
        pl.lit(FORMAT).alias("feed"),
        pl.lit(week).alias("week"),
        *(_cell(name, cells.columns) for name in _names()),
        *(_metric(column, cells.columns) for column in _spec().metrics),
    )


@functools.cache
def _spec() -> FormatSpec:
    return load_formats()[FORMAT]


@functools.cache
def _headers() -> dict[str, str]:
    return {column.name: column.headers[0] for column in _spec().columns}


def _names() -> tuple[str, ...]:
    return ("track_id", *TEXT_COLUMNS, "release_date", "is_explicit", "flags")


def _cell(name: str, present: Sequence[str]) -> pl.Expr:
    header = _headers().get(name, "")
    cell = pl.col(header) if header in present else pl.lit(None, dtype=pl.String)
    return cell.alias(name)


def _metric(column: ColumnSpec, present: Sequence[str]) -> pl.Expr:
    dtype = pl.Float64 if column.type == "decimal" else pl.Int64
    header = _headers()[column.name]
    cell = pl.col(header).fill_nan(None) if header in present else pl.lit(None)
    return cell.cast(dtype).alias(column.name)


def _is_readable(values: Floats) -> Booleans:
    """Return (n,) whether the loader takes a row: no number is beyond what its column can say."""
    is_readable = np.ones(values.shape[1], dtype=np.bool_)
    specs = {column.headers[0]: column for column in _spec().metrics}
    for row, header in enumerate(columns.NUMBERS):
        least, most = specs[header].minimum, specs[header].largest
        is_readable &= ~((values[row] < least) | (values[row] > most))
    return is_readable
