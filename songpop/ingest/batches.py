"""What every kind of file is divided into before its cells are typed."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import polars as pl

from songpop.ingest.arrow import ArrowTable
from songpop.settings import IngestSettings

RAW_TEXT_CHARACTERS: Final = 1_000
"""Most characters of a record that the quarantine keeps."""

# Tab and line ends are harmless; the other control characters would reach a terminal.
_UNSAFE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of an export, in file order."""

    lines: pl.Series
    """Where each row that could be divided into cells begins."""
    read_cells: Callable[[], ArrowTable]
    """Divides them: line, and one text column ``<name>__cell`` a column, null where empty."""
    cut: pl.DataFrame
    """The other rows, in the form of BAD_SCHEMA."""
    raw: "RawText"

    @property
    def rows_count(self) -> int:
        """Rows that were read, whatever becomes of them."""
        return len(self.lines) + self.cut["line"].n_unique()


class RawText(Protocol):
    """Gives the text of records of one batch as it stood in the file."""

    def __call__(self, rows: Sequence[int]) -> list[str]:
        """Return the text of the given rows of ``lines``, shortened and safe to print."""
        ...


class RowSource(Protocol):
    """A file that can be read as rows, as often as needed."""

    @property
    def settings(self) -> IngestSettings:
        """Its limits."""
        ...

    @property
    def encoding(self) -> str:
        """How its text was decoded."""
        ...

    def batches(self) -> Iterator[Batch]:
        """Read it from its beginning."""
        ...


def show_raw(raw: bytes | str) -> str:
    r"""Return a record's text as it may be stored and printed.

    Bytes that are no text and control characters appear as ``\xNN``; the rest is cut off after
    1,000 characters.
    """
    text = raw.decode("utf-8", "backslashreplace") if isinstance(raw, bytes) else raw
    safe = _UNSAFE.sub(lambda match: f"\\x{ord(match.group()):02x}", text)
    return safe if len(safe) <= RAW_TEXT_CHARACTERS else safe[:RAW_TEXT_CHARACTERS] + "…"


def join_cells(cells: Sequence[str | None]) -> str:
    """Return cells as one comma-separated record, for rows that never were text."""
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().removesuffix("\r\n")


def read_raw_texts(source: RowSource, choose: Callable[[pl.Series], pl.Series]) -> pl.DataFrame:
    """Read a file again for the text of some of its sound records.

    Args:
        source: the file.
        choose: given lines on which records begin, says of each whether it is wanted.

    Returns:
        line, raw_text, in file order.
    """
    parts = [pl.DataFrame(schema={"line": pl.Int64, "raw_text": pl.String})]
    for batch in source.batches():
        rows = choose(batch.lines).arg_true()
        if len(rows):
            texts = pl.Series("raw_text", batch.raw(rows.to_list()), dtype=pl.String)
            parts.append(pl.DataFrame([batch.lines.gather(rows), texts]))
    return pl.concat(parts)
