"""Parts scored on a real Dask cluster, through Prefect's task runner."""

import sys
import threading
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from prefect import flow, task

from flows.fan_out import divide
from songpop.errors import SongpopError
from songpop.model.artefact import load_artefact, save_artefact
from songpop.model.batches import BATCH_ROWS_COUNT
from songpop.model.partition import INPUTS, Part, score_cohort
from songpop.model.scorer import Scorer
from songpop.settings import ScoringSettings
from songpop.warehouse.parts import Parts, PartsWriter
from tests.deployments.live import free_port
from tests.flows.dask import run_cluster
from tests.songpop.model.builders import make_candidate, make_features

pytestmark = [
    pytest.mark.usefixtures("prefect_server"),
    pytest.mark.skipif(find_spec("prefect_dask") is None, reason="songpop[cluster] not installed"),
]

Model = tuple[Scorer, pl.DataFrame, Path, str]
ROWS = 4 * BATCH_ROWS_COUNT + 5


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    folder = tmp_path_factory.mktemp("model") / "model"
    features = make_features(ROWS).sort("track_id")
    sha256 = save_artefact(make_candidate(features), folder)
    return load_artefact(folder, sha256), features, folder, sha256


_jobs: list[tuple[str, Model, Path]] = []
_scores: list[pl.DataFrame] = []


@flow
def score_week() -> None:
    # Prefect sends the flow's function by value, so it may name nothing that cannot be sent.
    score_in_task()


def score_in_task() -> None:
    """Score as the weekly flow does: in a task that holds what cannot be sent."""
    lock = threading.Lock()

    @task
    def score() -> None:
        with lock:
            address, (scorer, features, artefact, sha256), folder = _jobs.pop()
            parts = divide_rows(features, folder)
            score_parts = divide(ScoringSettings(dask=address))
            where = (artefact, sha256)
            scored = score_cohort(scorer, parts, where, folder, score_parts)
            _scores.append(pl.concat(scores for _, scores in scored))

    score()


def divide_rows(features: pl.DataFrame, folder: Path) -> Parts:
    writer = PartsWriter(folder, INPUTS, BATCH_ROWS_COUNT)
    writer.add(features)
    return writer.finish()


def score_on(address: str, model: Model, folder: Path) -> pl.DataFrame:
    _jobs.append((address, model, folder))
    score_week()
    return _scores.pop()


def test_cluster_returns_the_bits_of_one_process(tmp_path: Path, model: Model) -> None:
    with run_cluster(tmp_path) as cluster:
        scores = score_on(cluster.address, model, tmp_path)

    assert_frame_equal(scores, model[0].score(model[1]), check_exact=True)
    assert len(list(tmp_path.glob("outputs-*.parquet"))) == 5


def test_parts_of_a_worker_that_is_killed_are_scored_by_the_other(
    tmp_path: Path, model: Model
) -> None:
    with run_cluster(tmp_path) as cluster:

        def kill_after_the_first_part() -> None:
            while not list(tmp_path.glob("outputs-*.parquet")):
                time.sleep(0.001)
            cluster.workers[0].kill()

        killer = threading.Thread(target=kill_after_the_first_part, daemon=True)
        killer.start()
        scores = score_on(cluster.address, model, tmp_path)
        killer.join()
        assert cluster.workers[0].wait() != 0

    assert_frame_equal(scores, model[0].score(model[1]), check_exact=True)


def test_scheduler_that_does_not_answer_is_named(
    tmp_path: Path, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT", "1s")
    address = f"tcp://127.0.0.1:{free_port()}"

    with pytest.raises(SongpopError, match=r"expected one that answers, got .*; start the sched"):
        score_on(address, model, tmp_path)


def test_without_a_cluster_nothing_is_divided() -> None:
    assert divide(ScoringSettings()) is None


def test_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "prefect_dask.task_runners", None)
    score_parts = divide(ScoringSettings(dask="tcp://127.0.0.1:1"))
    assert score_parts is not None
    parts: Sequence[Part] = [Part("model", "sha", "folder", 0)]

    with pytest.raises(SongpopError, match=r"install songpop\[cluster\]"):
        score_parts(parts)
