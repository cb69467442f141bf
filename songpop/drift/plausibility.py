"""Whether a week can be true at all: what fails here is quarantined and never learned from.

These checks run before a week is loaded. What is lasting is no error: the checks of a level (its
volume, its gaps, a platform's size) let a week pass that repeats the level of the week that was
quarantined before it. Nothing repeats itself out of falling or frozen counters, nor out of wrong
units: no platform's totals grow a hundredfold in a week.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from songpop.drift.distance import share_tail
from songpop.drift.profile import ColumnProfile, WeekProfile
from songpop.drift.references import FEWEST_WEEKS, References, columns_of
from songpop.drift.verdict import Verdict
from songpop.formats.spec import FormatSpec
from songpop.settings import DriftSettings

FEWEST_COMPARED: Final = 30
"""Tracks with a value in both weeks, below which a column's change says nothing and nothing is
called drift; a difference of fewer tracks is no break in volume: an artist's album is no fault of
their export."""

LONGEST_GAP_WEEKS: Final = 8
"""A week that came longer before says nothing of a later one's volume, gaps and level."""

ERROR_RATE: Final = 0.05
"""Of one week's checks of one kind together (Bonferroni)."""

FEWEST_FALLEN: Final = 5
"""Of thirty tracks one that falls is 3 %, and a correction of the platform's, no fault."""

_REFERENCE: Final = "recent weeks"


def judge_plausibility(
    now: WeekProfile, references: References, spec: FormatSpec, settings: DriftSettings
) -> list[Verdict]:
    """Return the verdicts that keep a week out, or not; one a check and column.

    Args:
        now: the week, its changes counted from the last accepted week.
        references: only ``recent`` and ``held`` are looked at; without a recent week nothing is
            judged.
        spec: the feed's format: only counters can fall.
        settings: thresholds.
    """
    if references.last is None:
        return []
    is_near = (now.weeks_apart or 0) <= LONGEST_GAP_WEEKS
    verdicts = [*_judge_volume(now, references, settings)] if is_near else []
    for column in now.columns.values():
        kind = spec.column(column.name).kind
        if kind == "rank":
            continue  # a rank moves, stands or is empty for what other tracks do
        if is_near:
            verdicts += _judge_gaps(now, column, references, settings)
        if column.compared_count >= FEWEST_COMPARED:
            jump = _judge_jump(column, references, settings)
            verdicts += [jump] if is_near or jump.check_name == "units" else []
            verdicts += _judge_frozen(column, references, len(now.columns), settings)
            if kind == "counter":
                verdicts.append(_judge_falling(column, settings))
    return verdicts


