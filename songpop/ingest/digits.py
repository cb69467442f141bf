"""Whole numbers in bulk: a column of plain or grouped digits, read without a step per cell.

Five times as fast as a pattern and a cast per cell, and never more lenient: where any cell is
anything else, the column is left to its rule.
"""

from typing import Final

import numpy as np
import pyarrow as pa

from songpop.ingest import bits
from songpop.ingest.arrow import ArrowColumn

_ZERO: Final = 48
_COMMA: Final = 44
_BASE: Final = 10
_MOST_DIGITS: Final = 18
"""So many always fit into 64 bits."""


def read_whole_numbers(texts: ArrowColumn) -> ArrowColumn | None:
    """Read digits, plain (``12345``) or in groups of three behind commas (``12,345``).

    Args:
        texts: string or large_string; null where a cell says nothing.

    Returns:
        int64, null where *texts* is; or null itself where any cell has another form, or more
        than 18 digits.
    """
    offset_type = np.int64 if pa.types.is_large_string(texts.type) else np.int32
    validity, offset_buffer, data_buffer = texts.buffers()
    if data_buffer is None or texts.offset:
        return None
    offsets = np.frombuffer(offset_buffer, offset_type)[: len(texts) + 1].astype(np.int64)
    data = np.frombuffer(data_buffer, np.uint8)[: offsets[-1]]
    is_comma = data == _COMMA
    if not ((data - np.uint8(_ZERO) < _BASE) | is_comma).all():
        return None
    commas = bits.pack(np.append(is_comma, np.False_))
    if not _is_grouped(commas, offsets):
        return None
    plain = offsets - bits.count_before(commas, offsets)
    sizes = np.diff(plain)
    is_empty = np.count_nonzero(sizes == 0) != texts.null_count
    if is_empty or sizes.max(initial=0) > _MOST_DIGITS:
        return None
    kept = bytes(memoryview(data_buffer)[: offsets[-1]]).translate(None, b",")
    buffers = [validity, pa.py_buffer(plain.astype(offset_type)), pa.py_buffer(kept)]
    digits = pa.Array.from_buffers(texts.type, len(texts), buffers, texts.null_count)
    return digits.cast(pa.int64())


def _is_grouped(commas: bits.Words, offsets: bits.Positions) -> bool:
    """Whether every comma stands between one to three digits and exactly three.

    Args:
        commas: where the commas are, in the cells written end to end.
        offsets: where each cell begins, and where the last one ends.
    """
    if not commas.any():
        return True
    is_edge = np.zeros(offsets[-1] + 1, np.bool_)
    is_edge[offsets] = True
    edges = bits.pack(is_edge)
    ends = edges | commas
    three_after = bits.shift_down(ends, 4)
    for count in (1, 2, 3):
        three_after &= ~bits.shift_down(ends, count)
    digits_before = bits.shift_up(commas, 4)
    for count in (1, 2, 3):
        digits_before |= bits.shift_up(edges, count)
    return not (commas & ~(three_after & digits_before & ~edges)).any()
