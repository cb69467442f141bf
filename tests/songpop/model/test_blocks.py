import numpy as np
import pytest

from songpop.errors import CheckError
from songpop.model.blocks import Blocks, no_rows


def test_counts_name_every_block() -> None:
    blocks = Blocks(np.arange(3), np.array([3]), no_rows(), np.array([4, 5]))

    assert blocks.counts() == {"fit": 3, "stop": 1, "calibrate": 0, "test": 2}


def test_a_row_in_two_blocks_is_refused() -> None:
    with pytest.raises(CheckError, match="blocks: expected each row in one block, got 2 rows in"):
        Blocks(np.arange(5), no_rows(), np.array([3, 4]), no_rows())


def test_an_empty_fit_block_is_refused() -> None:
    with pytest.raises(CheckError, match="fit block: expected rows, got none"):
        Blocks(no_rows(), np.arange(2), no_rows(), no_rows())
