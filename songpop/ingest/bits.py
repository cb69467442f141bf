"""Byte masks as bits, 64 to a word: the passes over whole files cost a tenth of those over bytes.

The technique is that of simdjson (Langdale and Lemire, "Parsing gigabytes of JSON per second",
VLDB Journal 28, 2019, section 3.1): quoted regions are the running exclusive or of the quotes.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

Positions = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
"""Bit i of a mask is bit i % 64, from the lowest, of word i // 64; unused bits are 0."""

_WORD_BITS: Final = 64
_ALL: Final = np.uint64(2**64 - 1)


def pack(mask: npt.NDArray[np.bool_]) -> Words:
    """Return the words of a mask."""
    words = np.zeros(-(-len(mask) // _WORD_BITS), "<u8")
    packed = np.packbits(mask, bitorder="little")
    words.view(np.uint8)[: len(packed)] = packed
    return words


def mark(positions: Positions, count: int) -> Words:
    """Return the words of *count* bits, of which those at the given positions are 1."""
    mask = np.zeros(count, np.bool_)
    mask[positions] = True
    return pack(mask)


def positions_of(words: Words) -> Positions:
    """Return where the bits are 1, ascending."""
    if not words.any():
        return np.empty(0, np.int64)
    return np.flatnonzero(np.unpackbits(words.view(np.uint8), bitorder="little"))


def running_xor(words: Words) -> Words:
    """Return words whose bit i is the exclusive or of the bits 0 to i."""
    result = words.copy()
    for shift in (1, 2, 4, 8, 16, 32):
        result ^= result << np.uint64(shift)
    carries = np.bitwise_xor.accumulate(result >> np.uint64(_WORD_BITS - 1))
    result[1:] ^= carries[:-1] * _ALL
    return result


def count_before(words: Words, positions: Positions) -> npt.NDArray[np.int64]:
    """Return for each position how many bits before it are 1."""
    totals = np.concatenate(([0], np.cumsum(np.bitwise_count(words), dtype=np.int64)))
    index, offset = positions >> 6, positions & (_WORD_BITS - 1)
    below = np.left_shift(np.uint64(1), offset.astype(np.uint64)) - np.uint64(1)
    padded = np.append(words, np.uint64(0))
    return totals[index] + np.bitwise_count(padded[index] & below)


def shift_up(words: Words, count: int) -> Words:
    """Return words whose bit i is bit i - *count*, for 1 to 63; the first ones are 0."""
    result = words << np.uint64(count)
    result[1:] |= words[:-1] >> np.uint64(_WORD_BITS - count)
    return result


def shift_down(words: Words, count: int) -> Words:
    """Return words whose bit i is bit i + *count*, for 1 to 63; the last ones are 0."""
    result = words >> np.uint64(count)
    result[:-1] |= words[1:] << np.uint64(_WORD_BITS - count)
    return result
