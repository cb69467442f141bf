"""The work as independent jobs: one model on one split each, in any order, in any process."""

from dataclasses import dataclass

from threadpoolctl import threadpool_limits

from songpop.reproduce.baselines import fit_boosting, fit_logistic_regression
from songpop.reproduce.choice import Fitted
from songpop.reproduce.material import make_material
from songpop.reproduce.networks import fit_networks
from songpop.reproduce.plan import ReproducePlan
from songpop.reproduce.split import Split, artist_splits, published_split
from songpop.reproduce.tracks import FEATURE_SETS, FeatureSet, Tracks

HEADLINE_MODELS = ("l2", "boosting", "logistic")
"""What the five folds by artist compare."""


@dataclass(frozen=True, eq=False)
class Job:
    """One model on one split.

    Attributes:
        model: ``l2`` answers for ``l2_single`` too.
        features: which feature set.
        split: rows to fit on and to answer for.
        is_by_artist: whether inner folds keep the rows of an artist together, as the split does.
        seeds_count: repetitions.
    """

    model: str
    features: FeatureSet
    split: Split
    is_by_artist: bool
    seeds_count: int

    @property
    def title(self) -> str:
        """What a progress bar says of it."""
        return f"{self.split.name}, {self.features.replace('_', ' ')}: {self.model}"


def list_jobs(tracks: Tracks, plan: ReproducePlan) -> list[Job]:
    """Return every job, the longest first, so that two processes end at about the same time."""
    published = published_split(tracks.y.size)
    folds = artist_splits(tracks.y, tracks.artists, plan.artist_folds_count)
    order = ("l2", "l1", "vanilla", "boosting", "logistic")
    jobs = [
        Job(model, features, published, is_by_artist=False, seeds_count=plan.seeds_count)
        for model in order
        for features in FEATURE_SETS
    ]
    jobs += [
        Job(model, "leak_free", split, is_by_artist=True, seeds_count=1)
        for model in HEADLINE_MODELS
        for split in folds
    ]
    return sorted(jobs, key=lambda job: order.index(job.model))


def run_job(job: Job, tracks: Tracks, plan: ReproducePlan) -> list[Fitted]:
    """Choose and fit one model; only rows to fit on have labels in there.

    The matrix library and OpenMP get one thread: the cores are busy with other jobs.
    """
    material = make_material(
        tracks,
        job.features,
        job.split,
        is_by_artist=job.is_by_artist,
        folds_count=plan.inner_folds_count,
        seeds_count=job.seeds_count,
    )
    with threadpool_limits(limits=1):
        match job.model:
            case "logistic":
                return [fit_logistic_regression(material, plan)]
            case "boosting":
                return [fit_boosting(material, plan)]
            case "vanilla" | "l1" | "l2":
                return fit_networks(job.model, material, plan)
            case _:
                raise ValueError(job.model)
