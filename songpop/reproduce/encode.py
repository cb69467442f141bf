"""Piecewise-linear inputs: what a tree can cut anywhere, a network's first layer can bend here."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from songpop.model.inputs import InputTransform, QuantileInput

Floats = NDArray[np.float32]

KNOTS: Final = (-1.0, 0.0, 1.0)
"""Normal scores at which each input may bend: about its 16th, 50th and 84th percentiles."""


def add_hinges(inputs: InputTransform, matrix: Floats) -> Floats:
    """Return *matrix* with max(0, x - knot) of each rank-normalised input beside.

    Piecewise-linear encoding helps networks on tables more than depth does (Gorishniy, Rubachev
    and Babenko, "On Embeddings for Numerical Features in Tabular Deep Learning", NeurIPS 2022,
    section 3.1), here in the additive form of Friedman's hinges (Annals of Statistics 19, 1991).

    Args:
        inputs: fitted on the rows to fit on.
        matrix: (n, inputs), what they give.

    Returns:
        (n, inputs + 3 × rank-normalised inputs) float32.
    """
    ranked = [isinstance(spec, QuantileInput) for spec in inputs.specs]
    hinges = [np.maximum(matrix[:, ranked] - np.float32(knot), 0) for knot in KNOTS]
    return np.hstack([matrix, *hinges])
