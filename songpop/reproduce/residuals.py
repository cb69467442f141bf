"""Where the errors are: what keeps the leak-free score from the published accuracy.

The label cuts a formula over many columns at its median, with a bonus for recent tracks. Errors may
be where the cut is near, where the columns say little, or where the bonus was not learned; each has
its slices.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from songpop.evaluate.clusters import ClusterBootstrap, Difference, row_losses
from songpop.features.kinds import AGE_STEPS_DAYS
from songpop.model.metrics import average_ranks
from songpop.reproduce.measure import THRESHOLD
from songpop.reproduce.tracks import Tracks

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

TARGET_ACCURACY: Final = 0.98
"""About the accuracy that was published with the leak."""

_DISTANCES: Final = (1.0, 2.5, 5.0, 10.0, 25.0, 50.0)
_AGE_STEPS_DAYS: Final = (14, *AGE_STEPS_DAYS)
"""The newest apart, which a bonus for recent tracks would lift the most."""
_MISSING_STEPS: Final = (2, 4, 8, 12)
_SURE_SHARES: Final = (0.5, 0.75, 0.9, 0.95)


@dataclass(frozen=True)
class Slice:
    """Rows of one kind; shares are dimensionless.

    Attributes:
        title: which rows.
        rows_count: how many.
        base_rate: share of them that are high.
        error_rate: share of them on the wrong side of one half.
        errors_share: their share of all errors.
        log_loss: mean, in nats.
        bias: mean score less the base rate.
        bias_error: standard error of the bias.
    """

    title: str
    rows_count: int
    base_rate: float
    error_rate: float
    errors_share: float
    log_loss: float
    bias: float
    bias_error: float


@dataclass(frozen=True)
class Residuals:
    """The analysis of one score on rows new to its models.

    Attributes:
        by_distance: slices by how many percentiles Track Score lies from its median.
        by_age: slices by days since release.
        by_missing: slices by how many metrics the row has not.
        by_sureness: slices by how far the score is from one half, the surest rows first.
        accuracy: of all rows, with its 95 % interval over artists.
        sure_share: largest share of rows, the surest by their score, of which 98 % are right;
            what a user could hold to, since it takes the score alone.
        blind_distance: percentiles around the median that must be left out for the rest to
            reach 98 %; null where no distance does it. It takes Track Score, which nobody has
            who needs a score.
        blind_share: share of all rows that lie within it; null likewise.
        blind_points: the range of Track Score that it spans, in points; null likewise.
    """

    by_distance: tuple[Slice, ...]
    by_age: tuple[Slice, ...]
    by_missing: tuple[Slice, ...]
    by_sureness: tuple[Slice, ...]
    accuracy: Difference
    sure_share: float
    blind_distance: float | None
    blind_share: float | None
    blind_points: tuple[float, float] | None


def analyse_residuals(tracks: Tracks, scores: Floats, seed: int = 42) -> Residuals:
    """Slice the errors of *scores* (n,), each by a model that has not seen the row's artist.

    Args:
        tracks: all rows.
        scores: (n,) probabilities.
        seed: of the bootstrap over artists.
    """
    wrong = (scores >= THRESHOLD) != tracks.y
    ranks = (average_ranks(tracks.source) - 0.5) / tracks.y.size
    distance = 100 * np.abs(ranks - 0.5)
    blind = _find_blind(distance, wrong)
    near = distance <= blind if blind is not None else np.zeros(tracks.y.size, dtype=np.bool_)
    points = tracks.source[near]
    return Residuals(
        by_distance=_slice(tracks.y, scores, _bands(distance)),
        by_age=_slice(tracks.y, scores, _ages(tracks.age_days)),
        by_missing=_slice(tracks.y, scores, _gaps(tracks.missing_counts)),
        by_sureness=_slice(tracks.y, scores, _surest(scores)),
        accuracy=_interval(tracks, wrong, seed),
        sure_share=_find_sure(np.abs(scores - THRESHOLD), wrong),
        blind_distance=blind,
        blind_share=None if blind is None else float(near.mean()),
        blind_points=(float(points.min()), float(points.max())) if points.size else None,
    )


def _find_blind(distance: Floats, wrong: Bools) -> float | None:
    """Return the smallest distance beyond which at least 98 % of rows are right; null if none."""
    order = np.argsort(-distance, kind="stable")  # the farthest first
    right = 1 - np.cumsum(wrong[order]) / np.arange(1, wrong.size + 1)
    good = np.flatnonzero(right >= TARGET_ACCURACY)
    if not good.size:
        return None
    beyond = int(good[-1]) + 1
    return float(distance[order[beyond]]) if beyond < wrong.size else 0.0


def _find_sure(sureness: Floats, wrong: Bools) -> float:
    """Return the largest share of rows, the surest first, of which at least 98 % are right."""
    right = 1 - np.cumsum(wrong[np.argsort(-sureness, kind="stable")]) / np.arange(
        1, wrong.size + 1
    )
    good = np.flatnonzero(right >= TARGET_ACCURACY)
    return float((good[-1] + 1) / wrong.size) if good.size else 0.0


def _interval(tracks: Tracks, wrong: Bools, seed: int) -> Difference:
    bootstrap = ClusterBootstrap(tracks.artists, np.zeros_like(tracks.artists), seed)
    right = (~wrong).astype(np.float64)
    return bootstrap.interval_of(lambda weights: float(np.average(right, weights=weights)))


def _surest(scores: Floats) -> dict[str, Bools]:
    places = np.empty(scores.size)
    places[np.argsort(-np.abs(scores - THRESHOLD), kind="stable")] = np.arange(scores.size)
    edges = (0.0, *_SURE_SHARES, 1.0)
    return {
        f"{low:.0%} to {high:.0%}": (places >= low * scores.size) & (places < high * scores.size)
        for low, high in pairwise(edges)
    }


def _gaps(missing: NDArray[np.intp]) -> dict[str, Bools]:
    bands = {
        f"{low} to {high - 1} metrics missing": (missing >= low) & (missing < high)
        for low, high in pairwise((0, *_MISSING_STEPS))
    }
    return bands | {f"{_MISSING_STEPS[-1]} or more metrics missing": missing >= _MISSING_STEPS[-1]}


def _bands(distance: Floats) -> dict[str, Bools]:
    edges = (0.0, *_DISTANCES)
    return {
        f"{low:g} to {high:g} percentiles": (distance >= low) & (distance < high)
        for low, high in pairwise(edges)
    }


def _ages(age_days: Floats) -> dict[str, Bools]:
    edges = (0, *_AGE_STEPS_DAYS)
    bands = {
        f"{low} to {high - 1} days": (age_days >= low) & (age_days < high)
        for low, high in pairwise(edges)
    }
    last = _AGE_STEPS_DAYS[-1]
    return bands | {f"{last} days or more": age_days >= last, "unknown": np.isnan(age_days)}


def _slice(y: Bools, scores: Floats, bands: dict[str, Bools]) -> tuple[Slice, ...]:
    wrong = (scores >= THRESHOLD) != y
    losses = row_losses(y, scores)
    errors_count = max(int(wrong.sum()), 1)
    return tuple(
        Slice(
            title=title,
            rows_count=int(rows.sum()),
            base_rate=float(y[rows].mean()),
            error_rate=float(wrong[rows].mean()),
            errors_share=float(wrong[rows].sum() / errors_count),
            log_loss=float(losses[rows].mean()),
            bias=float(scores[rows].mean() - y[rows].mean()),
            bias_error=float(np.std(scores[rows] - y[rows]) / np.sqrt(rows.sum())),
        )
        for title, rows in bands.items()
        if rows.any()
    )
