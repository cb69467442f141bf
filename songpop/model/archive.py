"""Arrays in an ``.npz`` whose bytes depend on the arrays alone."""

import io
import zipfile

import numpy as np
from numpy.typing import NDArray

from songpop.model.layers import Layer, Stack

ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
"""Earliest time that a zip entry can carry (PKWARE APPNOTE 4.4.6), for every entry."""


def write_stacks(stacks: tuple[Stack, ...]) -> bytes:
    """Return the networks as the bytes of an ``.npz`` without pickles.

    ``numpy.savez`` stamps each entry with the time of writing; here equal arrays give equal bytes.
    """
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for member, stack in enumerate(stacks):
            for depth, layer in enumerate(stack):
                _write(archive, f"{member}-{depth}-kernel", layer.kernel)
                _write(archive, f"{member}-{depth}-bias", layer.bias)
    return written.getvalue()


def read_stacks(content: bytes) -> tuple[Stack, ...]:
    """Return the networks of an ``.npz`` that ``write_stacks`` made."""
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        depths: dict[int, int] = {}
        for name in arrays.files:
            member, depth, _ = name.split("-")
            depths[int(member)] = max(depths.get(int(member), 0), int(depth) + 1)
        return tuple(
            tuple(
                Layer(arrays[f"{member}-{depth}-kernel"], arrays[f"{member}-{depth}-bias"])
                for depth in range(count)
            )
            for member, count in sorted(depths.items())
        )


def _write(archive: zipfile.ZipFile, name: str, array: NDArray[np.float32]) -> None:
    content = io.BytesIO()
    np.lib.format.write_array(content, array, allow_pickle=False)
    archive.writestr(zipfile.ZipInfo(f"{name}.npy", date_time=ZIP_EPOCH), content.getvalue())
