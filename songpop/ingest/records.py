"""Records: which lines of an export are rows, and which are cut out before anything reads them.

The scan counts the rows by itself. What it passes on is sound by construction, so that the parser
behind it has nothing to decide: if their counts differ, the export is refused.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from songpop.ingest.irregular import RAW_BYTES, CutRow, Shape, Walk, find_bad_bytes
from songpop.ingest.lines import measure_lines

_LF: Final = 10
_CR: Final = 13
_LINE_END: Final = re.compile(rb"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class Block:
    """The records of one buffer."""

    buffer: bytes
    starts: npt.NDArray[np.int64]
    stops: npt.NDArray[np.int64]
    lines: npt.NDArray[np.int64]
    """Physical line on which each sound record begins, from 1."""
    cut: tuple[CutRow, ...]

    @property
    def rows_count(self) -> int:
        """Rows that the scan counted, sound or cut."""
        return len(self.lines) + len(self.cut)

    def text(self) -> bytes:
        """Return the sound records alone, each with a line end."""
        if not len(self.starts):
            return b""
        # Records that follow each other in the buffer are copied as one run.
        gaps = np.flatnonzero(~self._adjoin())
        first = self.starts[np.concatenate(([0], gaps + 1))].tolist()
        last = self.stops[np.concatenate((gaps, [len(self.starts) - 1]))].tolist()
        view = memoryview(self.buffer)
        parts = [
            part
            for start, stop in zip(first, last, strict=True)
            for part in (view[start:stop], b"\n")
        ]
        return b"".join(parts)

    def raw(self, rows: Sequence[int]) -> list[bytes]:
        """Return the first bytes of the given sound records as they stand in the file."""
        starts, stops = self.starts[rows].tolist(), self.stops[rows].tolist()
        return [
            self.buffer[start : min(stop, start + RAW_BYTES)]
            for start, stop in zip(starts, stops, strict=True)
        ]

    def _adjoin(self) -> npt.NDArray[np.bool_]:
        # Whether nothing but one line end stands between a record and the next.
        data = np.frombuffer(self.buffer, np.uint8)
        stops, sizes = self.stops[:-1], self.starts[1:] - self.stops[:-1]
        is_pair = (sizes == len(b"\r\n")) & (data[stops] == _CR) & (data[stops + 1] == _LF)
        return (sizes == 1) | is_pair


def scan_records(chunks: Iterable[bytes], shape: Shape) -> Iterator[Block]:
    """Divide text into records; the result does not depend on where the pieces are divided.

    Args:
        chunks: the text as bytes, without a byte order mark, in pieces of any size.
        shape: what every record must look like.

    Yields:
        Blocks in file order, each with at least one row. Blank lines are no rows.
    """
    carry, line, is_skipping = b"", 1, False
    for chunk, is_final in _mark_last(chunks):
        buffer = carry + chunk if carry else chunk
        if is_skipping:
            end = _find_line_end(buffer, is_final=is_final)
            if end is None:
                carry = buffer[-1:] if buffer.endswith(b"\r") else b""
                continue
            buffer, line, is_skipping = buffer[end:], line + 1, False
        block, used, lines_count = _scan_buffer(buffer, line, shape, is_final=is_final)
        carry, line = buffer[used:], line + lines_count
        if block.rows_count:
            yield block
        size = len(carry) - carry.endswith(b"\r")
        if size > shape.max_line_bytes and _find_line_end(carry, is_final=False) is None:
            if line > shape.skipped_lines:
                yield _cut_line(carry, line, shape)
            carry, is_skipping = carry[-1:] if carry.endswith(b"\r") else b"", True


def _scan_buffer(
    buffer: bytes, line: int, shape: Shape, *, is_final: bool
) -> tuple[Block, int, int]:
    """Return the block, the bytes used and the physical lines used."""
    lines = measure_lines(buffer, shape.delimiter, is_final=is_final)
    numbers = line + lines.numbers
    sizes = lines.stops - lines.starts
    is_irregular = ~lines.is_sound | (lines.cells_count != shape.cells_count)
    is_irregular |= sizes > shape.max_line_bytes
    is_irregular |= find_bad_bytes(buffer, lines, shape)
    is_row = numbers > shape.skipped_lines
    walk = Walk(buffer, lines, shape, line, is_final)
    verdicts = walk.judge(np.flatnonzero(is_irregular & is_row))
    is_row[verdicts.dropped] = False
    stops = lines.stops.copy()
    for first, last in verdicts.joined:
        stops[first] = lines.stops[last]
    rows = np.flatnonzero(is_row[: verdicts.open_from])
    block = Block(buffer, lines.starts[rows], stops[rows], numbers[rows], tuple(verdicts.cut))
    if verdicts.open_from is None:
        return block, lines.bytes_count, lines.lines_count
    return block, int(lines.starts[verdicts.open_from]), int(lines.numbers[verdicts.open_from])


def _cut_line(carry: bytes, line: int, shape: Shape) -> Block:
    nothing = np.empty(0, np.int64)
    cut = CutRow(line, "line_too_long", None, carry[: shape.raw_bytes])
    return Block(b"", nothing, nothing, nothing, (cut,))


def _find_line_end(text: bytes, *, is_final: bool) -> int | None:
    match = _LINE_END.search(text)
    # The LF that belongs to a CR may stand at the beginning of the next piece.
    if match is None or (text[match.start() :] == b"\r" and not is_final):
        return None
    return match.end()


def _mark_last(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    for chunk in chunks:
        yield chunk, False
    yield b"", True
