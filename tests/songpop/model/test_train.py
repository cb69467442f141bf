from dataclasses import replace
from operator import itemgetter
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from songpop.model import train as under_test
from songpop.model.architecture import read_keras
from songpop.model.artefact import load_artefact, read_keras_file, read_manifest, save_artefact
from songpop.model.blocks import Blocks, no_rows
from songpop.model.forward import forward_logits
from songpop.model.prepare import Prepared
from songpop.model.train import (
    INVERSE_STRENGTHS,
    fit_networks,
    prepare_network,
    train_logistic,
    train_network,
)
from songpop.settings import TrainingSettings
from tests.songpop.model.builders import (
    fit_only,
    make_blocks,
    make_features,
    make_labels,
    quick_settings,
)

FEATURES = make_features(1_800, weeks=12)
LABELS = make_labels(FEATURES)
BLOCKS = make_blocks(1_800)


def test_a_logistic_model_learns_calibrates_and_is_measured() -> None:
    candidate = train_logistic(FEATURES, LABELS, BLOCKS, quick_settings())
    test = candidate.metrics.test

    assert candidate.kind == "logistic"
    assert candidate.keras == ()
    assert candidate.calibration.method == "platt"
    assert test is not None
    assert test.auc is not None
    assert test.auc > 0.9
    assert test.log_loss < 0.45
    assert test.interval_width < 0.8
    assert [result.strength for result in candidate.metrics.grid] == list(INVERSE_STRENGTHS)
    assert candidate.metrics.rows_counts == BLOCKS.counts()


def test_the_penalty_with_the_lowest_stop_loss_is_chosen() -> None:
    for train in (train_logistic, train_network):
        metrics = train(
            FEATURES, LABELS, BLOCKS, quick_settings(l2_grid=(0.001, 0.3), slower_rates=())
        ).metrics
        losses = {r.strength: r.log_loss for r in metrics.grid if r.log_loss is not None}

        assert metrics.chosen_strength == min(losses, key=lambda strength: losses[strength])
        assert len(set(losses.values())) > 1


def test_slower_rates_are_tried_with_the_penalty_that_was_best_without_them() -> None:
    settings = quick_settings(l2_grid=(0.001, 0.3), slower_rates=(0.003,))
    metrics = train_network(FEATURES, LABELS, BLOCKS, settings).metrics
    first, second, slower = metrics.grid
    best = min(first, second, key=lambda one: one.log_loss or 0)

    assert [one.learning_rate for one in metrics.grid] == [0.01, 0.01, 0.003]
    assert slower.strength == best.strength == metrics.chosen_strength


def test_slower_rates_learn_from_a_teacher_and_the_grid_does_not() -> None:
    settings = quick_settings(l2_grid=(0.001, 0.3), slower_rates=(0.003,))
    grids = [
        train_network(
            FEATURES, LABELS, BLOCKS, settings.model_copy(update={"teacher_share": share})
        ).metrics.grid
        for share in (0.0, 0.7)
    ]

    assert [[one.teacher_share for one in grid] for grid in grids] == [[0, 0, 0], [0, 0, 0.7]]
    assert grids[0][:2] == grids[1][:2]
    assert grids[0][2].log_loss != grids[1][2].log_loss


def test_the_last_fit_learns_what_the_chosen_trial_learned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def teach_that_all_are_high(data: Prepared, settings: TrainingSettings) -> Prepared:
        del settings
        high = np.ones(data.whole.y.size, dtype=np.float32)
        return replace(data, whole=replace(data.whole, targets=high))

    settings = quick_settings(slower_rates=(0.01,))
    data = prepare_network(FEATURES, LABELS, BLOCKS, settings)
    monkeypatch.setattr(under_test, "distil", teach_that_all_are_high)
    means: list[float] = []
    for place in (0, -1):
        monkeypatch.setattr(under_test, "_best", itemgetter(place))
        fitted = fit_networks(data, settings)
        means.append(float(forward_logits(fitted.stacks, data.whole.x).mean()))

    assert means[0] < 1 < means[1]


def test_without_slower_rates_no_teacher_is_fitted() -> None:
    plain, taught = (
        train_network(
            FEATURES, LABELS, BLOCKS, quick_settings(slower_rates=(), teacher_share=share)
        )
        for share in (0.0, 0.7)
    )

    assert np.array_equal(plain.stacks[0][0].kernel, taught.stacks[0][0].kernel)


def test_a_network_can_be_saved_and_scores_as_keras_does(tmp_path: Path) -> None:
    candidate = train_network(FEATURES, LABELS, BLOCKS, quick_settings(max_epochs=15))
    sha256 = save_artefact(candidate, tmp_path / "m")
    scorer = load_artefact(tmp_path / "m", sha256)
    network = read_keras(read_keras_file(tmp_path / "m", sha256))
    raw = network(scorer.inputs.transform(FEATURES)).numpy()[:, 0]
    logits = scorer.logits(FEATURES).astype(np.float64)

    assert np.abs(1 / (1 + np.exp(-logits)) - raw).max() < 1e-6
    assert sorted(read_manifest(tmp_path / "m", sha256).files) == ["model.keras", "weights.npz"]
    assert len(candidate.metrics.curve) >= (candidate.metrics.grid[0].epochs_count or 0) > 0


def test_training_twice_gives_the_same_artefact(tmp_path: Path) -> None:
    settings = quick_settings(ensemble_members=2)
    first, second = (
        save_artefact(train_network(FEATURES, LABELS, BLOCKS, settings), tmp_path / name)
        for name in ("a", "b")
    )

    assert first == second
    assert {path.name for path in (tmp_path / "a").iterdir()} == {
        "manifest.json",
        "model_1.keras",
        "model_2.keras",
        "weights.npz",
    }


def test_an_ensemble_has_members_of_different_seeds() -> None:
    candidate = train_network(FEATURES, LABELS, BLOCKS, quick_settings(ensemble_members=3))
    kernels = [stack[0].kernel for stack in candidate.stacks]

    assert len(kernels) == len(candidate.keras) == 3
    assert not np.array_equal(kernels[0], kernels[1])
    assert not np.array_equal(kernels[1], kernels[2])


def test_empty_blocks_leave_the_identity_the_whole_range_and_no_metrics() -> None:
    candidate = train_network(FEATURES, LABELS, fit_only(1_800), quick_settings())

    assert candidate.calibration.method == "identity"
    assert len(candidate.conformal.bins) == 1
    assert candidate.metrics.test is None
    assert candidate.metrics.grid[0].log_loss is None


def test_without_a_penalty_there_is_no_grid() -> None:
    settings = quick_settings(regularizer="none", l2_grid=(0.1, 0.2), slower_rates=())
    candidate = train_network(FEATURES, LABELS, BLOCKS, settings)

    assert [result.strength for result in candidate.metrics.grid] == [0.0]


@pytest.mark.parametrize("train", [train_logistic, train_network])
def test_rows_outside_the_blocks_do_not_touch_the_model(train: object, tmp_path: Path) -> None:
    blocks = Blocks(np.arange(900), np.arange(900, 1_200), no_rows(), no_rows())
    noise = pl.col(pl.Float32) * 3 + 1
    changed = pl.concat([FEATURES[:1_200], FEATURES[1_200:].with_columns(noise)])
    hashes = {
        save_artefact(train(frame, LABELS, blocks, quick_settings()), tmp_path / str(number))  # type: ignore[operator] - either of two functions
        for number, frame in enumerate((FEATURES, changed))
    }

    assert len(hashes) == 1
