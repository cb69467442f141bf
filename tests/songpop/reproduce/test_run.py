from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from songpop.errors import CheckError
from songpop.reproduce.jobs import Job, list_jobs, run_job
from songpop.reproduce.measure import measure
from songpop.reproduce.pool import run_jobs
from songpop.reproduce.run import Reproduction, Watcher, reproduce
from songpop.reproduce.tracks import Tracks
from tests.songpop.reproduce.builders import make_small_tracks, tiny_plan

SILENT = Watcher(expect=lambda _: None, follow=lambda _: None)


@pytest.fixture(scope="module")
def tracks(tmp_path_factory: pytest.TempPathFactory) -> Tracks:
    return make_small_tracks(tmp_path_factory.mktemp("tracks"))


@pytest.fixture(scope="module")
def found(tracks: Tracks) -> Reproduction:
    return reproduce(tracks, tiny_plan(), SILENT)


def test_results_hold_both_feature_sets_and_six_models_each(found: Reproduction) -> None:
    models = ["vanilla", "l1", "l2", "l2_single", "logistic", "boosting"]

    assert [(result.features, result.model) for result in found.results] == [
        *(("with_track_score", model) for model in models),
        *(("leak_free", model) for model in models),
    ]
    assert [result.is_leak for result in found.results] == [True] * 6 + [False] * 6


def test_figures_are_means_and_spreads_over_seeds(found: Reproduction) -> None:
    for result in found.results:
        each = [measure(found.test_y, p).log_loss for p in result.probabilities]

        assert len(each) == 2
        assert result.mean.log_loss == pytest.approx(np.mean(each))
        assert result.spread.log_loss == pytest.approx(np.std(each, ddof=1))


def test_the_leak_shows_in_the_figures(found: Reproduction) -> None:
    by_name = {(result.features, result.model): result.mean for result in found.results}
    leak, honest = (by_name[features, "logistic"] for features in ("with_track_score", "leak_free"))

    assert leak.auc > honest.auc + 0.02


def test_headline_scores_every_row_by_a_model_new_to_its_artist(
    found: Reproduction, tracks: Tracks
) -> None:
    headline = found.headline

    assert [model.model for model in headline.models] == ["l2", "boosting", "logistic"]
    assert [one.other for one in headline.comparisons] == ["boosting", "logistic"]
    assert headline.scores.shape == tracks.y.shape
    assert all(len(model.folds) == len(model.choices) == 2 for model in headline.models)
    for one, model in zip(headline.comparisons, headline.models[1:], strict=True):
        gap = headline.models[0].measures.log_loss - model.measures.log_loss
        assert one.log_loss.mean == pytest.approx(gap)
        assert one.log_loss.low <= gap <= one.log_loss.high


def test_the_same_rows_and_seeds_give_the_same_figures(found: Reproduction, tracks: Tracks) -> None:
    plan = tiny_plan()
    jobs = [job for job in list_jobs(tracks, plan) if not job.is_by_artist]
    by_name = {(result.features, result.model): result for result in found.results}
    for job in jobs:
        if job.features == "leak_free" and job.model in {"l2", "boosting"}:
            for again in run_job(job, tracks, plan):
                first = by_name[job.features, again.model]

                assert np.array_equal(again.probabilities, first.probabilities)
                assert again.choice == first.choice


def test_watcher_hears_of_every_job(tracks: Tracks) -> None:
    plan = tiny_plan()
    jobs = [job for job in list_jobs(tracks, plan) if job.model == "logistic"]
    done: list[Job] = []
    run_jobs(jobs, tracks, plan, done.append)

    assert done == jobs


def test_a_leak_among_the_honest_features_is_refused(tracks: Tracks) -> None:
    honest = tracks.features["leak_free"]
    twin = pl.Series("playlists_count__log", tracks.source, dtype=pl.Float32)
    features = {**tracks.features, "leak_free": honest.with_columns(twin)}
    message = r"features of a snapshot model.*playlists_count__log"
    with pytest.raises(CheckError, match=message):
        reproduce(replace(tracks, features=features), tiny_plan(), SILENT)
