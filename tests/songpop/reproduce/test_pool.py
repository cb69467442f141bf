import os
from pathlib import Path

import numpy as np
import pytest

from songpop.errors import CheckError
from songpop.reproduce import pool
from songpop.reproduce.choice import Fitted
from songpop.reproduce.jobs import Job, list_jobs
from songpop.reproduce.plan import ReproducePlan
from songpop.reproduce.tracks import Tracks
from tests.songpop.reproduce.builders import make_small_tracks, tiny_plan


def list_some(tracks: Tracks, plan: ReproducePlan) -> list[Job]:
    models = {"logistic", "boosting"}
    return [job for job in list_jobs(tracks, plan) if job.model in models and not job.is_by_artist]


@pytest.mark.slow
def test_answers_do_not_depend_on_the_processes(tmp_path: Path) -> None:
    tracks, plan = make_small_tracks(tmp_path), tiny_plan()
    jobs, done = list_some(tracks, plan), list[Job]()
    here = pool.run_jobs(jobs, tracks, plan, done.append)
    apart = pool.run_jobs(jobs, tracks, tiny_plan(workers_count=2), done.append)

    assert list(here) == list(apart) == jobs
    assert len(done) == 2 * len(jobs)
    for job in jobs:
        (one,), (other,) = here[job], apart[job]
        assert np.array_equal(one.probabilities, other.probabilities)
        assert one.choice == other.choice


def die(job: Job, tracks: Tracks, plan: ReproducePlan) -> list[Fitted]:
    del job, tracks, plan
    os._exit(9)


def test_killed_process_is_named_with_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracks, plan = make_small_tracks(tmp_path), tiny_plan(workers_count=2)
    monkeypatch.setattr(pool, "run_job", die)
    message = "expected 2 processes that end by themselves, got one that was killed; free memory"
    with pytest.raises(CheckError, match=message):
        pool.run_jobs(list_some(tracks, plan)[:1], tracks, plan, lambda _: None)
