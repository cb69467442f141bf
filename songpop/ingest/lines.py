"""The physical lines of a buffer and what their quotes say, measured without a loop over them."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from songpop.ingest import bits

_Bytes = npt.NDArray[np.uint8]
_Index = npt.NDArray[np.int64]

_LF: Final = 10
_CR: Final = 13
_QUOTE: Final = 34


@dataclass(frozen=True, slots=True)
class Lines:
    """The complete physical lines of one buffer; all but blank ones are entries of the arrays."""

    bytes_count: int
    """Bytes up to the end of the last complete line."""
    lines_count: int
    """Complete lines, blank ones included."""
    numbers: _Index
    """Which line of the buffer it is, from 0."""
    starts: _Index
    """Byte offset of the first byte."""
    stops: _Index
    """Byte offset after the last byte, line end excluded."""
    quotes_count: _Index
    cells_count: _Index
    """Delimiters outside quotes, plus one; exact where the quoting is sound."""
    is_sound: npt.NDArray[np.bool_]
    """Even quotes, each at the edge of a cell or doubled within one."""

    @property
    def count(self) -> int:
        """Number of lines that are not blank."""
        return len(self.starts)

    def lines_of(self, positions: _Index) -> _Index:
        """Return the indices of the lines in which the bytes at the given offsets stand."""
        return np.searchsorted(self.stops, positions, side="right")


def measure_lines(text: bytes, delimiter: bytes, *, is_final: bool) -> Lines:
    """Find the complete lines of *text*, which begins at the start of one.

    A line ends at LF, CRLF or a CR alone. Unless *is_final*, what follows the last line end, and
    a CR whose LF may still come, wait for the next buffer.

    Args:
        text: the buffer.
        delimiter: one byte.
        is_final: whether nothing follows, so that the last line needs no end.
    """
    data = np.frombuffer(text, np.uint8)
    line_ends = (data == _LF) | (data == _CR)
    stops, nexts = _find_ends(data, line_ends, is_final=is_final)
    bytes_count = int(nexts[-1]) if len(nexts) else 0
    starts = np.concatenate((np.zeros(min(1, len(nexts)), np.int64), nexts[:-1]))
    numbers = np.flatnonzero(stops > starts)
    starts, stops = starts[numbers], stops[numbers]
    data = data[:bytes_count]
    quotes, delimiters = bits.pack(data == _QUOTE), bits.pack(data == delimiter[0])
    quotes_count = np.diff(bits.count_before(quotes, stops), prepend=0)
    is_odd = quotes_count % 2 == 1
    inside = _inside_quotes(quotes, starts[1:][is_odd[:-1]], bytes_count)
    cells_count = np.diff(bits.count_before(delimiters & ~inside, stops), prepend=0) + 1
    lines = Lines(
        bytes_count, len(nexts), numbers, starts, stops, quotes_count, cells_count, ~is_odd
    )
    edges = quotes | delimiters | bits.pack(line_ends[:bytes_count])
    stray = bits.positions_of(_stray_quotes(quotes, edges, inside, bytes_count))
    lines.is_sound[lines.lines_of(stray)] = False
    return lines


def _find_ends(
    data: _Bytes, line_ends: npt.NDArray[np.bool_], *, is_final: bool
) -> tuple[_Index, _Index]:
    """Return for each complete line where its content stops and where the next one starts."""
    stops = np.flatnonzero(line_ends)
    # A CR ends a line by itself unless an LF follows, or may follow in the next buffer.
    followers = np.append(data, np.uint8(0 if is_final else _LF))[stops + 1]
    stops = stops[(data[stops] == _LF) | (followers != _LF)]
    # Offset -1 wraps round to the last byte, hence the last condition.
    has_pair = (data[stops] == _LF) & (data[stops - 1] == _CR) & (stops > 0)
    nexts, stops = stops + 1, stops - has_pair
    if is_final and len(data) > (nexts[-1] if len(nexts) else 0):
        nexts, stops = np.append(nexts, len(data)), np.append(stops, len(data))
    return stops, nexts


def _inside_quotes(quotes: bits.Words, after_odd: _Index, count: int) -> bits.Words:
    """Return the bytes from each opening quote until before the closing one.

    Each line is judged as if it began outside quotes, whatever an earlier one left open: hence a
    turn at the start of every line in *after_odd*, those that follow an odd number of quotes.
    """
    return bits.running_xor(quotes ^ bits.mark(after_odd, count) if len(after_odd) else quotes)


def _stray_quotes(
    quotes: bits.Words, edges: bits.Words, inside: bits.Words, count: int
) -> bits.Words:
    """Return the quotes that neither bound a cell nor stand doubled within one.

    Args:
        quotes: all of them.
        edges: quotes, delimiters and line ends.
        inside: the bytes from each opening quote until before the closing one.
        count: of bytes.
    """
    before, after = bits.shift_up(edges, 1), bits.shift_down(edges, 1)
    # Nothing stands before the first byte and behind the last one.
    before[:1] |= np.uint64(1)
    after[-1:] |= np.uint64(1) << np.uint64((count - 1) % 64)
    return (quotes & inside & ~before) | (quotes & ~inside & ~after)
