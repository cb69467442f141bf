"""Parquet as batches of cells: its typed values pass through the same rules as text."""

import datetime as dt
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from songpop.errors import FormatError, LandingError, expected
from songpop.ingest.arrow import ArrowColumn, ArrowTable, to_frame, to_series
from songpop.ingest.batches import Batch, join_cells, show_raw
from songpop.ingest.landed import LandedFile, open_landed, printable
from songpop.ingest.recognise import Recognised
from songpop.ingest.rule import BAD_SCHEMA, cell_name
from songpop.ingest.source import check_text_size
from songpop.settings import IngestSettings

Schema: TypeAlias = Any
"""pyarrow.Schema"""
Metadata: TypeAlias = Any
"""pyarrow.parquet.FileMetaData"""

BATCH_ROWS: Final = 32_768
# Beyond it not every whole number is a float64.
_EXACT_FLOAT: Final = 2.0**53


@dataclass(frozen=True, slots=True)
class ParquetSource:
    """A .parquet file."""

    file: LandedFile
    recognised: Recognised
    settings: IngestSettings

    @property
    def encoding(self) -> str:
        """Parquet's text is UTF-8 by definition."""
        return "utf-8"

    def batches(self) -> Iterator[Batch]:
        """Read all rows; a row's line is its number, from 1.

        Raises:
            LandingError: the file is damaged, or expands beyond the limits.
        """
        columns = self.recognised.columns
        line = 1
        with _open_parquet(self.file, self.settings) as reader:
            for batch in reader.iter_batches(BATCH_ROWS):
                date_format = self.recognised.layout.date_formats[0]
                cells = _read_cells(self.file, batch, date_format, self.settings)
                cells.columns = [cell_name(name) for name in columns]
                lines = pl.Series("line", range(line, line + cells.height), dtype=pl.Int64)
                line += cells.height
                numbered = cells.insert_column(0, lines).rechunk()
                nothing = pl.DataFrame(schema=BAD_SCHEMA)
                yield Batch(lines, numbered.to_arrow, nothing, _RawRows(numbered))


@dataclass(frozen=True, slots=True)
class _RawRows:
    numbered: pl.DataFrame

    def __call__(self, rows: Sequence[int]) -> list[str]:
        cells = self.numbered[list(rows)].drop("line")
        return [show_raw(join_cells(row)) for row in cells.iter_rows()]


def read_parquet_head(
    file: LandedFile, settings: IngestSettings, rows_count: int
) -> tuple[list[str], tuple[tuple[str, ...], ...]]:
    """Return the names of the columns and the first rows, dates as year-month-day.

    Raises:
        LandingError: the file is damaged, or expands beyond the limits.
        FormatError: a column holds something other than text, numbers, dates and flags.
    """
    with _open_parquet(file, settings) as reader:
        names = reader.schema_arrow.names
        if len(names) > settings.max_columns:
            return names, ()
        batch = next(reader.iter_batches(rows_count), None)
        if batch is None:
            return names, ()
        cells = _read_cells(file, batch, "%Y-%m-%d", settings)
    return names, tuple(tuple(cell or "" for cell in row) for row in cells.iter_rows())


@contextmanager
def _open_parquet(file: LandedFile, settings: IngestSettings) -> Generator[pq.ParquetFile]:
    with open_landed(file) as raw:
        try:
            schema = pq.read_schema(pa.PythonFile(raw, "r"))
            _check_types(file, schema)
            # Dictionaries stay as they are, so that their size is known before they expand.
            texts = [field.name for field in schema if pa.types.is_string(field.type)]
            reader = pq.ParquetFile(pa.PythonFile(raw, "r"), read_dictionary=texts)
            _check_sizes(file, reader.metadata, settings)
            yield reader
        except (pa.ArrowException, OSError, ValueError) as error:
            got = f"a damaged one ({str(error).splitlines()[0][:120]})"
            message = expected(file.shown, "a whole Parquet file", got, "export it again")
            raise LandingError(message) from error


def _check_types(file: LandedFile, schema: Schema) -> None:
    types = pa.types
    readable = (
        types.is_string,
        types.is_large_string,
        types.is_string_view,
        types.is_integer,
        types.is_floating,
        types.is_decimal,
        types.is_boolean,
        types.is_date,
        types.is_timestamp,
        types.is_null,
    )
    for field in schema:
        kind = field.type.value_type if types.is_dictionary(field.type) else field.type
        if not any(is_readable(kind) for is_readable in readable):
            subject = f"{file.shown}, column {printable(field.name)}"
            wanted = "text, numbers, dates or flags"
            raise FormatError(expected(subject, wanted, str(kind)[:80], "export it as one of them"))


def _check_sizes(file: LandedFile, metadata: Metadata, settings: IngestSettings) -> None:
    groups = range(metadata.num_row_groups)
    stored = sum(metadata.row_group(index).total_byte_size for index in groups)
    # Repeated values take no room in the file, but each cell takes some in memory.
    check_text_size(file, max(stored, metadata.num_rows * metadata.num_columns), settings)


def _read_cells(
    file: LandedFile, batch: ArrowTable, date_format: str, settings: IngestSettings
) -> pl.DataFrame:
    # Text that is no UTF-8 would end the process further on.
    batch.validate(full=True)
    expanded = sum(_expanded_bytes(column) for column in batch.columns)
    if expanded > settings.max_batch_bytes:
        most = f"at most {settings.max_batch_bytes:,} bytes"
        wanted = f"{most} in {batch.num_rows:,} rows (max_batch_bytes)"
        raise LandingError(expected(file.shown, wanted, f"{expanded:,}", "export it as .csv"))
    names = [str(index) for index in range(batch.num_columns)]
    frame = to_frame(batch.rename_columns(names))
    return frame.select(_as_text(pl.col(name), frame.schema[name], date_format) for name in names)


def _expanded_bytes(column: ArrowColumn) -> int:
    if not pa.types.is_dictionary(column.type):
        return int(column.nbytes)
    if not pa.types.is_string(column.type.value_type):
        return int(column.nbytes)
    sizes = to_series(column.dictionary, "text").str.len_bytes()
    return int(sizes.gather(to_series(column.indices, "index").drop_nulls()).sum())


def _as_text(column: pl.Expr, kind: pl.DataType, date_format: str) -> pl.Expr:
    """Write typed values as an export would: whole floats without a fraction, NaN as nothing."""
    if kind.is_float():
        value = column.cast(pl.Float64).fill_nan(None)
        is_whole = (value == value.floor()) & (value.abs() < _EXACT_FLOAT)
        whole = pl.when(is_whole).then(value).cast(pl.Int64).cast(pl.String)
        text = pl.coalesce(whole, value.cast(pl.String))
    elif kind.is_decimal():
        text = column.cast(pl.String).str.replace(r"\.0+$", "")
    elif isinstance(kind, pl.Datetime):
        day = column.dt.date()
        is_day = column.dt.time() == dt.time()
        text = pl.when(is_day).then(day.dt.strftime(date_format)).otherwise(column.cast(pl.String))
    elif isinstance(kind, pl.Date):
        text = column.dt.strftime(date_format)
    else:
        text = column.cast(pl.String)
    # An empty text says nothing, as in a file of text.
    return pl.when(text != "").then(text)
