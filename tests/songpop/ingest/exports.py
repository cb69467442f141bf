"""Small exports of one track table, written cell by cell or byte by byte, and staged."""

import csv
import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from songpop.formats.registry import load_formats
from songpop.ingest.identity import identify
from songpop.ingest.landed import land_file
from songpop.ingest.stage import StagedExport, stage_export
from songpop.settings import IngestSettings

FORMATS = load_formats()
TRACKS = FORMATS["chartmetric"]
HEADER = [column.headers[0] for column in TRACKS.columns]
WEEK = dt.date(2024, 6, 13)
FILE_NAME = "chartmetric-2024-06-13.csv"
# Rows are judged one by one here, so no share of bad ones refuses an export.
LENIENT = IngestSettings.model_validate({"max_bad_share": 1.0})


@dataclass(frozen=True)
class Staged:
    """A staged export and its accepted rows, in file order."""

    export: StagedExport
    rows: pl.DataFrame

    @property
    def reasons(self) -> list[tuple[int, str | None, str]]:
        """Line, column and reason of each bad cell."""
        return self.export.bad.select("line", "column_name", "reason").rows()

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Rows read, loaded, duplicate and quarantined."""
        export = self.export
        return export.rows_read, export.loaded, export.duplicate, export.quarantined


def make_cells(number: int = 1, **cells: str) -> list[str]:
    """Return one track's cells; *cells* are named by header, with _ for a blank."""
    values = {
        "Track": f"Song {number}",
        "Artist": f"Artist {number}",
        "Release Date": "4/26/2024",
        "ISRC": f"US{number:010d}",
        "All Time Rank": str(number),
        "Track Score": "725.4",
        "Spotify Streams": "390,470,936",
        "Explicit Track": "0",
    }
    values |= {name.replace("_", " "): cell for name, cell in cells.items()}
    return [values.get(name, "") for name in HEADER]


def join(cells: Sequence[str]) -> str:
    """Return cells as one record without its line end."""
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().removesuffix("\r\n")


def make_text(
    *records: Sequence[str] | str, header: Sequence[str] = HEADER, end: str = "\n"
) -> str:
    """Return an export's text: a header and one record each, cells or text."""
    lines = [join(header), *(one if isinstance(one, str) else join(one) for one in records)]
    return end.join([*lines, ""])


def write(folder: Path, content: str | bytes, name: str = FILE_NAME) -> Path:
    """Write an export and return its path."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def stage(path: Path, settings: IngestSettings = LENIENT, week: dt.date | None = None) -> Staged:
    """Stage one export and check what must hold of every one."""
    con = duckdb.connect()
    file = land_file(path)
    identity = identify(file, FORMATS, week=week, settings=settings)
    export = stage_export(con, file, identity, settings)
    rows = con.execute(f"select * from {export.table} order by line").pl()
    check_accounts(export, rows)
    return Staged(export, rows)


def check_accounts(export: StagedExport, rows: pl.DataFrame) -> None:
    """Assert that every row ended once as loaded, duplicate or quarantined."""
    assert export.loaded + export.duplicate + export.quarantined == export.rows_read
    assert export.bad["line"].n_unique() == export.quarantined
    assert rows.height == export.loaded == rows["track_id"].n_unique()
    assert export.bad.null_count().select("line", "reason", "raw_text").row(0) == (0, 0, 0)
