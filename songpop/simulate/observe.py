"""What an export says about a panel: rounded metrics, absences, Track Score and its rank."""

from typing import Final

import numpy as np

from songpop.simulate.ages import DAYS_PER_WEEK
from songpop.simulate.columns import (
    ALL_TIME_RANK,
    COUNTERS,
    METRICS,
    METRICS_FROM,
    NUMBERS,
    TRACK_SCORE,
)
from songpop.simulate.draws import Floats, Purpose, stream, weigh_rows
from songpop.simulate.growth import feel_season
from songpop.simulate.marginals import (
    AGE_OFFSET_DAYS,
    FITS,
    SCORE_BY_RANK,
    SCORE_CONSTANT,
    SCORE_HEAD_EXPONENT,
)
from songpop.simulate.panel import ABSENCE_GROUPS, COUNTER_ROWS, COUNTER_SLOPES, Panel
from songpop.simulate.roster import World

POPULARITY_MAX: Final = 100.0

MOMENTUM_EXPONENT: Final = 1.5
"""How much this week counts in Track Score against the time since release.

Chosen: a single snapshot cannot tell it, and with 0 nearly nobody would change halves in a month.
"""

MOMENTUM_METRICS: Final = ("Spotify Streams", "YouTube Views")

GAUGES: Final = {
    "Spotify Playlist Count": ((0.06, 0.0, 0.0), 0.01),
    "Spotify Playlist Reach": ((0.25, 0.0, 0.0), 0.05),
    "Spotify Popularity": ((0.05, 0.0, 0.0), 0.01),
    "YouTube Playlist Reach": ((0.20, 0.20, 0.0), 0.06),
    "Apple Music Playlist Count": ((0.12, 0.0, 0.0), 0.02),
    "Deezer Playlist Count": ((0.12, 0.0, 0.0), 0.02),
    "Deezer Playlist Reach": ((0.25, 0.0, 0.0), 0.06),
    "Amazon Playlist Count": ((0.12, 0.0, 0.0), 0.02),
}
"""What a unit of (general, social, broadcast) heat adds to a gauge's logarithm, and its noise."""

_POINTS = np.array([fit.points for fit in FITS])[:, np.newaxis]
_COUNTERS = list(COUNTER_ROWS)
_GAUGES = [METRICS.index(header) for header in GAUGES]
_LIKES = [
    (METRICS.index(f"{platform} Likes"), METRICS.index(f"{platform} Views"))
    for platform in ("YouTube", "TikTok")
]
_MOMENTUM_ROWS = [METRICS.index(header) for header in MOMENTUM_METRICS]
_MOMENTUM_PLACES = [COUNTERS.index(header) for header in MOMENTUM_METRICS]
_WEEKLY_POINTS = _POINTS[_MOMENTUM_ROWS] / (COUNTER_SLOPES[_MOMENTUM_PLACES] * DAYS_PER_WEEK)


def observe(world: World, panel: Panel, week: int) -> Floats:
    """Return what the export of *week* says, before any fault.

    Returns:
        (22, n) whole numbers, but for Track Score with one decimal, in the order of
        ``columns.NUMBERS``; NaN is an empty cell. Ranks run from 1 to n without a gap.
    """
    metrics = _measure(world, panel, week)
    scores = _score_index(panel, metrics)
    ranks = np.empty(scores.size)
    ranks[np.argsort(-scores, kind="stable")] = np.arange(1, scores.size + 1)
    values = np.empty((len(NUMBERS), scores.size))
    values[METRICS_FROM:] = metrics
    values[NUMBERS.index(TRACK_SCORE)] = score_of_rank(ranks, scores.size)
    values[NUMBERS.index(ALL_TIME_RANK)] = ranks
    return values


def score_of_rank(ranks: Floats, count: int) -> Floats:
    """Return Track Scores, one decimal, of these *ranks* among *count* tracks."""
    shares, points = np.log(np.array(SCORE_BY_RANK)).T
    position = np.log(ranks / count)
    # Beyond the largest real export's first place the power law goes on.
    head = SCORE_HEAD_EXPONENT * np.minimum(position - shares[0], 0.0)
    return np.round(np.exp(np.interp(position, shares, points) + head), 1)


def _measure(world: World, panel: Panel, week: int) -> Floats:
    """Return (20, n) the metrics as an export shows them: whole numbers from 1, NaN if absent."""
    metrics = np.empty((len(METRICS), panel.serials.size))
    metrics[_COUNTERS] = panel.counters
    metrics[_GAUGES] = _measure_gauges(world, panel, week)
    np.floor(metrics, out=metrics)
    np.maximum(metrics, 1.0, out=metrics)
    for likes, views in _LIKES:
        metrics[likes] = np.minimum(metrics[likes], metrics[views])
    row = METRICS.index("Spotify Popularity")
    metrics[row] = np.minimum(metrics[row], POPULARITY_MAX)
    for row, fit in enumerate(FITS):
        bound = fit.absence.offset + fit.absence.slope * panel.log_ages
        metrics[row, panel.absences[ABSENCE_GROUPS.index(fit.absence.group)] < bound] = np.nan
    return metrics


def _measure_gauges(world: World, panel: Panel, week: int) -> Floats:
    """Return (8, n) the levels of this week, to be rounded down."""
    gauges = np.empty((len(GAUGES), panel.serials.size))
    rng = stream(world.seed, Purpose.GAUGES, week)
    felt = feel_season(panel.heat, world.is_holiday(panel.serials), panel.week_ordinal)
    responses = np.array([response for response, _ in GAUGES.values()], dtype=np.float32)
    moves = weigh_rows(responses, felt)
    for place, (row, (_, noise)) in enumerate(zip(_GAUGES, GAUGES.values(), strict=True)):
        logs = panel.levels[row] + FITS[row].slope * panel.log_ages + moves[place]
        logs += noise * rng.standard_normal(panel.serials.size, dtype=np.float32)
        gauges[place] = np.exp(logs) + 0.5
    return gauges


def _score_index(panel: Panel, metrics: Floats) -> Floats:
    """Return (n,) points by which tracks are ranked: the real score's, times this week's momentum.

    Momentum is what streams and views gained this week in points, against what their totals say of
    the average week, and 1 without either; a metric that is absent counts as 0.
    """
    daily = _POINTS * np.nan_to_num(metrics) / (panel.ages_days + AGE_OFFSET_DAYS)
    points = SCORE_CONSTANT + daily.sum(axis=0)
    average = daily[_MOMENTUM_ROWS].sum(axis=0)
    is_present = np.isfinite(metrics[_MOMENTUM_ROWS])
    current = (_WEEKLY_POINTS * panel.weekly[_MOMENTUM_PLACES] * is_present).sum(axis=0)
    momentum = np.ones_like(points)
    np.divide(current, average, out=momentum, where=average > 0.0)
    return points * momentum**MOMENTUM_EXPONENT