def let_in(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Return the verdicts on a week that was let in: what would have kept it out is only told."""
    return [
        replace(verdict, verdict="warn", details=f"{verdict.details}; let in")
        if verdict.verdict == "quarantine"
        else verdict
        for verdict in verdicts
    ]


def _judge_volume(
    now: WeekProfile, references: References, settings: DriftSettings
) -> Iterator[Verdict]:
    if len(references.recent) < FEWEST_WEEKS:
        return
    usual = float(np.median([week.rows_count for week in references.recent]))
    last = references.recent[-1].rows_count
    held = None if references.held is None else references.held.rows_count
    change = now.rows_count / usual - 1
    # Both against what is usual and against the last week: a volume that was accepted is not new.
    is_new = abs(now.rows_count / last - 1) >= settings.volume_change if last else True
    verdict = Verdict(
        check_name="volume",
        column_name=None,
        statistic=change,
        threshold=settings.volume_change,
        direction=int(np.sign(change)),
        reference=_REFERENCE,
        details=f"{now.rows_count:,} tracks, usually {usual:,.0f}",
    )
    yield _rate(
        verdict,
        is_beyond=abs(change) >= settings.volume_change
        and is_new
        and abs(now.rows_count - usual) >= FEWEST_COMPARED,
        is_repeated=_repeats(now.rows_count, held, settings),
    )


def _judge_gaps(
    now: WeekProfile, column: ColumnProfile, references: References, settings: DriftSettings
) -> Iterator[Verdict]:
    usual = [_missing_share(*pair) for pair in columns_of(references.recent, column.name)]
    if not usual:
        return
    share = _missing_share(now, column)
    # Both against what is usual and against the last week: a gap that was accepted is not new.
    jump = min(share - float(np.median(usual)), share - usual[-1])
    held = columns_of((references.held,) if references.held else (), column.name)
    before = _missing_share(*held[0]) if held else None
    chance = share_tail(share, usual[-1], now.tracks_count, references.recent[-1].tracks_count)
    is_sure = chance < ERROR_RATE / len(now.columns)
    verdict = Verdict(
        check_name="missing_jump",
        column_name=column.name,
        statistic=jump,
        threshold=settings.missing_jump,
        p_value=chance,
        direction=int(np.sign(jump)),
        reference=_REFERENCE,
        details=f"missing for {share:.0%} of tracks, usually {float(np.median(usual)):.0%}",
    )
    yield _rate(
        verdict,
        is_beyond=jump >= settings.missing_jump and is_sure,
        is_repeated=_repeats(share, before, settings),
    )


def _judge_jump(column: ColumnProfile, references: References, settings: DriftSettings) -> Verdict:
    ratio = column.median_log_ratio or 0.0
    held = columns_of((references.held,) if references.held else (), column.name)
    before = held[0][1].median_log_ratio if held else None
    is_units = abs(ratio) >= np.log(settings.units_factor)
    factor = settings.units_factor if is_units else settings.level_factor
    verdict = Verdict(
        check_name="units" if is_units else "level_jump",
        column_name=column.name,
        statistic=ratio,
        threshold=float(np.log(factor)),
        direction=int(np.sign(ratio)),
        reference=_REFERENCE,
        details=f"the median track has {_times(ratio)} times its value of the week before",
    )
    is_repeated = not is_units and before is not None
    return _rate(
        verdict,
        is_beyond=abs(ratio) >= np.log(factor),
        is_repeated=is_repeated and _repeats(np.exp(ratio), np.exp(before or 0.0), settings),
    )


def _judge_frozen(
    column: ColumnProfile, references: References, columns_count: int, settings: DriftSettings
) -> Iterator[Verdict]:
    usual = [
        earlier.equal_count / earlier.compared_count
        for _, earlier in columns_of(references.recent, column.name)
        if earlier.compared_count >= FEWEST_COMPARED
    ]
    if not usual:
        return
    share, most = column.equal_count / column.compared_count, max(usual)
    # Where most tracks stand still anyway, half of those that usually move have to have stopped.
    threshold = max(settings.frozen_share, (1 + most) / 2)
    chance = share_tail(share, most, column.compared_count, column.compared_count)
    verdict = Verdict(
        check_name="frozen",
        column_name=column.name,
        statistic=share,
        threshold=threshold,
        p_value=chance,
        reference=_REFERENCE,
        details=f"unchanged for {share:.1%} of tracks, usually for {float(np.median(usual)):.0%}",
    )
    yield _rate(verdict, is_beyond=share >= threshold and chance < ERROR_RATE / columns_count)


def _judge_falling(column: ColumnProfile, settings: DriftSettings) -> Verdict:
    share = column.fallen_count / column.compared_count
    verdict = Verdict(
        check_name="falling",
        column_name=column.name,
        statistic=share,
        threshold=settings.falling_share,
        direction=-int(share > 0),
        reference=_REFERENCE,
        details=f"a total that only grows fell for {share:.1%} of tracks",
    )
    is_beyond = share > settings.falling_share and column.fallen_count >= FEWEST_FALLEN
    return _rate(verdict, is_beyond=is_beyond)


def _rate(verdict: Verdict, *, is_beyond: bool, is_repeated: bool = False) -> Verdict:
    """Return *verdict* with what it says: a level that repeats itself is only told."""
    if not is_beyond:
        return verdict
    if is_repeated:
        details = f"{verdict.details}, as in the week that was quarantined"
        return replace(verdict, verdict="warn", details=details)
    return replace(verdict, verdict="quarantine")


def _times(log_ratio: float) -> str:
    """Return a factor in words: whole from ten on, two digits below."""
    factor = float(np.exp(log_ratio))
    return f"{factor:,.0f}" if factor >= 10 else f"{factor:.2g}"  # noqa: PLR2004 - a matter of taste


def _missing_share(week: WeekProfile, column: ColumnProfile) -> float:
    return column.missing_count / week.tracks_count if week.tracks_count else 0.0


def _repeats(level: float, held: float | None, settings: DriftSettings) -> bool:
    """Whether *level* is the one that was quarantined the week before, within 10 %."""
    return held is not None and held > 0 and abs(level / held - 1) <= settings.repeat_within
