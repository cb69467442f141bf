import time
import zipfile
from io import BytesIO

import numpy as np

from songpop.model.archive import read_stacks, write_stacks
from tests.songpop.model.builders import make_stack

STACKS = (make_stack((4, 3, 1), seed=1), make_stack((4, 3, 1), seed=2))


def test_layers_come_back_to_the_bit() -> None:
    read = read_stacks(write_stacks(STACKS))

    assert [len(stack) for stack in read] == [2, 2]
    for stack, known in zip(read, STACKS, strict=True):
        for layer, other in zip(stack, known, strict=True):
            assert np.array_equal(layer.kernel, other.kernel)
            assert np.array_equal(layer.bias, other.bias)


def test_equal_layers_give_equal_bytes_at_any_time() -> None:
    first = write_stacks(STACKS)
    time.sleep(2.1)  # zip times have a resolution of two seconds

    assert write_stacks(STACKS) == first


def test_no_entry_is_a_pickle() -> None:
    with zipfile.ZipFile(BytesIO(write_stacks(STACKS))) as archive:
        headers = [archive.read(name)[:6] for name in archive.namelist()]

    assert headers == [b"\x93NUMPY"] * 8
    assert np.load(BytesIO(write_stacks(STACKS)), allow_pickle=False)["0-0-kernel"].shape == (3, 4)
