"""The tables of a file as cells: every record is divided, or cut out with its reason."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl
import pyarrow as pa

from songpop.errors import LandingError, expected
from songpop.ingest.arrow import to_frame
from songpop.ingest.batches import show_raw
from songpop.ingest.delimited import parse_cells
from songpop.ingest.irregular import Shape
from songpop.ingest.landed import LandedFile
from songpop.ingest.records import Block, scan_records
from songpop.ingest.rule import BAD_SCHEMA
from songpop.ingest.source import is_utf8_text, read_text
from songpop.platforms.recognise import Header, RecognisedExport, read_header
from songpop.settings import IngestSettings

_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
# Amounts and addresses: what stands in columns that are never stored.
_PRIVATE: Final = re.compile(r"-?\d+[.,]\d+|[^\s,;\t\"]+@[^\s,;\t\"]+")


@dataclass(frozen=True)
class Table:
    """One table of a file."""

    part: str | None
    """The part of the whole that it holds; null: the whole."""
    header: Header
    cells: pl.DataFrame
    """line, and one text column a name of the header, null where empty; in file order."""
    cut: pl.DataFrame
    """Records that cannot be divided, in the form of BAD_SCHEMA."""

    @property
    def rows_read(self) -> int:
        """Rows, whatever becomes of them."""
        return self.cells.height + self.cut["line"].n_unique()


@dataclass(frozen=True)
class FileTables:
    """All tables of a file."""

    encoding: str
    tables: tuple[Table, ...]

    @property
    def rows_read(self) -> int:
        """Rows of all tables, whatever becomes of them."""
        return sum(table.rows_read for table in self.tables)


def read_tables(file: LandedFile, export: RecognisedExport, settings: IngestSettings) -> FileTables:
    """Divide a file into its tables and their cells; what is no UTF-8 is read as latin-1.

    Raises:
        LandingError: the file cannot be read, changed meanwhile, or breaks a limit.
    """
    encoding = "utf-8" if is_utf8_text(file, settings) else "latin-1"
    chunks = read_text(file, settings, encoding)
    if not export.spec.has_sections:
        table = _read_table(chunks, None, export.header, export.header_line, 0, export, settings)
        return FileTables(encoding, (table,))
    text = _read_whole(file, chunks, settings)
    tables = [
        _read_table([body], part, header, 0, first_line, export, settings)
        for part, header, first_line, body in _find_sections(text, export)
    ]
    return FileTables(encoding, tuple(tables))


def _read_table(  # noqa: PLR0913, PLR0917 - where a table stands in its file
    chunks: Iterable[bytes],
    part: str | None,
    header: Header,
    skipped_lines: int,
    lines_before: int,
    export: RecognisedExport,
    settings: IngestSettings,
) -> Table:
    shape = Shape(
        delimiter=header.delimiter.encode(),
        cells_count=len(header.names),
        skipped_lines=skipped_lines,
        max_line_bytes=settings.max_line_bytes,
        is_utf8=True,
    )
    cells = [pl.DataFrame(schema={"line": pl.Int64, **dict.fromkeys(header.names, pl.String)})]
    cut = [pl.DataFrame(schema=BAD_SCHEMA)]
    for block in scan_records(chunks, shape):
        lines = pl.Series("line", block.lines + lines_before, dtype=pl.Int64)
        parsed = parse_cells(block, header.names, header.delimiter)
        cells.append(to_frame(parsed.add_column(0, "line", pa.array(lines.to_list(), pa.int64()))))
        cut.append(_list_cut(block, header, lines_before, hides=bool(export.spec.ignored)))
    return Table(part, header, pl.concat(cells), pl.concat(cut))


def _list_cut(block: Block, header: Header, lines_before: int, *, hides: bool) -> pl.DataFrame:
    rows = [
        (
            cut.line + lines_before,
            None if cut.cell is None else header.names[cut.cell],
            cut.reason,
            _PRIVATE.sub("…", show_raw(cut.raw)) if hides else show_raw(cut.raw),
        )
        for cut in block.cut
    ]
    return pl.DataFrame(rows, BAD_SCHEMA, orient="row")


def _read_whole(file: LandedFile, chunks: Iterable[bytes], settings: IngestSettings) -> bytes:
    pieces: list[bytes] = []
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > settings.max_sectioned_bytes:
            most = f"at most {settings.max_sectioned_bytes:,} bytes"
            wanted = f"{most} in a file of several tables (max_sectioned_bytes)"
            raise LandingError(expected(file.shown, wanted, "more", "export a shorter period"))
        pieces.append(chunk)
    return b"".join(pieces)


def _find_sections(
    text: bytes, export: RecognisedExport
) -> Iterator[tuple[str | None, Header, int, bytes]]:
    """Yield the part, the header, the lines before the body, and the body of each table."""
    lines = _LINE_END.split(text)
    found = [
        (number, header)
        for number, line in enumerate(lines)
        if number + 1 >= export.header_line
        and (header := read_header(line, export.spec)) is not None
    ]
    stops = [_title_line(lines, number) for number, _ in found[1:]] + [len(lines)]
    for (number, header), stop in zip(found, stops, strict=True):
        title = _title_line(lines, number)
        part = _only_cell(lines[title]) if title < number else None
        if part in export.spec.whole:
            part = None
        elif part is not None and header.layout.parts_of is not None:
            part = f"{header.layout.parts_of}: {part}"
        yield part, header, number + 1, b"\n".join(lines[number + 1 : stop])


def _title_line(lines: list[bytes], header: int) -> int:
    """Return the line that names the table below it; that of the header where none does."""
    has_title = header > 0 and _only_cell(lines[header - 1]) is not None
    return header - 1 if has_title else header


def _only_cell(line: bytes) -> str | None:
    cells = [cell for cell in re.split(rb"[,;\t]", line) if cell.strip()]
    return show_raw(cells[0].strip(b' "')) if len(cells) == 1 else None
