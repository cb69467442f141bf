"""What a model is fitted to: the label, or how sure the label's source makes it."""

import numpy as np
from numpy.typing import NDArray

from songpop.model.calibration import sigmoid
from songpop.model.metrics import average_ranks

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def soften(y: Bools, source: Floats, softness: float) -> Floats:
    """Return targets in [0, 1] that rise with the label's source about its cut.

    A row far above the median and one just above it have the same label, yet one more star turns
    only the second; a target that says so teaches more a row. It is the logistic function of the
    distance in ranks over the softness, the ordinal reading of a cut (McCullagh, "Regression
    Models for Ordinal Data", JRSS B 42, 1980). Scores are judged, and calibrated, by the label.

    Args:
        y: (n,) labels of the rows that are fitted on.
        source: (n,) what they are cut from, in points; of these rows alone.
        softness: share of the rows between the median and a target of about 3/4; 0 gives the
            labels themselves.
    """
    if softness == 0:
        return y.astype(np.float64)
    ranks = (average_ranks(source) - 0.5) / source.size
    return sigmoid((ranks - np.mean(~y)) / softness)
