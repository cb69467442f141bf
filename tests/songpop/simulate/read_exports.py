"""Simulated exports as frames, for the tests that measure them."""

from pathlib import Path

import polars as pl

from songpop.simulate import parse_fault, simulate
from songpop.simulate.columns import ALL_TIME_RANK, HEADERS, ISRC, NUMBERS

TRACKS = 600


def simulate_weeks(folder: Path, weeks: int, *faults: str, tracks: int = TRACKS) -> list[Path]:
    """Return the files of a history with seed 7 and the *faults* as a person writes them."""
    return simulate(weeks, tracks, 7, folder, [parse_fault(fault) for fault in faults])


def read_export(path: Path) -> pl.DataFrame:
    """Return a clean export with its numbers as floats, null where a cell is empty."""
    frame = pl.read_csv(path, schema=dict.fromkeys(HEADERS, pl.String))
    numbers = pl.col(*NUMBERS).str.replace_all(",", "", literal=True).cast(pl.Float64)
    return frame.with_columns(numbers)


def pair_weeks(earlier: Path, later: Path) -> pl.DataFrame:
    """Return the tracks of both exports, the earlier one's columns with ``_before``."""
    before = read_export(earlier)
    return read_export(later).join(before, on=ISRC, suffix="_before")


def pair_histories(plain: Path, faulty: Path, column: str) -> pl.DataFrame:
    """Return ``plain`` and ``faulty`` values of one column of the same tracks, by rank."""
    chosen = [pl.col(ISRC), pl.col(column)]
    frame = read_export(plain).select(pl.col(ALL_TIME_RANK).alias("rank"), *chosen)
    other = read_export(faulty).select(*chosen)
    return (
        frame.join(other, on=ISRC, suffix="_faulty", maintain_order="left")
        .rename({column: "plain", f"{column}_faulty": "faulty"})
        .sort("rank")
    )


def share_of(flags: pl.Series) -> float:
    """Return the share of true values, nulls not counted."""
    return float(flags.drop_nulls().to_numpy().mean())
