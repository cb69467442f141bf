"""The warehouse as a command holds it: for writing, or to read its private file."""

import datetime as dt
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
    import polars as pl

    from songpop.pipeline.session import Session


@dataclass(frozen=True)
class Held:
    """A warehouse that this process alone writes to."""

    con: "duckdb.DuckDBPyConnection"
    session: "Session"
    now: dt.datetime


@contextmanager
def hold_writer(
    warehouse: Path | None, purpose: str, landing: Path | None = None
) -> Generator[Held]:
    """Hold the warehouse for writing, and publish what was changed."""
    from songpop.formats.registry import load_formats
    from songpop.pipeline.session import Session
    from songpop.settings import read_settings
    from songpop.warehouse.publish import publish
    from songpop.warehouse.writer import open_writer

    settings = read_settings(landing=landing, warehouse=warehouse)
    formats = load_formats(settings.formats_dir)
    now = dt.datetime.now(dt.UTC)
    with open_writer(settings, formats, f"songpop {purpose}", now) as con:
        session = Session(settings, formats, con, str(uuid.uuid4()), now)
        yield Held(con, session, now)
        publish(con, session.paths)


def read_private(query: str, purpose: str, warehouse: Path | None) -> "pl.DataFrame":
    """Return what a query of sql/ says of the private file, or of the lake in its place.

    Raises:
        CheckError: it cannot be read.
    """
    from songpop.settings import read_settings
    from songpop.warehouse.paths import WarehousePaths
    from songpop.warehouse.reader import open_private
    from songpop.warehouse.sqlfiles import read_sql

    settings = read_settings(warehouse=warehouse)
    paths = WarehousePaths(settings.warehouse)
    with open_private(paths, f"songpop platforms {purpose}", settings.wait_seconds) as con:
        return con.execute(read_sql(query)).pl()
