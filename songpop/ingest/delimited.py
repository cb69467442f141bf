"""Delimited text as batches of cells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import polars as pl
import pyarrow as pa
from pyarrow import csv as arrow_csv

from songpop.errors import CheckError, expected
from songpop.ingest.arrow import ArrowTable
from songpop.ingest.batches import Batch, show_raw
from songpop.ingest.irregular import Shape
from songpop.ingest.landed import LandedFile
from songpop.ingest.recognise import Recognised
from songpop.ingest.records import Block, scan_records
from songpop.ingest.rule import BAD_SCHEMA, cell_name
from songpop.ingest.source import read_text
from songpop.settings import IngestSettings

# Small pieces stay in the processor's cache: half the time of large ones.
_PIECE_BYTES: Final = 1 << 18


@dataclass(frozen=True, slots=True)
class DelimitedSource:
    """A .csv file, compressed or not."""

    file: LandedFile
    recognised: Recognised
    settings: IngestSettings
    is_utf8: bool
    """Whether all of its text is valid UTF-8."""

    @property
    def encoding(self) -> str:
        """``utf-8``, unless the text is not and the layout allows ``latin-1``."""
        allowed = self.recognised.layout.encodings
        if "latin-1" in allowed and ("utf-8" not in allowed or not self.is_utf8):
            return "latin-1"
        return "utf-8"

    def batches(self) -> Iterator[Batch]:
        """Scan the records; the sound ones are divided into cells when they are asked for.

        Raises:
            LandingError: the file cannot be read to its end.
        """
        for block in self._blocks():
            lines = pl.Series("line", block.lines, dtype=pl.Int64)
            yield Batch(
                lines, partial(self._parse, block), self._list_cut(block), _RawRecords(block)
            )

    def _blocks(self) -> Iterator[Block]:
        shape = Shape(
            delimiter=self.recognised.layout.delimiter.encode(),
            cells_count=len(self.recognised.columns),
            skipped_lines=self.recognised.header_line,
            max_line_bytes=self.settings.max_line_bytes,
            is_utf8=self.is_utf8 or self.encoding == "latin-1",
        )
        return scan_records(read_text(self.file, self.settings, self.encoding), shape)

    def _parse(self, block: Block) -> ArrowTable:
        """Divide the sound records; CheckError where the parser and the scan disagree."""
        names = [cell_name(name) for name in self.recognised.columns]
        try:
            cells = parse_cells(block, names, self.recognised.layout.delimiter)
        except pa.ArrowInvalid as error:
            raise CheckError(self._disagreement(block, str(error))) from error
        if cells.num_rows != len(block.lines):
            raise CheckError(self._disagreement(block, str(cells.num_rows)))
        return cells.add_column(0, "line", pa.array(block.lines))

    def _disagreement(self, block: Block, got: str) -> str:
        wanted = f"{len(block.lines)} records from the parser"
        remedy = "report this file: the parser and the scan disagree"
        return expected(self.file.shown, wanted, got, remedy)

    def _list_cut(self, block: Block) -> pl.DataFrame:
        columns = self.recognised.columns
        rows = [
            (
                cut.line,
                None if cut.cell is None else columns[cut.cell],
                cut.reason,
                show_raw(cut.raw),
            )
            for cut in block.cut
        ]
        return pl.DataFrame(rows, BAD_SCHEMA, orient="row")


@dataclass(frozen=True, slots=True)
class _RawRecords:
    block: Block

    def __call__(self, rows: Sequence[int]) -> list[str]:
        return [show_raw(raw) for raw in self.block.raw(rows)]


def parse_cells(block: Block, names: Sequence[str], delimiter: str) -> ArrowTable:
    """Divide the sound records of a block into cells.

    Args:
        block: records of equally many cells.
        names: of the columns.
        delimiter: one character.

    Returns:
        One string column a name, each of one chunk; null where a cell is empty, quoted or not.

    Raises:
        pa.ArrowInvalid: a record has another number of cells.
    """
    if not len(block.lines):
        return pa.table({name: pa.array([], pa.string()) for name in names})
    # No record may reach over two borders of the parser's pieces.
    longest = int((block.stops - block.starts).max()) + len(b"\r\n")
    reading = arrow_csv.ReadOptions(
        column_names=list(names), use_threads=False, block_size=max(_PIECE_BYTES, longest)
    )
    conversion = arrow_csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()),
        strings_can_be_null=True,
        null_values=[""],
        check_utf8=False,
    )
    parsing = arrow_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True)
    text = pa.py_buffer(block.text())
    return arrow_csv.read_csv(text, reading, parsing, conversion).combine_chunks()
