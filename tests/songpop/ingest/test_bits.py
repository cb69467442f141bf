import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from songpop.ingest import bits

MASKS = st.lists(st.booleans(), min_size=1, max_size=300).map(np.array)


def unpack(words: bits.Words, count: int) -> list[bool]:
    return np.unpackbits(words.view(np.uint8), bitorder="little")[:count].astype(bool).tolist()


@given(MASKS)
def test_packing_keeps_every_bit_in_place(mask: np.ndarray) -> None:
    words = bits.pack(mask)

    assert unpack(words, len(mask)) == mask.tolist()
    assert bits.positions_of(words).tolist() == np.flatnonzero(mask).tolist()
    assert bits.mark(np.flatnonzero(mask), len(mask)).tolist() == words.tolist()


@given(MASKS)
def test_running_xor_is_that_of_the_bits(mask: np.ndarray) -> None:
    expected = np.bitwise_xor.accumulate(mask).tolist()

    assert unpack(bits.running_xor(bits.pack(mask)), len(mask)) == expected


@given(MASKS)
def test_count_before_counts_bits_below_each_position(mask: np.ndarray) -> None:
    positions = np.arange(len(mask) + 1)
    expected = [int(mask[:position].sum()) for position in positions]

    assert bits.count_before(bits.pack(mask), positions).tolist() == expected


@given(MASKS, st.integers(1, 63))
def test_shifts_move_bits_over_words(mask: np.ndarray, count: int) -> None:
    words = bits.pack(mask)
    up = [False] * count + mask.tolist()
    down = mask.tolist()[count:] + [False] * count

    assert unpack(bits.shift_up(words, count), len(mask)) == up[: len(mask)]
    assert unpack(bits.shift_down(words, count), len(mask)) == down[: len(mask)]


@pytest.mark.parametrize("count", [0, 64, 65])
def test_words_are_as_few_as_needed(count: int) -> None:
    assert len(bits.pack(np.ones(count, np.bool_))) == -(-count // 64)
