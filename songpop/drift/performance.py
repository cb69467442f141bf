"""How the champion does: what it scores, how sure it is, and how it did once the truth is known."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from songpop.drift.bins import Counts, Floats
from songpop.drift.columns import rate_distance
from songpop.drift.distance import compare_counts
from songpop.drift.references import FEWEST_WEEKS, USUAL_QUANTILE, Comparison
from songpop.drift.verdict import Check, Level, Verdict
from songpop.settings import DriftSettings

SCORE_BINS: Final = 240
_LARGEST_LOG_ODDS: Final = 12.0
_UNKNOWN_TIMES: Final = 2.0
"""A new model's excess may be its calibration's error, and no change of the world."""
_TINY: Final = 1e-12
_ERROR_RATE: Final = 0.001
"""Of one look at matured labels, of which a year has 52."""


@dataclass(frozen=True, eq=False)
class ScoreProfile:
    """What a model said of one week.

    Attributes:
        week: the day that ends it.
        model_version: who scored it.
        counts: (1, SCORE_BINS) tracks by log-odds, from -12 to 12.
        estimated_loss: the log loss in nats a row, were every score a true probability
            (confidence-based performance estimation; Garg et al., "Leveraging Unlabeled Data to
            Predict Out-of-Distribution Performance", 2022, compare such estimates).
    """

    week: dt.date
    model_version: str
    counts: Counts
    estimated_loss: float


@dataclass(frozen=True)
class MaturedLoss:
    """How a model did on one week whose labels are known.

    Attributes:
        week: the week that was scored.
        model_version: who scored it.
        excess: realised less estimated log loss, in nats a row; about 0 while calibration holds.
        standard_error: of the excess, with the rows of an artist taken together.
        rows_count: scored rows with a label.
    """

    week: dt.date
    model_version: str
    excess: float
    standard_error: float
    rows_count: int


def profile_scores(week: dt.date, model_version: str, scores: Floats) -> ScoreProfile:
    """Reduce a week's calibrated scores, (n,) probabilities, to their profile."""
    p = np.clip(scores, _TINY, 1 - _TINY)
    odds = np.log(p) - np.log1p(-p)
    cells = (odds + _LARGEST_LOG_ODDS) / (2 * _LARGEST_LOG_ODDS) * SCORE_BINS
    cells = np.clip(cells, 0, SCORE_BINS - 1).astype(np.int64)
    counts = np.bincount(cells, minlength=SCORE_BINS).astype(np.int64)
    return ScoreProfile(week, model_version, counts.reshape(1, -1), float(_entropy(p).mean()))


def measure_loss(
    week: dt.date,
    model_version: str,
    scores: Floats,
    y: NDArray[np.bool_],
    artists: NDArray[np.int64],
) -> MaturedLoss:
    """Return how scores did on a matured week.

    Args:
        week: the week that was scored.
        model_version: who scored it.
        scores: (n,) probabilities.
        y: (n,) whether the track proved high.
        artists: (n,) number of each row's artist; the standard error is that of a mean of
            clusters (Liang and Zeger, 1986).
    """
    p = np.clip(scores, _TINY, 1 - _TINY)
    gaps = -np.log(np.where(y, p, 1 - p)) - _entropy(p)
    excess = float(gaps.mean())
    sums = np.bincount(artists, weights=gaps - excess)
    return MaturedLoss(
        week=week,
        model_version=model_version,
        excess=excess,
        standard_error=float(np.sqrt((sums**2).sum()) / gaps.size),
        rows_count=gaps.size,
    )


def judge_scores(
    now: ScoreProfile, earlier: Sequence[ScoreProfile], settings: DriftSettings
) -> list[Verdict]:
    """Compare a week's scores with those that the same model gave before.

    Args:
        now: the week.
        earlier: weeks that the same version scored, at least three, or nothing is judged.
        settings: thresholds.
    """
    if len(earlier) < FEWEST_WEEKS:
        return []
    pooled = np.sum([week.counts for week in earlier], axis=0)
    rows = max(float(week.counts.sum()) for week in earlier)
    alone = [compare_counts(week.counts, pooled - week.counts, rows).statistic for week in earlier]
    found = Comparison(
        distance=compare_counts(now.counts, pooled, rows),
        usual=float(np.quantile(alone, USUAL_QUANTILE)),
        year_ago=None,
    )
    threshold = max(settings.distance, settings.usual_times * found.usual)
    level, is_strong = rate_distance(found, threshold, settings, tests=1)
    way = "higher" if found.distance.is_above else "lower"
    return [
        Verdict(
            check_name="scores",
            column_name=None,
            statistic=found.distance.statistic,
            threshold=threshold,
            p_value=found.distance.p_value,
            verdict=level,
            is_strong=is_strong,
            direction=1 if found.distance.is_above else -1,
            reference="weeks that the model scored before",
            details=f"scores are {way} than the model gave before ({found.distance.statistic:.2f})",
        ),
        _judge_estimate(now, earlier, settings),
    ]


def _judge_estimate(
    now: ScoreProfile, earlier: Sequence[ScoreProfile], settings: DriftSettings
) -> Verdict:
    before = [week.estimated_loss for week in earlier]
    return _rate_loss(
        "estimated_loss",
        now.estimated_loss - float(np.median(before)),
        before,
        None,
        settings,
        f"the model expects a log loss of {now.estimated_loss:.3f}, "
        f"before {float(np.median(before)):.3f}",
    )


def judge_loss(
    now: MaturedLoss, earlier: Sequence[MaturedLoss], settings: DriftSettings
) -> Verdict:
    """Compare a matured week's log loss with what the model expected, and with weeks before.

    Args:
        now: the newest matured week.
        earlier: matured weeks before it that the same version scored; their median excess is
            taken off, so a calibration that was a little off all along is no news. With fewer than
            three of them only twice the threshold counts.
        settings: thresholds.
    """
    from scipy.special import ndtr  # noqa: PLC0415 - a light part, and yet a tenth of a second

    before = [week.excess for week in earlier]
    usual = float(np.median(before)) if len(before) >= FEWEST_WEEKS else 0.0
    rise = now.excess - usual
    error = max(now.standard_error, _TINY)
    return _rate_loss(
        "realised_loss",
        rise,
        before,
        float(ndtr(-rise / error)),
        settings,
        f"log loss on week {now.week} is {now.excess:+.3f} from what the model expected, "
        f"before {usual:+.3f}",
    )


def _rate_loss(
    check: Check,
    rise: float,
    before: Sequence[float],
    p_value: float | None,
    settings: DriftSettings,
    details: str,
) -> Verdict:
    spread = 0.0
    if len(before) >= FEWEST_WEEKS:
        apart = np.abs(np.array(before) - np.median(before))
        spread = float(np.quantile(apart, USUAL_QUANTILE))
    threshold = max(settings.loss_change, settings.usual_times * spread)
    if len(before) < FEWEST_WEEKS:
        threshold *= _UNKNOWN_TIMES
    is_beyond = rise >= threshold and (p_value is None or p_value < _ERROR_RATE)
    level: Level = "fail" if is_beyond else "pass"
    return Verdict(
        check_name=check,
        column_name=None,
        statistic=rise,
        threshold=threshold,
        p_value=p_value,
        verdict=level,
        is_strong=is_beyond and rise >= 2 * threshold,
        direction=1 if rise > 0 else -1,
        reference="weeks that the model scored before",
        details=details,
    )


def _entropy(p: Floats) -> Floats:
    return -p * np.log(p) - (1 - p) * np.log1p(-p)
