"""A feed of one's own: the weekly table of own songs, as a file that runs ingest like any other."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from songpop.warehouse.durable import write_durably
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.sqlfiles import read_sql

OWN_FEED: Final = "own"

_REVISION: Final = "revision "


@dataclass(frozen=True, slots=True)
class OwnWeeks:
    """What became of the weekly tables."""

    written_count: int = 0
    """Weeks whose table is new or differs from the one before."""
    told: str | None = None
    """Why there is none; null: there is, or there is nothing to make it from."""


def write_own_weeks(
    con: duckdb.DuckDBPyConnection, paths: WarehousePaths, min_tracks: int
) -> OwnWeeks:
    """Write the table of each whole week that has enough songs, where it changed.

    A week that was written once is written again when its numbers change, however many songs are
    left. The first line of a file counts how often it was, so that going back to earlier numbers
    is another file, too.

    Args:
        con: the writer's connection, outside a transaction.
        paths: the warehouse; the tables stand in its folder ``private/own``.
        min_tracks: fewest songs of a week that models could learn from.
    """
    rows = con.execute(read_sql("platforms/own_weeks")).pl()
    written = 0
    for (week,), songs in rows.group_by("week", maintain_order=True):
        path = paths.own / f"own-{week}.csv"
        if songs.height >= min_tracks or path.exists():
            written += _write_week(path, songs)
    is_none = not (paths.own.is_dir() and any(paths.own.glob("own-*.csv")))
    told = _tell_too_few(rows, min_tracks) if is_none and rows.height else None
    return OwnWeeks(written, told)


def _tell_too_few(rows: pl.DataFrame, min_tracks: int) -> str:
    count = int(rows.group_by("week").len()["len"].max() or 0)  # type: ignore[arg-type] - a count
    noun = "song" if count == 1 else "songs"
    return (
        f"{count} {noun} in a week: too few to learn from ({min_tracks} needed); their weeks are "
        "in mart.platform_weeks"
    )


def _write_week(path: Path, songs: pl.DataFrame) -> bool:
    """Write one table; return whether it differs from what is there."""
    revision, before = _read_week(path)
    body = _as_csv([songs.columns, *songs.rows()])
    if body == before:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    write_durably(path, f"{_REVISION}{revision + 1}\n{body}")
    return True


def _read_week(path: Path) -> tuple[int, str]:
    if not path.exists():
        return 0, ""
    first, _, body = path.read_bytes().decode().partition("\n")
    number = first.removeprefix(_REVISION)
    return (int(number) if number.isdecimal() else 0), body


def _as_csv(rows: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
