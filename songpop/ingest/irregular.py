"""Irregular lines, judged one by one: joined into a record, or cut out with a reason."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from songpop.ingest.lines import Lines
from songpop.ingest.quoting import MULTI_LINE_MAXIMUM, split_record

RAW_BYTES: Final = 4_000
"""Most bytes of a record that are kept for the quarantine."""

_ASCII_END: Final = 0x80


@dataclass(frozen=True, slots=True)
class Shape:
    """What the header fixed about every record."""

    delimiter: bytes
    cells_count: int
    skipped_lines: int
    """Physical lines up to and including the header."""
    max_line_bytes: int
    is_utf8: bool
    """Whether all bytes are known to be valid; otherwise each line is tried."""

    @property
    def raw_bytes(self) -> int:
        """Most bytes of a cut row that are kept: of a long line, no more is ever in memory."""
        return min(RAW_BYTES, self.max_line_bytes)


@dataclass(frozen=True, slots=True)
class CutRow:
    """A row that cannot be parsed."""

    line: int
    reason: str
    cell: int | None
    """Index of the cell at fault, where it can be told."""
    raw: bytes


@dataclass(slots=True)
class Verdicts:
    """What became of the irregular lines of a buffer, each named by its index."""

    cut: list[CutRow] = field(default_factory=list[CutRow])
    joined: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    """First and last line of each record that spans several."""
    dropped: list[int] = field(default_factory=list[int])
    """Lines that begin no sound record: cut, or part of a record that began before."""
    open_from: int | None = None
    """Line of a record that may end in the next buffer; null where there is none."""


@dataclass(frozen=True, slots=True)
class Walk:
    """One pass over the irregular lines of a buffer."""

    text: bytes
    lines: Lines
    shape: Shape
    first_line: int
    """Number of the buffer's first line in the file."""
    is_final: bool

    def judge(self, irregular: npt.NDArray[np.int64]) -> Verdicts:
        """Judge the lines with the given indices, in order."""
        verdicts = Verdicts()
        resume = 0
        has_open_quote = (self.lines.quotes_count[irregular] % 2 == 1).tolist()
        for first, is_open in zip(irregular.tolist(), has_open_quote, strict=True):
            if first < resume:
                continue
            last = self._find_last(first) if is_open else first
            if last is None and self._may_end_later(first):
                verdicts.open_from = first
                break
            reason, cell = self._find_fault(first, last)
            resume = first + 1 if last is None else last + 1
            if reason is None:
                verdicts.joined.append((first, resume - 1))
            else:
                verdicts.dropped.append(first)
                verdicts.cut.append(self._cut(first, resume - 1, reason, cell))
            verdicts.dropped.extend(range(first + 1, resume))
        return verdicts

    def _find_last(self, first: int) -> int | None:
        """Return the line that ends the record of line *first*; null: its quote stays open.

        Where the lines that would be joined look like records of their own, the quote was merely
        never closed, and joining them would bury rows in a cell.
        """
        lines, delimiter = self.lines, self.shape.delimiter
        odd = np.flatnonzero(lines.quotes_count[first + 1 : first + MULTI_LINE_MAXIMUM] % 2)
        if odd.size == 0:
            return None
        last = first + 1 + int(odd[0])
        record = self._record(first, last)
        if len(record) > self.shape.max_line_bytes:
            return None
        cells = split_record(record, delimiter)
        if cells is None or len(cells) != self.shape.cells_count:
            return None
        looks_whole = [
            self.text.count(delimiter, start, stop) + 1 >= len(cells)
            for start, stop in zip(
                lines.starts[first : last + 1].tolist(),
                lines.stops[first : last + 1].tolist(),
                strict=True,
            )
        ]
        buries_rows = any(looks_whole[1:-1]) or (looks_whole[0] and looks_whole[-1])
        return None if buries_rows else last

    def _may_end_later(self, first: int) -> bool:
        seen = self.lines.quotes_count[first + 1 : first + MULTI_LINE_MAXIMUM]
        rest_bytes = len(self.text) - int(self.lines.starts[first])
        return not (
            self.is_final
            or (seen % 2).any()
            or len(seen) == MULTI_LINE_MAXIMUM - 1
            or rest_bytes > self.shape.max_line_bytes
        )

    def _find_fault(self, first: int, last: int | None) -> tuple[str | None, int | None]:
        """Return the reason and the cell; no reason for a sound record of several lines."""
        record = self._record(first, first if last is None else last)
        if len(record) > self.shape.max_line_bytes:
            return "line_too_long", None
        if b"\0" in record:
            return "nul_byte", self._find_cell(record, _has_nul)
        if not (self.shape.is_utf8 or _is_utf8(record)):
            return "bad_encoding", self._find_cell(record, _is_no_utf8)
        return self._find_form_fault(first, last), None

    def _find_form_fault(self, first: int, last: int | None) -> str | None:
        if last is None:
            return "unterminated_quote"
        if last > first:
            return None
        if not self.lines.is_sound[first]:
            return "stray_quote"
        is_short = self.lines.cells_count[first] < self.shape.cells_count
        return "too_few_cells" if is_short else "too_many_cells"

    def _find_cell(self, record: bytes, is_bad: Callable[[bytes], bool]) -> int | None:
        cells = split_record(record, self.shape.delimiter)
        if cells is None or len(cells) != self.shape.cells_count:
            return None
        return next(index for index, cell in enumerate(cells) if is_bad(cell))

    def _cut(self, first: int, last: int, reason: str, cell: int | None) -> CutRow:
        raw = self._record(first, last)[: self.shape.raw_bytes]
        return CutRow(self.first_line + int(self.lines.numbers[first]), reason, cell, raw)

    def _record(self, first: int, last: int) -> bytes:
        return self.text[self.lines.starts[first] : self.lines.stops[last]]


def find_bad_bytes(text: bytes, lines: Lines, shape: Shape) -> npt.NDArray[np.bool_]:
    """Return which lines hold a NUL byte, or bytes that are not UTF-8."""
    is_bad = np.zeros(lines.count, np.bool_)
    data = np.frombuffer(text, np.uint8)[: lines.bytes_count]
    if b"\0" in text:
        is_bad[lines.lines_of(np.flatnonzero(data == 0))] = True
    if not shape.is_utf8 and not _is_utf8(data.tobytes()):
        beyond_ascii = lines.lines_of(np.flatnonzero(data >= _ASCII_END))
        for i in np.unique(beyond_ascii).tolist():
            is_bad[i] |= not _is_utf8(text[lines.starts[i] : lines.stops[i]])
    return is_bad


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_no_utf8(text: bytes) -> bool:
    return not _is_utf8(text)


def _has_nul(text: bytes) -> bool:
    return b"\0" in text
