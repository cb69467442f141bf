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
        targets: (n,) in [0, 1], what a network learns in place of ``y``; null: ``y`` itself.
    """

    x: NDArray[np.float32]
    y: NDArray[np.bool_]
    targets: NDArray[np.float32] | None = None

    @property
    def taught(self) -> NDArray[np.float32]:
        """What a network is fitted to, (n,)."""
        return self.y.astype(np.float32) if self.targets is None else self.targets
