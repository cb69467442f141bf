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
    """What became of the irregular lines of a buffer."""

    lines_count: int
    """Lines that were judged; a record that may end in the next buffer waits for it."""
    cut: list[CutRow] = field(default_factory=list[CutRow])
    joined: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    """First and last line of each record that spans several."""
    dropped: list[int] = field(default_factory=list[int])
    """Lines that begin no sound record: cut, or part of a record that began before."""


@dataclass(frozen=True, slots=True)
class Walk:
    """One pass over the irregular lines of a buffer."""

    text: bytes
    lines: Lines
    shape: Shape
    numbers: npt.NDArray[np.int64]
    is_final: bool

    def judge(self, irregular: npt.NDArray[np.int64]) -> Verdicts:
        """Judge the lines with the given indices, in order."""
        verdicts = Verdicts(self.lines.count)
        resume = 0
        for first in irregular.tolist():
            if first < resume:
                continue
            last = self._find_last(first)
            if last is None and self._may_end_later(first):
                verdicts.lines_count = first
                break
            reason, cell = self._find_fault(first, last)
            resume = first + 1 if last is None else last + 1
            verdicts.dropped.extend(range(first + 1, resume))
            if reason is None:
                verdicts.joined.append((first, resume - 1))
            else:
                verdicts.dropped.append(first)
                verdicts.cut.append(self._cut(first, resume - 1, reason, cell))
        return verdicts

    def _find_last(self, first: int) -> int | None:
        """Return the line that ends the record of line *first*; null: its quote stays open.

        Where the lines that would be joined look like records of their own, the quote was merely
        never closed, and joining them would bury rows in a cell.
        """
        lines, delimiter = self.lines, self.shape.delimiter
        if lines.quotes_count[first] % 2 == 0:
            return first
        odd = np.flatnonzero(lines.quotes_count[first + 1 : first + MULTI_LINE_MAXIMUM] % 2)
        if odd.size == 0:
            return None
        last = first + 1 + int(odd[0])
        start, stop = int(lines.starts[first]), int(lines.stops[last])
        if stop - start > self.shape.max_line_bytes:
            return None
        cells = split_record(self.text[start:stop], delimiter)
        if cells is None or len(cells) != self.shape.cells_count:
            return None
        looks_whole = [
            self.text.count(delimiter, int(lines.starts[i]), int(lines.stops[i])) + 1 >= len(cells)
            for i in range(first, last + 1)
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
        return CutRow(int(self.numbers[first]), reason, cell, raw)

    def _record(self, first: int, last: int) -> bytes:
        return self.text[self.lines.starts[first] : self.lines.stops[last]]


def find_bad_bytes(text: bytes, lines: Lines, shape: Shape) -> npt.NDArray[np.bool_]:
    """Return which lines hold a NUL byte, or bytes that are not UTF-8."""
    is_bad = np.zeros(lines.count, np.bool_)
    data = np.frombuffer(text, np.uint8)[: lines.nexts[-1] if lines.count else 0]
    if b"\0" in text:
        is_bad[np.searchsorted(lines.nexts, np.flatnonzero(data == 0), side="right")] = True
    if not shape.is_utf8 and not _is_utf8(data.tobytes()):
        beyond_ascii = np.searchsorted(
            lines.nexts, np.flatnonzero(data >= _ASCII_END), side="right"
        )
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
