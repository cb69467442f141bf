"""The headline: five folds by artist, leak-free, the network against its baselines."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from songpop.evaluate.clusters import ClusterBootstrap, Difference
from songpop.reproduce.choice import Choice, Fitted
from songpop.reproduce.jobs import HEADLINE_MODELS, Job
from songpop.reproduce.measure import Measures, measure
from songpop.reproduce.plan import ReproducePlan
from songpop.reproduce.tracks import Tracks

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class FoldedModel:
    """One model over all folds.

    Attributes:
        model: its name.
        measures: of all rows together, each scored by a model that has not seen its artist.
        folds: figures of each fold alone.
        choices: of each fold.
        scores: (n,) probability of every row, by a model new to its artist.
    """

    model: str
    measures: Measures
    folds: tuple[Measures, ...]
    choices: tuple[Choice, ...]
    scores: Floats


@dataclass(frozen=True)
class Comparison:
    """The network against one baseline on the same rows; negative log loss is better."""

    other: str
    log_loss: Difference
    auc: Difference | None
    """Null only where the rows are of one class, which an export's never are."""


@dataclass(frozen=True, eq=False)
class Headline:
    """What five folds by artist say.

    Attributes:
        models: the network first.
        comparisons: the network less each baseline.
        scores: (n,) the network's probability of every row, by a model new to its artist.
    """

    models: tuple[FoldedModel, ...]
    comparisons: tuple[Comparison, ...]
    scores: Floats


def make_headline(
    tracks: Tracks, answers: dict[Job, list[Fitted]], plan: ReproducePlan
) -> Headline:
    """Put the folds' answers together and compare the models row by row."""
    scores = {model: np.empty(tracks.y.size) for model in HEADLINE_MODELS}
    folded = tuple(_fold(model, tracks, answers, scores[model]) for model in HEADLINE_MODELS)
    one_week = np.zeros_like(tracks.artists)
    bootstrap = ClusterBootstrap(
        tracks.artists, one_week, plan.network.seed, draws_count=plan.draws_count
    )
    ours, *others = HEADLINE_MODELS
    comparisons = tuple(
        Comparison(
            other,
            bootstrap.compare_log_loss(tracks.y, scores[ours], scores[other]),
            bootstrap.compare_auc(tracks.y, scores[ours], scores[other]),
        )
        for other in others
    )
    return Headline(folded, comparisons, scores[ours])


def _fold(
    model: str, tracks: Tracks, answers: dict[Job, list[Fitted]], scores: Floats
) -> FoldedModel:
    folds: list[Measures] = []
    choices: list[Choice] = []
    for job, fitted in answers.items():
        if job.is_by_artist and job.model == model:
            test, first = job.split.test, fitted[0]
            scores[test] = first.probabilities[0]
            folds.append(measure(tracks.y[test], first.probabilities[0]))
            choices.append(first.choice)
    return FoldedModel(model, measure(tracks.y, scores), tuple(folds), tuple(choices), scores)
