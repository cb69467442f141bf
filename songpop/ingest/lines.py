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
    """Physical lines of one buffer, each an entry of every array."""

    starts: _Index
    """Byte offset of the first byte."""
    stops: _Index
    """Byte offset after the last byte, line end excluded."""
    nexts: _Index
    """Byte offset after the line end."""
    quotes_count: _Index
    cells_count: _Index
    """Delimiters outside quotes, plus one; exact where the quoting is sound."""
    is_sound: npt.NDArray[np.bool_]
    """Even quotes, each at the edge of a cell or doubled within one."""

    @property
    def count(self) -> int:
        """Number of lines."""
        return len(self.starts)


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
    starts, stops, nexts = _find_ends(data, is_final=is_final)
    data = data[: nexts[-1] if len(nexts) else 0]
    quotes, delimiters = bits.pack(data == _QUOTE), bits.pack(data == delimiter[0])
    quotes_count = np.diff(bits.count_before(quotes, nexts), prepend=0)
    is_odd = quotes_count % 2 == 1
    inside = _inside_quotes(quotes, starts[1:][is_odd[:-1]])
    cells_count = np.diff(bits.count_before(delimiters & ~inside, nexts), prepend=0) + 1
    is_sound = ~is_odd
    stray = bits.positions_of(_stray_quotes(data, quotes, delimiters, inside))
    is_sound[np.searchsorted(nexts, stray, side="right")] = False
    return Lines(starts, stops, nexts, quotes_count, cells_count, is_sound)


def _find_ends(data: _Bytes, *, is_final: bool) -> tuple[_Index, _Index, _Index]:
    stops = np.flatnonzero(data == _LF)
    # Offset -1 wraps round to the last byte, which is no CR before the first LF.
    has_pair = (data[stops - 1] == _CR) & (stops > 0)
    is_return = data == _CR
    if np.count_nonzero(has_pair) < np.count_nonzero(is_return):
        returns = np.flatnonzero(is_return)
        followers = np.append(data, np.uint8(0 if is_final else _LF))[returns + 1]
        stops = np.union1d(stops, returns[followers != _LF])
        has_pair = (data[stops] == _LF) & (data[stops - 1] == _CR) & (stops > 0)
    nexts, stops = stops + 1, stops - has_pair
    if is_final and len(data) > (nexts[-1] if len(nexts) else 0):
        nexts, stops = np.append(nexts, len(data)), np.append(stops, len(data))
    starts = np.concatenate((np.zeros(min(1, len(nexts)), np.int64), nexts[:-1]))
    return starts, stops, nexts


def _inside_quotes(quotes: bits.Words, after_odd: _Index) -> bits.Words:
    """Return the bytes from each opening quote until before the closing one.

    Each line is judged as if it began outside quotes, whatever an earlier one left open: hence a
    turn at the start of every line in *after_odd*, those that follow an odd number of quotes.
    """
    turns = bits.mark(after_odd, len(quotes)) if len(after_odd) else np.uint64(0)
    return bits.running_xor(quotes ^ turns)


def _stray_quotes(
    data: _Bytes, quotes: bits.Words, delimiters: bits.Words, inside: bits.Words
) -> bits.Words:
    """Return the quotes that neither bound a cell nor stand doubled within one."""
    edges = quotes | delimiters | bits.pack((data == _LF) | (data == _CR))
    before, after = bits.shift_up(edges, 1), bits.shift_down(edges, 1)
    if len(data):
        before |= bits.mark(np.array([0]), len(before))
        after |= bits.mark(np.array([len(data) - 1]), len(after))
    return (quotes & inside & ~before) | (quotes & ~inside & ~after)
