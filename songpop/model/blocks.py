"""Which rows a model is fitted, stopped, calibrated and tested on."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from songpop.errors import CheckError, expected

Rows = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Blocks:
    """Four disjoint sets of row numbers, each in week order.

    Blocks are of whole weeks, the horizon apart, except for a snapshot, which has one week; who
    makes them sees to that. Any but ``fit`` may be empty.

    Attributes:
        fit: rows whose quantiles make the inputs, and from which everything that is tried learns.
        stop: rows that choose among what was tried: the penalty's strength, the learning rate and
            the epoch; the last fit, with what they chose, learns from them too.
        calibrate: rows that fit the calibration and the intervals.
        test: rows for the metrics; nothing is fitted on them.

    Raises:
        CheckError: a row stands in two blocks, or ``fit`` is empty.
    """

    fit: Rows
    stop: Rows
    calibrate: Rows
    test: Rows

    def __post_init__(self) -> None:
        """Refuse blocks that share a row: what a block judges must be new to the model."""
        if self.fit.size == 0:
            raise CheckError(expected("fit block", "rows", "none", "wait for more matured weeks"))
        everything = np.concatenate([getattr(self, field.name) for field in fields(self)])
        repeated = everything.size - np.unique(everything).size
        if repeated:
            message = expected(
                "blocks",
                "each row in one block",
                f"{repeated} rows in several",
                "split by whole weeks",
            )
            raise CheckError(message)

    def counts(self) -> dict[str, int]:
        """Return the number of rows of each block, by name."""
        return {field.name: int(getattr(self, field.name).size) for field in fields(self)}


def no_rows() -> Rows:
    """Return an empty block."""
    return np.empty(0, dtype=np.intp)
