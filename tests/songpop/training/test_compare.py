import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from threadpoolctl import threadpool_limits

from songpop.evaluate import baselines, report
from songpop.evaluate.report import WHOLE
from songpop.model.artefact import MANIFEST_FILE, load_artefact, read_manifest, save_artefact
from songpop.model.blocks import Blocks, no_rows
from songpop.model.conformal import fit_constant_interval
from songpop.model.metrics import log_loss
from songpop.model.train import train_logistic, train_network
from songpop.training import compare
from songpop.training.compare import (
    calibrated_scores,
    compare_with_baselines,
    make_task,
)
from songpop.training.gather import TrainingSet
from tests.songpop.evaluate.builders import draw_few, leave_threads
from tests.songpop.model.builders import (
    fit_only,
    make_blocks,
    make_features,
    make_labels,
    quick_settings,
)

ROWS = 1_800
SETTINGS = quick_settings(max_epochs=3, batch_rows=128, slower_rates=())


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(baselines, "MOST_TREES", 5)
    monkeypatch.setattr(baselines, "LEAVES", (4,))
    monkeypatch.setattr(baselines, "threadpool_limits", leave_threads)
    monkeypatch.setattr(report, "ClusterBootstrap", draw_few)
    with threadpool_limits(limits=1):
        yield


def make_set(blocks: Blocks | None = None) -> TrainingSet:
    """Return twelve weeks by artists of whom the last week's are new."""
    features = make_features(ROWS, weeks=12)
    labels = make_labels(features)
    streams = features.get_column("streams_count__log").cast(pl.Float64)
    weeks = tuple(features.get_column("week").unique().sort().to_list())
    return TrainingSet(
        features=features,
        labels=pl.concat([features.select("feed", "week", "track_id"), labels], how="horizontal"),
        facts=pl.DataFrame(
            {
                "artist": [
                    f"new {n % 10}" if n >= ROWS - ROWS // 12 else f"a{n % 40}" for n in range(ROWS)
                ],
                "size": streams.rank() / ROWS,
                "today": streams.rank() / ROWS,
                "age_weeks": features.get_column("age_days__log").cast(pl.Float64),
            }
        ),
        blocks=blocks or make_blocks(ROWS),
        weeks=weeks,
        seen_until=weeks[-1],
    )


def test_a_network_is_evaluated_beside_every_baseline_on_its_test_block() -> None:
    training_set = make_set()
    candidate = train_network(
        training_set.features, training_set.labels, training_set.blocks, SETTINGS
    )

    evaluation = compare_with_baselines(candidate, training_set).metrics.evaluation

    assert evaluation is not None
    assert [one.model for one in evaluation.models] == [
        "network",
        "constant",
        "persistence",
        "logistic",
        "boosting",
    ]
    test, whole = candidate.metrics.test, evaluation.models[0].whole
    assert test is not None
    assert (whole.rows_count, whole.auc) == (test.rows_count, test.auc)
    assert whole.log_loss == pytest.approx(test.log_loss)
    assert evaluation.intervals is not None
    assert evaluation.intervals.slices[WHOLE].coverage == pytest.approx(test.interval_coverage)


def test_a_provisional_model_stands_first_and_takes_the_place_of_its_baseline() -> None:
    training_set = make_set()
    candidate = train_logistic(
        training_set.features, training_set.labels, training_set.blocks, SETTINGS
    )

    evaluation = compare_with_baselines(candidate, training_set).metrics.evaluation

    assert evaluation is not None
    models = [one.model for one in evaluation.models]
    assert models == ["logistic", "constant", "persistence", "boosting"]
    assert [one.other for one in evaluation.comparisons] == models[1:]


def test_without_a_test_block_there_is_no_evaluation() -> None:
    training_set = make_set(fit_only(ROWS))
    candidate = train_logistic(
        training_set.features, training_set.labels, training_set.blocks, SETTINGS
    )

    assert compare_with_baselines(candidate, training_set) is candidate


