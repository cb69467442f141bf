# pyright: reportPrivateUsage=false
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from songpop.evaluate import baselines
from songpop.evaluate.baselines import BASELINES, Task, fit_baselines
from songpop.model.blocks import Blocks, no_rows
from songpop.model.metrics import auc
from tests.songpop.evaluate.builders import ROWS, flip, leave_threads, make_task
from tests.songpop.model.builders import make_blocks

EVERY = np.arange(ROWS)
BLOCKS = make_blocks(ROWS)


@pytest.fixture(autouse=True)
def _few_trees(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(baselines, "MOST_TREES", 5)
    monkeypatch.setattr(baselines, "LEAVES", (4, 8))
    # On a busy machine, threads that wait for one another take most of the time.
    monkeypatch.setattr(baselines, "threadpool_limits", leave_threads)
    with threadpool_limits(limits=1):
        yield


def logits_of(task: Task) -> dict[str, bytes]:
    return {name: logits(EVERY).tobytes() for name, logits in fit_baselines(task).items()}


def changed(one: dict[str, bytes], other: dict[str, bytes]) -> set[str]:
    return {name for name in one if one[name] != other[name]}


def test_the_constant_is_the_rate_of_the_fit_and_the_stop_block() -> None:
    task = make_task()
    learned = np.concatenate([BLOCKS.fit, BLOCKS.stop])
    logits = fit_baselines(task)["constant"](EVERY)

    assert 1 / (1 + np.exp(-logits)) == pytest.approx(task.y[learned].mean())


def test_persistence_ranks_rows_as_today_does_and_foresees_no_more() -> None:
    task = make_task()
    today = task.facts["today"].to_numpy()
    logits = fit_baselines(task)["persistence"](EVERY)

    inside = (today > 0.005) & (today < 0.995)
    assert (np.diff(logits[inside][np.argsort(today[inside])]) >= 0).all()
    assert auc(task.y, logits) == pytest.approx(auc(task.y, today), abs=0.001)


def test_persistence_takes_an_unknown_today_for_the_middle() -> None:
    task = make_task()
    today = pl.Series("today", [None, 0.5, *task.facts["today"][2:]])

    logits = fit_baselines(replace(task, facts=task.facts.with_columns(today)))["persistence"]

    assert logits(np.array([0])) == logits(np.array([1]))


def test_a_snapshot_has_no_persistence() -> None:
    task = make_task()
    facts = task.facts.with_columns(pl.lit(None, pl.Float64).alias("today"))

    assert set(fit_baselines(replace(task, facts=facts))) == set(BASELINES) - {"persistence"}


def test_models_of_the_features_beat_persistence_which_beats_the_constant() -> None:
    task = make_task()
    test = task.blocks.test
    areas = {
        name: auc(task.y[test], logits(test)) or 0 for name, logits in fit_baselines(task).items()
    }

    assert areas["constant"] == 0.5
    assert min(areas["logistic"], areas["boosting"]) > areas["persistence"] > 0.6


def test_no_label_of_the_calibration_and_test_blocks_is_seen() -> None:
    task = make_task()
    unseen = np.concatenate([BLOCKS.calibrate, BLOCKS.test])

    assert logits_of(flip(task, unseen)) == logits_of(task)


def test_no_feature_of_the_calibration_and_test_blocks_is_seen() -> None:
    task = make_task()
    seen = np.concatenate([BLOCKS.fit, BLOCKS.stop])
    noise = task.features[seen.size :].with_columns(pl.col(pl.Float32) * 3 + 1)
    altered = replace(task, features=pl.concat([task.features[: seen.size], noise]))

    one, other = fit_baselines(task), fit_baselines(altered)

    assert all(one[name](seen).tobytes() == other[name](seen).tobytes() for name in BASELINES)


@pytest.mark.parametrize("block", ["fit", "stop"])
def test_labels_of_the_fit_and_the_stop_block_are_learned_from(block: str) -> None:
    task = make_task()
    rows = getattr(BLOCKS, block)[:50]

    changes = changed(logits_of(task), logits_of(flip(task, rows)))

    assert changes == set(BASELINES)


def test_settings_are_chosen_by_the_stop_block(monkeypatch: pytest.MonkeyPatch) -> None:
    # A stop block without any order is best foreseen by what says least, one in order by more.
    taught: list[float] = []
    teach = baselines._teach

    def listen(sample: baselines.Sample, strength: float) -> baselines.Stack:
        taught.append(strength)
        return teach(sample, strength)

    monkeypatch.setattr(baselines, "_teach", listen)
    task = make_task()
    fit_baselines(task)
    fit_baselines(flip(task, BLOCKS.stop))

    # Persistence, the three that are tried, the one that is kept.
    assert taught[1:4] == taught[6:9] == list(baselines.INVERSE_STRENGTHS)
    assert taught[4] == max(baselines.INVERSE_STRENGTHS)
    assert taught[9] == min(baselines.INVERSE_STRENGTHS)


def test_boosting_takes_fewer_trees_where_the_stop_block_contradicts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trees: list[int] = []
    boosting = baselines._boosting

    def listen(leaves: int, count: int, seed: int) -> object:
        trees.append(count)
        return boosting(leaves, count, seed)

    monkeypatch.setattr(baselines, "_boosting", listen)
    task = make_task()
    fit_baselines(task)
    fit_baselines(flip(task, BLOCKS.stop))

    assert trees == [5, 5, 5, 5, 5, 1]


def test_without_a_stop_block_the_last_weeks_of_the_fit_block_choose() -> None:
    fit = np.concatenate([BLOCKS.fit, BLOCKS.stop])
    task = make_task(blocks=Blocks(fit, no_rows(), BLOCKS.calibrate, BLOCKS.test))
    unseen = np.concatenate([BLOCKS.calibrate, BLOCKS.test])

    fitted = logits_of(task)

    assert set(fitted) == set(BASELINES)
    assert logits_of(flip(task, unseen)) == fitted
    assert changed(fitted, logits_of(flip(task, fit[-100:]))) == set(BASELINES)


def test_a_feature_that_is_missing_from_the_first_weeks_is_no_obstacle() -> None:
    task = make_task()
    is_late = pl.int_range(pl.len()) >= BLOCKS.fit.size
    late = pl.when(is_late).then(pl.col("shazam_count__log"))

    fitted = fit_baselines(replace(task, features=task.features.with_columns(late)))

    assert np.isfinite(fitted["boosting"](EVERY)).all()


def test_more_than_the_most_rows_are_thinned() -> None:
    task = make_task()
    few = replace(task, settings=task.settings.model_copy(update={"max_rows": 300}))

    assert changed(logits_of(task), logits_of(few)) == set(BASELINES)


def test_no_more_than_the_most_rows_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[int] = []
    plain = baselines._loss

    def listen(y: baselines.Bools, logits: NDArray[np.floating]) -> float:
        judged.append(y.size)
        return plain(y, logits)

    monkeypatch.setattr(baselines, "_loss", listen)
    task = make_task()
    most = BLOCKS.stop.size - 1
    fit_baselines(replace(task, settings=task.settings.model_copy(update={"max_rows": most})))

    assert set(judged) == {most}


def test_equal_tasks_give_equal_bits() -> None:
    assert logits_of(make_task()) == logits_of(make_task())
