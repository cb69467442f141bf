"""The whole reproduction: tracks in, every figure out."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from songpop.leakage import guard_snapshot
from songpop.reproduce.choice import Choice, Fitted
from songpop.reproduce.headline import Headline, make_headline
from songpop.reproduce.jobs import Job, list_jobs
from songpop.reproduce.measure import Measures, mean_measures, measure, spread_measures
from songpop.reproduce.plan import MODELS, ReproducePlan
from songpop.reproduce.pool import run_jobs
from songpop.reproduce.residuals import Residuals, analyse_residuals
from songpop.reproduce.split import published_split
from songpop.reproduce.tracks import FEATURE_SETS, FeatureSet, Tracks

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ModelResult:
    """One row of the table.

    Attributes:
        features: which feature set.
        model: its name.
        mean: figures on the published test rows, mean over seeds.
        spread: their sample standard deviation over seeds.
        choice: how its settings were chosen.
        probabilities: (seeds, test rows).
    """

    features: FeatureSet
    model: str
    mean: Measures
    spread: Measures
    choice: Choice
    probabilities: Floats

    @property
    def is_drawn(self) -> bool:
        """Whether seeds make a difference."""
        return bool(np.ptp(self.probabilities, axis=0).any())

    @property
    def is_leak(self) -> bool:
        """Whether the features include what the label is cut from."""
        return self.features == "with_track_score"


@dataclass(frozen=True, eq=False)
class Reproduction:
    """Everything that is reported.

    Attributes:
        file_name: the export, safe to print.
        week: from which ages are counted.
        rows_counts: rows used, fitted on, tested on, positive among the tested, left out.
        results: both feature sets, six models each.
        test_y: (test rows,) labels of the published test part.
        headline: five folds by artist.
        residuals: of the headline's network.
        plan: grids, folds and seeds.
    """

    file_name: str
    week: dt.date
    rows_counts: dict[str, int]
    results: tuple[ModelResult, ...]
    test_y: NDArray[np.bool_]
    headline: Headline
    residuals: Residuals
    plan: ReproducePlan


@dataclass(frozen=True)
class Watcher:
    """Hears of the work's progress.

    Attributes:
        expect: called once with all jobs.
        follow: called with each job that is done.
    """

    expect: Callable[[list[Job]], None]
    follow: Callable[[Job], None]


def reproduce(tracks: Tracks, plan: ReproducePlan, watcher: Watcher) -> Reproduction:
    """Fit everything and measure it.

    Args:
        tracks: from ``make_tracks``.
        plan: grids, folds, seeds, processes.
        watcher: is told of the jobs.

    Raises:
        CheckError: a leak-free feature gives the label away, or a process was killed.
    """
    split = published_split(tracks.y.size)
    honest = tracks.features["leak_free"]
    guard_snapshot(honest[split.fit], tracks.source[split.fit], tracks.y[split.fit])
    jobs = list_jobs(tracks, plan)
    watcher.expect(jobs)
    answers = run_jobs(jobs, tracks, plan, watcher.follow)
    headline = make_headline(tracks, answers, plan)
    test_y = tracks.y[split.test]
    return Reproduction(
        file_name=tracks.name,
        week=tracks.week,
        rows_counts={
            "rows": tracks.y.size,
            "fit": split.fit.size,
            "test": split.test.size,
            "test_high": int(test_y.sum()),
            "left_out": tracks.left_out_count,
        },
        results=_list_results(answers, test_y),
        test_y=test_y,
        headline=headline,
        residuals=analyse_residuals(tracks, headline.scores, plan.network.seed),
        plan=plan,
    )


def _list_results(
    answers: dict[Job, list[Fitted]], test_y: NDArray[np.bool_]
) -> tuple[ModelResult, ...]:
    found = {
        (job.features, fitted.model): _result(job.features, fitted, test_y)
        for job, several in answers.items()
        if not job.is_by_artist
        for fitted in several
    }
    return tuple(found[features, model] for features in FEATURE_SETS for model in MODELS)


def _result(features: FeatureSet, fitted: Fitted, test_y: NDArray[np.bool_]) -> ModelResult:
    several = [measure(test_y, p) for p in fitted.probabilities]
    return ModelResult(
        features=features,
        model=fitted.model,
        mean=mean_measures(several),
        spread=spread_measures(several),
        choice=fitted.choice,
        probabilities=fitted.probabilities,
    )
