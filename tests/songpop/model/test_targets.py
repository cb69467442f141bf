import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from songpop.model.targets import soft_targets


def make_labels(*margins: float | None) -> pl.DataFrame:
    """Return labels of the margins' signs; null counts as high."""
    is_high = [margin is None or margin > 0 for margin in margins]
    return pl.DataFrame(
        {"is_high": is_high, "margin": margins},
        schema={"is_high": pl.Boolean, "margin": pl.Float64},
    )


def test_a_margin_of_one_softness_is_about_three_quarters() -> None:
    targets = soft_targets(make_labels(0.05, -0.05), 0.05)

    assert targets is not None
    assert targets.tolist() == pytest.approx([1 / (1 + math.exp(-1)), 1 / (1 + math.e)])


def test_a_row_without_a_margin_keeps_its_label() -> None:
    targets = soft_targets(make_labels(None, 0.2), 0.05)

    assert targets is not None
    assert targets[0] == 1.0


@pytest.mark.parametrize("labels", [make_labels(0.1), make_labels(0.1).drop("margin")])
def test_no_softness_or_no_margins_leave_the_labels(labels: pl.DataFrame) -> None:
    assert soft_targets(labels, 0.0) is None
    assert soft_targets(labels.select("is_high"), 0.1) is None


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=20), st.floats(0.001, 1))
def test_targets_rise_with_the_margin_and_stay_on_its_side(
    margins: list[float], softness: float
) -> None:
    targets = soft_targets(make_labels(*margins), softness)
    order = np.argsort(margins, kind="stable")

    assert targets is not None
    assert (np.diff(targets[order]) >= 0).all()
    assert (targets[np.array(margins) > 0] >= 0.5).all()
    assert (targets[np.array(margins) <= 0] <= 0.5).all()
