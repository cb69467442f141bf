"""What one model is given: rows to fit on, folds of them, and rows to answer for."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from songpop.model.fit_inputs import fit_inputs
from songpop.model.sample import Sample
from songpop.reproduce.encode import add_hinges
from songpop.reproduce.split import Rows, Split, make_folds
from songpop.reproduce.targets import soften
from songpop.reproduce.tracks import FeatureSet, Tracks

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Material:
    """Rows to fit on, and rows to answer for, whose labels are not in here.

    Attributes:
        fit: (n, inputs) rows to fit on, as the networks see them, and their labels.
        source: (n,) what these labels are cut from, in points.
        test: (m, inputs) rows to answer for.
        raw_fit: (n, features) the same features before their transform, NaN where missing.
        raw_test: (m, features).
        folds: inner folds, as places in the rows to fit on.
        seeds_count: repetitions with other seeds.
    """

    fit: Sample
    source: NDArray[np.float64]
    test: Floats
    raw_fit: Floats
    raw_test: Floats
    folds: tuple[Rows, ...]
    seeds_count: int

    def targets(self, softness: float, rows: Rows | None = None) -> NDArray[np.float64]:
        """Return what a model is fitted to on *rows*, places in the rows to fit on; null: all."""
        rows = np.arange(self.fit.y.size) if rows is None else rows
        return soften(self.fit.y[rows], self.source[rows], softness)

    def divided(self) -> list[tuple[Rows, Rows]]:
        """Return, for each inner fold, the places of the other folds and its own."""
        everything = np.arange(self.fit.y.size)
        return [(np.setdiff1d(everything, fold), fold) for fold in self.folds]


def make_material(
    tracks: Tracks,
    feature_set: FeatureSet,
    split: Split,
    *,
    is_by_artist: bool,
    folds_count: int,
    seeds_count: int,
) -> Material:
    """Fit the inputs on a split's rows to fit on, and transform both sides.

    The inner folds share these inputs: quantiles of features, which know no labels.

    Args:
        tracks: all rows.
        feature_set: which of their features.
        split: which rows serve for what.
        is_by_artist: whether the rows of an artist stay in one inner fold.
        folds_count: number of inner folds.
        seeds_count: repetitions that the split asks for.
    """
    features = tracks.features[feature_set]
    fit_features, test_features = features[split.fit], features[split.test]
    inputs = fit_inputs(fit_features)
    fit_y = tracks.y[split.fit]
    groups = tracks.artists[split.fit] if is_by_artist else None
    return Material(
        fit=Sample(add_hinges(inputs, inputs.transform(fit_features)), fit_y),
        source=tracks.source[split.fit],
        test=add_hinges(inputs, inputs.transform(test_features)),
        raw_fit=inputs.make_dense(fit_features).to_numpy(),
        raw_test=inputs.make_dense(test_features).to_numpy(),
        folds=make_folds(fit_y, groups, folds_count),
        seeds_count=seeds_count,
    )