def test_an_evaluation_survives_the_manifest_and_touches_nothing_else(tmp_path: Path) -> None:
    training_set = make_set()
    candidate = train_logistic(
        training_set.features, training_set.labels, training_set.blocks, SETTINGS
    )
    compared = compare_with_baselines(candidate, training_set)

    read = read_manifest(tmp_path / "m", save_artefact(compared, tmp_path / "m"))

    assert read.metrics == compared.metrics
    assert read.metrics.evaluation is not None
    assert compared.metrics.model_copy(update={"evaluation": None}) == candidate.metrics


def test_a_manifest_from_before_there_were_evaluations_still_loads(tmp_path: Path) -> None:
    training_set = make_set()
    candidate = train_logistic(
        training_set.features, training_set.labels, training_set.blocks, SETTINGS
    )
    save_artefact(compare_with_baselines(candidate, training_set), tmp_path / "m")
    path = tmp_path / "m" / MANIFEST_FILE
    content = json.loads(path.read_bytes())
    del content["metrics"]["evaluation"]
    for result in content["metrics"]["grid"]:
        del result["learning_rate"]
    path.write_text(json.dumps(content), encoding="utf-8")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()

    manifest = read_manifest(tmp_path / "m", sha256)

    assert manifest.metrics == candidate.metrics
    assert [result.learning_rate for result in manifest.metrics.grid] == [None] * 3
    scores = load_artefact(tmp_path / "m", sha256).score(training_set.features, with_reasons=False)
    assert scores.equals(candidate.scorer().score(training_set.features, with_reasons=False))


def test_labels_of_the_test_block_change_no_models_scores() -> None:
    training_set = make_set()
    blocks = training_set.blocks
    flipped = training_set.labels.with_columns(
        is_high=pl.col("is_high") ^ pl.int_range(pl.len()).is_in(blocks.test.tolist())
    )

    def scores_of(of: TrainingSet) -> list[bytes]:
        candidate = train_logistic(of.features, of.labels, of.blocks, SETTINGS)
        task = make_task(candidate.inputs, of, SETTINGS)
        return [
            calibrated_scores(logits, task, blocks.calibrate, blocks.test).tobytes()
            for logits in baselines.fit_baselines(task).values()
        ]

    assert scores_of(replace(training_set, labels=flipped)) == scores_of(training_set)


def test_baselines_are_calibrated_on_the_calibration_block() -> None:
    training_set = make_set()
    candidate = train_logistic(
        training_set.features, training_set.labels, training_set.blocks, SETTINGS
    )
    task = make_task(candidate.inputs, training_set, SETTINGS)
    calibrate, test = training_set.blocks.calibrate, training_set.blocks.test

    def overconfident(rows: np.ndarray[tuple[int], np.dtype[np.intp]]) -> baselines.Floats:
        return 20 * baselines.fit_baselines(task)["logistic"](rows)

    raw = calibrated_scores(overconfident, task, no_rows(), test)
    scaled = calibrated_scores(overconfident, task, calibrate, test)

    assert log_loss(task.y[test], scaled) < 0.5 < log_loss(task.y[test], raw)


def test_known_artists_are_those_of_the_fit_and_the_stop_block() -> None:
    training_set = make_set()

    rows = compare.tested_rows(training_set, training_set.blocks.test)

    is_known = ~rows.facts["artist"].str.starts_with("new")
    assert rows.is_known_artist.tolist() == is_known.to_list()
    assert 0 < rows.is_known_artist.mean() < 1


def test_the_constant_interval_is_of_the_calibration_block() -> None:
    training_set = make_set()
    candidate = train_logistic(
        training_set.features, training_set.labels, training_set.blocks, SETTINGS
    )
    outcome = training_set.labels["outcome_percentile"].to_numpy()
    low, high = fit_constant_interval(outcome[training_set.blocks.calibrate])

    evaluation = compare_with_baselines(candidate, training_set).metrics.evaluation

    assert evaluation is not None
    assert evaluation.intervals is not None
    assert evaluation.intervals.constant.width == pytest.approx(high - low)
