"""What is promised of a network, on one of the shipped shape that a teacher taught."""

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from songpop.model.artefact import (
    MANIFEST_FILE,
    WEIGHTS_FILE,
    hash_manifest,
    load_artefact,
    read_manifest,
)
from songpop.model.forward import forward_logits
from tests.songpop.model.train_shipped import SETTINGS, WEEKS_COUNT, make_rows

ROOT = Path(__file__).parents[3]
MOST_SECONDS = 120


def train_apart(folders: list[Path]) -> None:
    """Train once into each folder, in as many processes at once."""
    command = [sys.executable, "-m", "tests.songpop.model.train_shipped"]
    running = [subprocess.Popen([*command, str(folder)], cwd=ROOT) for folder in folders]
    try:
        assert [one.wait(MOST_SECONDS) for one in running] == [0] * len(folders)
    finally:
        for one in running:
            one.kill()


def digest_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def probability(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-logits.astype(np.float64)))


@pytest.mark.slow
def test_the_shipped_network_is_the_same_twice_agrees_with_keras_and_its_reasons_add_up(
    tmp_path: Path,
) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
    train_apart(folders)
    model = folders[0] / "model"
    manifest = read_manifest(model, hash_manifest(model))
    best = min(manifest.metrics.grid, key=lambda one: one.log_loss or np.inf)
    scorer = load_artefact(model, hash_manifest(model))

    assert [layer.kernel.shape[0] for layer in scorer.stacks[0]] == [128, 64, 32, 16, 1]
    assert (best.teacher_share, best.learning_rate) == (0.7, SETTINGS.slower_rates[0])
    for name in (WEIGHTS_FILE, "model.keras", MANIFEST_FILE):
        assert digest_of(folders[0] / "model" / name) == digest_of(folders[1] / "model" / name)

    features, _ = make_rows()
    raw = np.load(folders[0] / "keras.npy")
    assert raw.std() > 0.1  # it has learned something that could disagree
    assert np.abs(probability(scorer.logits(features)) - raw).max() < 1e-6

    cohorts = features.partition_by("week")
    assert len(cohorts) == WEEKS_COUNT
    for cohort in cohorts:
        median = np.median(scorer.inputs.transform(cohort), axis=0)[None]
        log_odds = scorer.calibration.log_odds(scorer.logits(cohort))
        reference = scorer.calibration.log_odds(forward_logits(scorer.stacks, median))
        reasons = scorer.contributions(cohort).drop("reference_log_odds")
        sums = reasons.sum_horizontal().to_numpy()

        assert np.abs(sums).max() > 0.5
        assert sums == pytest.approx(log_odds - reference, abs=1e-4)
