"""Rows of a block, as a model wants them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Sample:
    """Rows to learn from or to judge by.

    Attributes:
        x: (n, inputs) float32.
        y: (n,) boolean, true for high potential.
    """

    x: NDArray[np.float32]
    y: NDArray[np.bool_]
