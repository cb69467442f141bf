from pathlib import Path

import pytest

from songpop.reproduce.jobs import Job, list_jobs, run_job
from songpop.reproduce.split import published_split
from tests.songpop.reproduce.builders import make_small_tracks, tiny_plan


def test_every_model_meets_both_feature_sets_and_three_meet_the_folds(tmp_path: Path) -> None:
    jobs = list_jobs(make_small_tracks(tmp_path), tiny_plan())
    published = [job for job in jobs if not job.is_by_artist]
    folds = [job for job in jobs if job.is_by_artist]

    assert len(published) == 10
    assert {job.features for job in published} == {"with_track_score", "leak_free"}
    assert len(folds) == 6
    assert {(job.features, job.seeds_count) for job in folds} == {("leak_free", 1)}


def test_longest_jobs_come_first(tmp_path: Path) -> None:
    jobs = list_jobs(make_small_tracks(tmp_path), tiny_plan())

    assert [job.model for job in jobs[:4]] == ["l2"] * 4
    assert jobs[0].title == "published, with track score: l2"


def test_unknown_model_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    tracks = make_small_tracks(tmp_path)
    job = Job("oracle", "leak_free", published_split(300), is_by_artist=False, seeds_count=1)
    with pytest.raises(ValueError, match="oracle"):
        run_job(job, tracks, tiny_plan())
