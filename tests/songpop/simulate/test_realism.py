import numpy as np
import pytest

from tests.benchmarks.drift.realism import (
    SNAPSHOT,
    Shape,
    correlation_gaps,
    describe_real,
    describe_simulated,
)
from tests.real_data import real_data

pytestmark = pytest.mark.real_data


@pytest.fixture(scope="module")
def shapes() -> tuple[Shape, Shape]:
    return describe_real(real_data(SNAPSHOT)), describe_simulated((1, 2))


def test_metrics_are_missing_as_often_as_really(shapes: tuple[Shape, Shape]) -> None:
    real, simulated = shapes

    assert np.abs(real.missing - simulated.missing).max() < 0.03


def test_typical_values_are_the_real_ones(shapes: tuple[Shape, Shape]) -> None:
    real, simulated = shapes
    gaps = np.abs(real.quantiles - simulated.quantiles)

    assert gaps[:, 1].max() < np.log10(1.5)
    assert gaps.max() < np.log10(2.5)


def test_metrics_go_together_as_really(shapes: tuple[Shape, Shape]) -> None:
    gaps = correlation_gaps(*shapes)

    assert gaps.mean() < 0.08
    assert np.quantile(gaps, 0.9) < 0.18


def test_older_tracks_have_more_or_less_of_a_metric_as_really(shapes: tuple[Shape, Shape]) -> None:
    real, simulated = shapes

    assert np.abs(real.with_age - simulated.with_age).max() < 0.35
    assert np.abs(real.with_age - simulated.with_age).mean() < 0.1
