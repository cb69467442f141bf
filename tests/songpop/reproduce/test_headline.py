from pathlib import Path

import numpy as np

from songpop.reproduce.choice import Fitted
from songpop.reproduce.headline import make_headline
from songpop.reproduce.jobs import list_jobs
from tests.songpop.reproduce.builders import make_choice, make_scores, make_small_tracks, tiny_plan


def test_answers_of_the_folds_are_put_back_in_their_rows(tmp_path: Path) -> None:
    tracks, plan = make_small_tracks(tmp_path), tiny_plan()
    scores = {
        "l2": make_scores(tracks.y, 0.3),
        "boosting": make_scores(tracks.y, 1.0),
        "logistic": make_scores(tracks.y, 3.0),
    }
    answers = {
        job: [Fitted(job.model, scores[job.model][job.split.test][None], make_choice(job.model))]
        for job in list_jobs(tracks, plan)
        if job.is_by_artist
    }
    found = make_headline(tracks, answers, plan)

    assert np.array_equal(found.scores, scores["l2"])
    losses = [model.measures.log_loss for model in found.models]
    assert losses == sorted(losses)
    gaps = {one.other: one.log_loss for one in found.comparisons}
    assert gaps["logistic"].mean < gaps["boosting"].mean < 0
    assert gaps["logistic"].high < 0
