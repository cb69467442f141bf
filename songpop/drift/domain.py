"""Whether a classifier can tell the week from a week of training: what no single column shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from songpop.drift.bins import Floats
from songpop.drift.profile import thin_tracks
from songpop.drift.references import FEWEST_WEEKS, USUAL_QUANTILE
from songpop.drift.verdict import Level, Verdict
from songpop.formats.spec import FormatSpec
from songpop.settings import DriftSettings

FOLDS: Final = 2
CHANCE: Final = 0.5
"""The area of a classifier that knows nothing."""
_TREES: Final = 20
_LEAVES: Final = 8
_FEWEST_ROWS: Final = 100
"""Fewer rows on either side teach nothing."""
_SEED: Final = 0
_DRAWN_TIMES: Final = 1.1


@dataclass(frozen=True, eq=False)
class DomainSample:
    """Some tracks of one week as the classifier sees them.

    Attributes:
        track_ids: (n,) String.
        values: (n, 2 m) for each metric log(1 + value) and its change since the week before; NaN
            where missing.
        names: of the m metrics.
    """

    track_ids: pl.Series
    values: Floats
    names: tuple[str, ...]


def sample_week(
    rows: pl.DataFrame, before: pl.DataFrame | None, spec: FormatSpec, most: int
) -> DomainSample:
    """Return at most about *most* tracks of a week, the same ones in any week.

    Args:
        rows: TrackWeeks of the week, (n, c).
        before: TrackWeeks of the week before it, or null.
        spec: their format.
        most: tracks.
    """
    # Rows that were drawn before they came here are a few more or less than asked for.
    every = -(-rows.height // most) if rows.height > _DRAWN_TIMES * most else 1
    kept = thin_tracks(rows, every)
    earlier = kept.select("track_id")
    names = tuple(metric.name for metric in spec.metrics)
    if before is not None:
        earlier = earlier.join(
            before.select("track_id", *names), on="track_id", how="left", maintain_order="left"
        )
    columns: list[Floats] = []
    for name in names:
        now = _log(kept.get_column(name))
        then = _log(earlier.get_column(name)) if before is not None else np.full(now.size, np.nan)
        columns += [now, now - then]
    return DomainSample(kept.get_column("track_id"), np.column_stack(columns), names)


def _log(values: pl.Series) -> Floats:
    return np.log1p(values.cast(pl.Float64).fill_null(np.nan).to_numpy())


def judge_domain(
    now: DomainSample, reference: DomainSample, usual: Sequence[float], settings: DriftSettings
) -> Verdict | None:
    """Return how well gradient boosting tells the two weeks apart; null with too few tracks.

    The area under the ROC curve is of rows that the classifier has not seen: all rows of a track
    are in one fold, or it would know a track again instead of the week. 0.5 is chance. On a chart
    any two weeks are told apart, since each has streams of its own at each rank; what counts is
    beyond what earlier weeks showed.

    Args:
        now: the week.
        reference: a week of training.
        usual: the statistic of earlier weeks; fewer than three of them, and nothing fails.
        settings: thresholds, and by how much they exceed what is usual.
    """
    if min(len(now.track_ids), len(reference.track_ids)) < _FEWEST_ROWS:
        return None
    values = np.vstack([now.values, reference.values])
    is_now = np.repeat([True, False], [len(now.track_ids), len(reference.track_ids)])
    ids = pl.concat([now.track_ids, reference.track_ids])
    folds = (ids.hash(seed=1) % FOLDS).to_numpy()
    usable = _find_usable(values)
    auc = _cross_fit(values[:, usable], is_now, folds)
    level, threshold, is_strong = rate_auc(auc, usual, settings)
    leading = None if level == "pass" else _find_leading(values, usable, is_now)
    return Verdict(
        check_name="domain",
        column_name=None if leading is None else now.names[leading // 2],
        statistic=auc,
        threshold=threshold,
        p_value=None,
        verdict=level,
        is_strong=is_strong,
        reference="a week of training",
        details=f"a classifier tells the week from one of training with AUC {auc:.2f}",
    )


def rate_auc(
    auc: float, usual: Sequence[float], settings: DriftSettings
) -> tuple[Level, float, bool]:
    """Return what an area amounts to, from which one on it fails, and whether once is enough."""
    base = float(np.quantile(usual, USUAL_QUANTILE)) - CHANCE if usual else 0.0
    added = max(base, 0.0)
    fail, strong = settings.domain_auc_fail + added, settings.domain_auc_strong + added
    if len(usual) < FEWEST_WEEKS or auc < settings.domain_auc_warn + added:
        return "pass", fail, False
    return ("fail" if auc >= fail else "warn"), fail, auc >= strong


def _find_usable(values: Floats) -> NDArray[np.bool_]:
    """Return which inputs have at least two values."""
    is_known = np.isfinite(values)
    lowest = np.where(is_known, values, np.inf).min(axis=0)
    highest = np.where(is_known, values, -np.inf).max(axis=0)
    return lowest < highest


def _cross_fit(inputs: Floats, is_now: NDArray[np.bool_], folds: NDArray[np.uint64]) -> float:
    """Return the area under the curve of held-out rows."""
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415 - loads slowly
    from sklearn.metrics import roc_auc_score  # noqa: PLC0415
    from threadpoolctl import threadpool_limits  # noqa: PLC0415

    if not inputs.shape[1]:
        return CHANCE
    scores = np.empty(is_now.size)
    # So few rows are done on one thread before a second has started.
    with threadpool_limits(limits=1):
        for fold in range(FOLDS):
            held = folds == fold
            model = HistGradientBoostingClassifier(
                max_iter=_TREES,
                max_leaf_nodes=_LEAVES,
                learning_rate=0.3,
                early_stopping=False,  # pyright: ignore[reportArgumentType] - its stub knows "auto" alone
                random_state=_SEED,
            ).fit(inputs[~held], is_now[~held])
            scores[held] = model.decision_function(inputs[held])
    return float(roc_auc_score(is_now, scores))


def _find_leading(
    values: Floats, usable: NDArray[np.bool_], is_now: NDArray[np.bool_]
) -> int | None:
    """Return the input that alone tells the weeks apart best; null where none does."""
    from sklearn.metrics import roc_auc_score  # noqa: PLC0415 - loads slowly

    weights = np.zeros(values.shape[1])
    for place in np.flatnonzero(usable):
        column = values[:, place]
        filled = np.where(np.isfinite(column), column, np.nanmedian(column))
        weights[place] = abs(float(roc_auc_score(is_now, filled)) - CHANCE)
    return int(np.argmax(weights)) if weights.any() else None
