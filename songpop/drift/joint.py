"""Whether the week is another mixture of tracks, and whether its metrics still go together."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from songpop.drift.association import MOST_RANKED
from songpop.drift.bins import Counts, Floats
from songpop.drift.columns import rate_distance
from songpop.drift.plausibility import ERROR_RATE, FEWEST_COMPARED
from songpop.drift.profile import WeekProfile
from songpop.drift.references import (
    FEWEST_WEEKS,
    USUAL_QUANTILE,
    References,
    compare_with,
)
from songpop.drift.verdict import Verdict
from songpop.settings import DriftSettings

_LOST_ROWS: Final = 3
_LARGEST_CORRELATION: Final = 0.999
"""Fisher's transformation of 1 is infinite; ranks of one metric may be another's exactly."""


def judge_mixture(
    now: WeekProfile, references: References, settings: DriftSettings
) -> Iterator[Verdict]:
    """Compare the ages of the week's tracks, and the share of tracks that are new in it."""

    def pick(week: WeekProfile) -> Counts | None:
        return week.ages.reshape(1, -1)

    found = compare_with(now, references, pick)
    if found is not None:
        threshold = max(settings.distance, settings.usual_times * found.usual)
        level, is_strong = rate_distance(found, threshold, settings, tests=1)
        younger = "older" if found.distance.is_above else "younger"
        yield Verdict(
            check_name="ages",
            column_name=None,
            statistic=found.distance.statistic,
            threshold=threshold,
            p_value=found.distance.p_value,
            verdict=level,
            is_strong=is_strong,
            direction=1 if found.distance.is_above else -1,
            reference="training weeks",
            details=f"tracks are {younger} than in training ({found.distance.statistic:.2f})",
        )
    yield from _judge_newcomers(now, references, settings)


def _judge_newcomers(
    now: WeekProfile, references: References, settings: DriftSettings
) -> Iterator[Verdict]:
    like = [week for week in references.training if week.weeks_apart == now.weeks_apart]
    usual = [_new_share(week) for week in like]
    if now.before_week is None or len(usual) < FEWEST_WEEKS:
        return
    share, middle = _new_share(now), float(np.median(usual))
    spread = float(np.quantile(np.abs(np.array(usual) - middle), USUAL_QUANTILE))
    threshold = max(settings.newcomers_change, settings.usual_times * spread)
    is_beyond = abs(share - middle) >= threshold and now.tracks_count >= FEWEST_COMPARED
    yield Verdict(
        check_name="newcomers",
        column_name=None,
        statistic=share - middle,
        threshold=threshold,
        p_value=None,
        # Who comes and goes is told; what it does to ages and columns is judged there.
        verdict="warn" if is_beyond else "pass",
        direction=1 if share > middle else -1,
        reference="training weeks",
        details=f"{share:.0%} of tracks were not listed the week before, usually {middle:.0%}",
    )


def _new_share(week: WeekProfile) -> float:
    return 1 - week.common_count / week.tracks_count if week.tracks_count else 0.0


def judge_associations(
    now: WeekProfile, references: References, settings: DriftSettings
) -> Iterator[Verdict]:
    """Compare each metric's rank correlations with those of the training weeks.

    The statistic is the median over the other metrics of the change of Fisher's z, the inverse
    hyperbolic tangent of the correlation: a column whose values went to the wrong tracks loses all
    its correlations, the others only theirs with it.
    """
    names = list(now.columns)
    known = [week for week in references.training if set(names) <= set(week.columns)]
    if len(known) < FEWEST_WEEKS or len(names) < FEWEST_WEEKS:
        return
    own = _fisher(now, names)
    each = np.array([_fisher(week, names) for week in known])  # (weeks, m, m)
    middle = _median(each, axis=0)
    moved = _median(np.abs(own - middle), axis=1)
    usual = _median(np.abs(each - middle), axis=2)  # (weeks, m)
    for place, name in enumerate(names):
        if not np.isfinite(moved[place]) or not np.isfinite(usual[:, place]).any():
            continue
        spread = float(np.nanquantile(usual[:, place], USUAL_QUANTILE))
        threshold = max(settings.association_change, settings.usual_times * spread)
        chance = _chance(float(moved[place]), now.tracks_count)
        is_beyond = (
            bool(moved[place] >= threshold)
            and chance < ERROR_RATE / len(names)
            and now.tracks_count >= FEWEST_COMPARED
        )
        yield Verdict(
            check_name="association",
            column_name=name,
            statistic=float(moved[place]),
            threshold=threshold,
            p_value=chance,
            verdict="fail" if is_beyond else "pass",
            is_strong=is_beyond and bool(moved[place] >= 2 * threshold),
            reference="training weeks",
            details=(
                "goes with the other metrics differently than in training "
                f"(Fisher's z moved by {moved[place]:.2f}, usually up to {spread:.2f})"
            ),
        )


def _chance(moved: float, tracks: int) -> float:
    """Return the p-value of a change of Fisher's z between two samples of so many tracks.

    Its variance is 1 / (n - 3) for each (Fisher, 1921); a week has at most 20,000 ranked.
    """
    from scipy.special import ndtr  # noqa: PLC0415 - a light part, and yet a tenth of a second

    rows = min(tracks, MOST_RANKED)
    if rows <= _LOST_ROWS:
        return 1.0
    return float(2 * ndtr(-moved / np.sqrt(2 / (rows - _LOST_ROWS))))


def _fisher(week: WeekProfile, names: list[str]) -> Floats:
    everything = list(week.columns)
    places = [everything.index(name) for name in names]
    found = np.array([week.columns[name].associations[places] for name in names])
    np.fill_diagonal(found, np.nan)
    return np.arctanh(np.clip(found, -_LARGEST_CORRELATION, _LARGEST_CORRELATION))


def _median(values: Floats, axis: int) -> Floats:
    """Return the median of what is known, NaN where nothing is."""
    is_known = np.isfinite(values).any(axis=axis)
    filled = np.where(np.expand_dims(is_known, axis), values, 0.0)
    return np.where(is_known, np.nanmedian(filled, axis=axis), np.nan)
