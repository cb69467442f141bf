"""Platforms' exports written by hand or read from the real samples, and loaded into a warehouse."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from songpop.ingest.landed import hash_landed, land_file
from songpop.platforms.load import Loading, list_known, load_exports
from songpop.platforms.named import find_named
from songpop.platforms.outcome import LoadedFile, PlatformsResult
from songpop.platforms.recognise import RecognisedExport, recognise_export
from songpop.platforms.registry import load_platforms
from songpop.platforms.said import Said, complete, identify_file
from songpop.platforms.stage import StagedFile, stage_file
from songpop.settings import IngestSettings, PlatformSettings, Settings
from songpop.warehouse.checks import run_checks
from songpop.warehouse.views import create_private_views
from tests.builders import make_warehouse

PLATFORMS = load_platforms()
NOW = dt.datetime(2026, 9, 1, 6, 0, tzinfo=dt.UTC)
TODAY = NOW.date()
ARTIST = "Lady Vengeance"
INGEST = IngestSettings.model_validate({})
LENIENT = IngestSettings.model_validate({"max_bad_share": 1.0})


def write(folder: Path, name: str, content: str | bytes) -> Path:
    """Write a file as a platform would serve it."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def write_song(folder: Path, title: str, days: dict[str, object]) -> Path:
    """Write a song's timeline of Spotify for Artists."""
    lines = ["date,streams", *(f"{day},{streams}" for day, streams in days.items()), ""]
    return write(folder, f"{title}-timeline.csv", "\n".join(lines))


def make_days(first: str, values: Iterable[object]) -> dict[str, object]:
    """Return values by day, from *first* on."""
    start = dt.date.fromisoformat(first)
    return {str(start + dt.timedelta(days=n)): value for n, value in enumerate(values)}


def recognise(path: Path) -> RecognisedExport | None:
    """Recognise a file by the shipped formats."""
    return recognise_export(land_file(path), PLATFORMS, INGEST)


def stage(path: Path, said: Said | None = None, settings: IngestSettings = INGEST) -> StagedFile:
    """Read a file, and check what must hold of every one."""
    file = land_file(path)
    export = recognise_export(file, PLATFORMS, settings)
    assert export is not None
    stated = complete(file, export, said or Said(artist=ARTIST), TODAY)
    staged = stage_file(file, export, stated, settings)
    assert staged.loaded + staged.duplicate + staged.quarantined == staged.rows_read
    assert staged.bad["line"].n_unique() == staged.quarantined
    assert staged.facts["line"].n_unique() <= staged.loaded
    return staged


def reasons(staged: StagedFile) -> list[tuple[int, str | None, str]]:
    """Return line, column and reason of each bad cell."""
    return staged.bad.select("line", "column_name", "reason").rows()


def counts(file: StagedFile | LoadedFile) -> tuple[int, int, int, int]:
    """Return rows read, loaded, duplicate and quarantined."""
    return file.rows_read, file.loaded, file.duplicate, file.quarantined


def open_platforms() -> duckdb.DuckDBPyConnection:
    """Return an empty warehouse in memory, with its views."""
    con = make_warehouse()
    create_private_views(con)
    return con


def load(
    con: duckdb.DuckDBPyConnection,
    *paths: Path,
    said: Said | None = None,
    now: dt.datetime = NOW,
    **platforms: str,
) -> PlatformsResult:
    """Load files that a person names, and check every invariant."""
    settings = Settings(platforms=PlatformSettings(**{"artist": ARTIST, **platforms}))  # type: ignore[arg-type] - any field
    named = find_named(paths, PLATFORMS, list_known(con), settings.ingest)
    result = load_exports(con, named.new, settings, Loading("run", now, said or Said()))
    assert run_checks(con, "warehouse") == []
    return replace(result, known_count=named.known_count)


def ask(con: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query."""
    return con.execute(query).fetchall()


def ask_frame(con: duckdb.DuckDBPyConnection, query: str) -> pl.DataFrame:
    """Return the frame of a query."""
    return con.execute(query).pl()


def sha_of(path: Path) -> str:
    """Return what a file is known by."""
    file, export = land_file(path), recognise(path)
    assert export is not None
    return identify_file(file, export, hash_landed(file))
