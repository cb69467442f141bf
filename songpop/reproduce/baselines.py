"""Logistic regression and histogram gradient boosting on the features that the networks get."""

from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from songpop.model.forward import forward_logits
from songpop.model.logistic import fit_logistic
from songpop.model.sample import Sample
from songpop.reproduce.choice import (
    Choice,
    Fitted,
    Trial,
    best_trial,
    choose_calibration,
    judge_logits,
)
from songpop.reproduce.material import Material
from songpop.reproduce.plan import SEED_STRIDE, BoostingGrid, ReproducePlan

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]
_BoostingSetting = tuple[int, float, float]
"""Leaves, share of features, softness."""


def fit_logistic_regression(material: Material, plan: ReproducePlan) -> Fitted:
    """Fit a logistic regression on the networks' inputs; C by inner folds.

    It has no seed, so each repetition gives the same.
    """
    sample = material.fit
    found: list[tuple[Trial, Floats]] = []
    for strength in plan.inverse_strengths:
        logits = np.empty(sample.y.size, dtype=np.float32)
        for others, fold in material.divided():
            stack = fit_logistic(Sample(sample.x[others], sample.y[others]), strength)
            logits[fold] = forward_logits([stack], sample.x[fold])
        loss = min(judge_logits(sample.y, logits, material.folds))
        found.append((Trial({"C": strength}, loss), logits))
    chosen = best_trial(tuple(trial for trial, _ in found))
    stack = fit_logistic(sample, chosen.setting["C"])
    test = np.tile(forward_logits([stack], material.test), (material.seeds_count, 1))
    return _answer("logistic", material, found, test)


def fit_boosting(material: Material, plan: ReproducePlan) -> Fitted:
    """Fit scikit-learn's histogram gradient boosting on the features as they are.

    It bins the features by their quantiles and has a branch for missing values, so the networks'
    transform would change nothing but the bins' edges. Leaves, features a split, the number of
    trees and, as for the network, the softness of the targets are chosen by inner folds, and then,
    where a seed draws the features of each split, the size of an ensemble. Where each split sees
    all features, there is nothing to draw, so that each repetition gives the same.
    """
    grid, seed = plan.boosting, plan.network.seed
    found = [
        one
        for trial in product(grid.leaves, grid.features_shares, plan.softness_grid)
        for one in _try_boosting(material, grid, trial, seed)
    ]
    single = best_trial(tuple(trial for trial, _ in found))
    found += _grow_boosting(material, plan, found, single)
    best = best_trial(tuple(trial for trial, _ in found)).setting
    setting = (int(best["leaves"]), best["features_share"], best["softness"])
    targets, members = material.targets(best["softness"]), int(best["members"])
    test = np.zeros((material.seeds_count, len(material.raw_test)), dtype=np.float32)
    for place, member in np.ndindex(material.seeds_count, members):
        model = _boosting(grid, setting, int(best["trees"]), seed + place * SEED_STRIDE + member)
        _teach(model, material.raw_fit, targets)
        test[place] += np.float32(model.decision_function(material.raw_test) / members)
    return _answer("boosting", material, found, test)


def _grow_boosting(
    material: Material, plan: ReproducePlan, singles: list[tuple[Trial, Floats]], single: Trial
) -> list[tuple[Trial, Floats]]:
    """Judge ensembles of the best setting, where their members differ."""
    setting = single.setting
    if setting["features_share"] >= 1:
        return []
    only = plan.boosting.model_copy(update={"trees": (int(setting["trees"]),)})
    kind = (int(setting["leaves"]), setting["features_share"], setting["softness"])
    total = next(logits for trial, logits in singles if trial is single).copy()
    found: list[tuple[Trial, Floats]] = []
    for size in range(2, max(plan.members_grid) + 1):
        ((_, logits),) = _try_boosting(material, only, kind, plan.network.seed + size - 1)
        total = total + logits
        if size in plan.members_grid:
            mean = total / np.float32(size)
            loss = min(judge_logits(material.fit.y, mean, material.folds))
            found.append((Trial({**setting, "members": float(size)}, loss), mean))
    return found


def _try_boosting(
    material: Material, grid: BoostingGrid, setting: _BoostingSetting, seed: int
) -> list[tuple[Trial, Floats]]:
    """Judge every number of trees, read off one fit a fold."""
    leaves, share, softness = setting
    y = material.fit.y
    logits = np.empty((len(grid.trees), y.size), dtype=np.float32)
    for others, fold in material.divided():
        model = _boosting(grid, setting, max(grid.trees), seed)
        _teach(model, material.raw_fit[others], material.targets(softness, others))
        stages = model.staged_decision_function(material.raw_fit[fold])
        for trees, stage in enumerate(stages, start=1):
            if trees in grid.trees:
                logits[grid.trees.index(trees), fold] = np.ravel(stage)
    named = {"leaves": float(leaves), "features_share": share, "softness": softness}
    return [
        (
            Trial(
                {**named, "trees": float(trees), "members": 1.0},
                min(judge_logits(y, row, material.folds)),
            ),
            row,
        )
        for trees, row in zip(grid.trees, logits, strict=True)
    ]


def _teach(model: Any, x: Floats, targets: NDArray[np.float64]) -> None:  # noqa: ANN401 - scikit-learn has no types
    """Fit *model* to *targets*: labels, or shares of a row that count as high and as low."""
    if np.isin(targets, (0.0, 1.0)).all():
        model.fit(x, targets == 1)
        return
    twice = np.vstack([x, x])
    labels = np.repeat([True, False], len(x))
    model.fit(twice, labels, sample_weight=np.concatenate([targets, 1 - targets]))


def _boosting(grid: BoostingGrid, setting: _BoostingSetting, trees: int, seed: int) -> Any:  # noqa: ANN401 - scikit-learn has no types
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415 - half a second

    leaves, share, softness = setting
    kind: Any = HistGradientBoostingClassifier  # its inferred types refuse early_stopping=False
    return kind(
        learning_rate=grid.learning_rate,
        max_iter=trees,
        max_leaf_nodes=leaves,
        max_features=share,
        # Each row stands twice where targets are soft.
        min_samples_leaf=2 * grid.leaf_rows if softness else grid.leaf_rows,
        early_stopping=False,
        random_state=seed,
    )


def _answer(
    name: str, material: Material, found: list[tuple[Trial, Floats]], test: Floats
) -> Fitted:
    trials = tuple(trial for trial, _ in found)
    chosen = best_trial(trials)
    unseen = found[trials.index(chosen)][1]
    scaling, raw_loss, scaled_loss = choose_calibration(material.fit.y, unseen, material.folds)
    choice = Choice(
        setting=chosen.setting,
        trials=trials,
        is_calibrated=scaling.method == "platt",
        raw_log_loss=raw_loss,
        calibrated_log_loss=scaled_loss,
    )
    return Fitted(name, scaling.probability(test), choice)
