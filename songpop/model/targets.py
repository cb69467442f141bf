"""What a network is fitted to: the label, or how far the outcome was from the other one."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from songpop.model.calibration import sigmoid


def soft_targets(labels: pl.DataFrame, softness: float) -> NDArray[np.float32] | None:
    """Return targets in [0, 1] that rise with the outcome about the label's cut.

    A track far above the cut and one just above it have the same label, yet a little more turns
    only the second; a target that says so teaches more a row. It is the logistic function of the
    margin over the softness, the ordinal reading of a cut (McCullagh, "Regression Models for
    Ordinal Data", JRSS B 42, 1980). Scores are judged, and calibrated, by the label.

    Args:
        labels: (n, 1+), is_high and, where it is known, margin (signed, in shares of the rows);
            a row whose margin is null keeps its label.
        softness: in the margin's unit; 0 gives the labels themselves.

    Returns:
        (n,), or null where every target is the label.
    """
    if not softness or "margin" not in labels.columns:
        return None
    y = labels.get_column("is_high").cast(pl.Float64).to_numpy()
    margin = labels.get_column("margin").fill_null(float("nan")).to_numpy()
    soft = sigmoid(np.nan_to_num(margin) / softness)
    return np.where(np.isnan(margin), y, soft).astype(np.float32)
