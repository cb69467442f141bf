"""Whether a column's values come from where the champion's came from."""

from collections.abc import Iterator
from typing import Final, Literal

import numpy as np

from songpop.drift.bins import AGE_GROUPS_COUNT, Counts
from songpop.drift.distance import compare_counts, share_tail
from songpop.drift.plausibility import ERROR_RATE, FEWEST_COMPARED
from songpop.drift.profile import ColumnProfile, WeekProfile
from songpop.drift.references import (
    FEWEST_WEEKS,
    Comparison,
    Pick,
    References,
    columns_of,
    compare_with,
)
from songpop.drift.verdict import Level, Verdict
from songpop.settings import DriftSettings

View = Literal["level", "change"]

AGE_NAMES: Final = (
    "tracks under 4 weeks",
    "tracks of 4 to 13 weeks",
    "tracks of 13 weeks to a year",
    "tracks of 1 to 5 years",
    "tracks over 5 years",
    "tracks of unknown age",
)
_FEWEST_IN_SEGMENT: Final = 50
_STANDS_OUT: Final = 1.5
"""An age is named where its distance is so many times the whole week's."""


def judge_columns(
    now: WeekProfile, references: References, settings: DriftSettings
) -> list[Verdict]:
    """Return a verdict for each metric's level, change and gaps, ages held equal.

    The threshold of a distance is the least effect that is acted on (``[drift] distance``), or one
    and a half times what weeks of the reference usually differ by themselves. What differs as the
    same weeks did a year ago is the season, and only told.
    """
    tests = 2 * len(now.columns)
    verdicts: list[Verdict] = []
    for name in now.columns:
        for view in ("change", "level"):
            verdict = _judge_view(now, name, view, references, settings, tests)
            verdicts += [verdict] if verdict else []
        verdicts += _judge_missing(now, name, references, settings)
    return verdicts


def _judge_view(
    now: WeekProfile,
    name: str,
    view: View,
    references: References,
    settings: DriftSettings,
    tests: int,
) -> Verdict | None:
    def pick(week: WeekProfile) -> Counts | None:
        column = week.columns.get(name)
        if column is None or (view == "change" and week.weeks_apart != now.weeks_apart):
            return None
        return getattr(column, view)

    found = compare_with(now, references, pick)
    if found is None:
        return None
    distance = found.distance
    threshold = max(settings.distance, settings.usual_times * found.usual)
    level, is_strong = rate_distance(found, threshold, settings, tests)
    return Verdict(
        check_name=view,
        column_name=name,
        statistic=distance.statistic,
        threshold=threshold,
        p_value=distance.p_value,
        verdict=level,
        is_strong=is_strong,
        direction=1 if distance.is_above else -1,
        segment=_find_segment(now, references, pick) if level != "pass" else None,
        reference="training weeks",
        details=_describe(found, view),
    )


def rate_distance(
    found: Comparison, threshold: float, settings: DriftSettings, tests: int
) -> tuple[Level, bool]:
    """Return what a distance amounts to, and whether one week of it is enough."""
    distance = found.distance
    if distance.rows_count < FEWEST_COMPARED:
        return "pass", False
    if distance.statistic < threshold or distance.p_value >= ERROR_RATE / tests:
        return "pass", False
    seasonal = found.year_ago
    if seasonal is not None and seasonal < max(threshold, distance.statistic / 2):
        return "warn", False
    strong = max(settings.strong_distance, 2 * threshold)
    return "fail", distance.statistic >= strong


def _describe(found: Comparison, view: View) -> str:
    if view == "level":
        way = "higher" if found.distance.is_above else "lower"
        text = f"values {way} than tracks of their age had in training"
    else:
        way = "larger" if found.distance.is_above else "smaller"
        text = f"weekly changes {way} than tracks of their age had in training"
    text += f" (distance {found.distance.statistic:.2f}, usually up to {found.usual:.2f}"
    if found.year_ago is not None:
        text += f", a year ago {found.year_ago:.2f}"
    return text + ")"


def _find_segment(now: WeekProfile, references: References, pick: Pick) -> str | None:
    """Return the age whose tracks moved clearly more than the week's, if there is one."""
    own = pick(now)
    known = [counts for week in references.training if (counts := pick(week)) is not None]
    if own is None:
        return None
    pooled = np.sum(known, axis=0)
    whole = compare_counts(own, pooled, 1.0).statistic
    apart = {
        AGE_NAMES[group]: compare_counts(own[[group]], pooled[[group]], 1.0).statistic
        for group in range(AGE_GROUPS_COUNT)
        if own[group].sum() >= _FEWEST_IN_SEGMENT
    }
    worst = max(apart, key=lambda name: apart[name], default=None)
    return worst if worst is not None and apart[worst] >= _STANDS_OUT * whole else None


def _judge_missing(
    now: WeekProfile, name: str, references: References, settings: DriftSettings
) -> Iterator[Verdict]:
    """Compare the share of gaps with that of the training weeks, weighted to the week's ages."""
    known = columns_of(references.training, name)
    if len(known) < FEWEST_WEEKS or not now.tracks_count:
        return
    own = _missing_by_age(now, now.columns[name])
    gaps = np.array([_missing_by_age(week, column) for week, column in known])  # (weeks, ages)
    ages = np.array([week.ages for week, _ in known])
    share = own.sum() / now.tracks_count
    usual = _expected_share(now.ages, gaps.sum(axis=0), ages.sum(axis=0))
    alone = [
        abs(
            gaps[place].sum() / ages[place].sum()
            - _expected_share(
                ages[place], gaps.sum(axis=0) - gaps[place], ages.sum(axis=0) - ages[place]
            )
        )
        for place in range(len(known))
    ]
    threshold = max(settings.missing_change, settings.usual_times * float(np.quantile(alone, 0.9)))
    chance = share_tail(share, usual, now.tracks_count, float(ages.sum(axis=1).max()))
    is_beyond = (
        abs(share - usual) >= threshold
        and chance < ERROR_RATE / len(now.columns)
        and now.tracks_count >= FEWEST_COMPARED
    )
    is_seasonal = any(
        abs(share - column.missing_count / week.tracks_count)
        < max(threshold, abs(share - usual) / 2)
        for week, column in columns_of(references.year_ago, name)
        if week.tracks_count
    )
    yield Verdict(
        check_name="missing",
        column_name=name,
        statistic=float(share - usual),
        threshold=threshold,
        p_value=chance,
        verdict=("warn" if is_seasonal else "fail") if is_beyond else "pass",
        direction=1 if share > usual else -1,
        reference="training weeks",
        details=f"missing for {share:.1%} of tracks, {usual:.1%} of such ages in training"
        + (", but a year ago as well" if is_beyond and is_seasonal else ""),
    )


def _missing_by_age(week: WeekProfile, column: ColumnProfile) -> Counts:
    return week.ages - column.level.sum(axis=1)


def _expected_share(ages: Counts, gaps: Counts, rows: Counts) -> float:
    """Return the reference's share of gaps, were its ages the week's; ages it lacks left out."""
    usable = (ages > 0) & (rows > 0)
    if not usable.any():
        return 0.0
    return float(ages[usable] @ (gaps[usable] / rows[usable]) / ages[usable].sum())
