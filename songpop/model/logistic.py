"""Logistic regression on the network's inputs: the provisional model, and a baseline."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from songpop.model.layers import Stack, make_layer
from songpop.model.sample import Sample

_MAX_STEPS = 1000


def fit_logistic(sample: Sample, inverse_strength: float) -> Stack:
    """Fit a logistic regression with an L2 penalty, by L-BFGS, which needs no seed.

    Args:
        sample: rows of the fit block, of both classes.
        inverse_strength: scikit-learn's C; smaller is stronger.

    Returns:
        One layer, from inputs to log-odds.
    """
    # Half a second of import that scoring never pays.
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    model: Any = LogisticRegression(C=inverse_strength, max_iter=_MAX_STEPS)
    model.fit(sample.x, sample.y)
    kernel: NDArray[np.floating] = model.coef_.T  # (inputs, 1)
    return (make_layer(kernel, model.intercept_),)
