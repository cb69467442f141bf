"""A feed of one's own: the weekly table of own songs, as a file that runs ingest like any other."""

import csv
import datetime as dt
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
    emptied: tuple[dt.date, ...] = ()
    """Weeks that have a table and no song any more."""
    told: str | None = None
    """Why there is none; null: there is, or there is nothing to make it from."""


def write_own_weeks(
    con: duckdb.DuckDBPyConnection, paths: WarehousePaths, min_tracks: int
) -> OwnWeeks:
    """Write the table of each whole week that has enough songs, where it changed.

    A week that was written once is written again when its numbers change, however many songs are
    left. The first line of a file counts how often it was, so that going back to earlier numbers
    is another file, too. A table without a song could not be loaded: such weeks are named, and
    their tables left for ``retire_week``.

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
    tables = {dt.date.fromisoformat(path.stem[-10:]) for path in paths.own.glob("own-*.csv")}
    emptied = tables - set(rows["week"].to_list())
    told = _tell_too_few(rows, min_tracks) if rows.height and tables == emptied else None
    return OwnWeeks(written, tuple(sorted(emptied)), told)


def retire_week(paths: WarehousePaths, week: dt.date) -> None:
    """Take a week's table away; how often it was written stays known beside it."""
    path = paths.own / f"own-{week}.csv"
    revision, _ = _read_week(path)
    write_durably(_count_of(path), f"{_REVISION}{revision}\n")
    path.unlink()


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
    _count_of(path).unlink(missing_ok=True)
    return True


def _count_of(path: Path) -> Path:
    """Return where the count of a table stands that was taken away."""
    return path.with_suffix(".revision")


def _read_week(path: Path) -> tuple[int, str]:
    found = path if path.exists() else _count_of(path)
    if not found.exists():
        return 0, ""
    first, _, body = found.read_bytes().decode().partition("\n")
    number = first.removeprefix(_REVISION)
    return (int(number) if number.isdecimal() else 0), body


def _as_csv(rows: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
