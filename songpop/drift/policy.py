"""What follows from verdicts: a pure function of what is stored in ml.drift."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from songpop.drift.verdict import Verdict
from songpop.settings import DriftSettings

DriftDecision = Literal["quiet", "warn", "retrain", "quarantine"]

COLUMN_CHECKS: Final = frozenset({"change", "level", "missing", "association"})
"""The checks whose failing columns count by their weight."""

_DAYS_PER_WEEK: Final = 7
_SLACK_DAYS: Final = 3


@dataclass(frozen=True)
class Decision:
    """What is decided about drift alone, and why.

    Attributes:
        decision: quiet, warn, retrain or quarantine.
        because: what tipped it, in words; empty for a quiet week.
        leading: the verdicts behind it, the most telling first.
    """

    decision: DriftDecision
    because: str
    leading: tuple[Verdict, ...]


@dataclass(frozen=True)
class PolicyFacts:
    """What the policy knows beside the week's verdicts.

    Attributes:
        week: the week.
        earlier: the verdicts of the weeks before it, the newest first; a quarantined week is
            none of them.
        weights: of each metric in the champion's reasons, shares that add up to 1; empty where
            nothing is known, and then all metrics weigh the same.
        metrics: the metrics that were judged.
        last_trained_week: the week in which a model was last trained; null for never.
    """

    week: dt.date
    earlier: Sequence[Sequence[Verdict]]
    weights: Mapping[str, float]
    metrics: Sequence[str]
    last_trained_week: dt.date | None


def decide(verdicts: Sequence[Verdict], facts: PolicyFacts, settings: DriftSettings) -> Decision:
    """Return the decision about one week.

    Quarantine comes first. A failing check retrains at once if it is strong, else if the same
    check of the same column has failed for ``persistence_weeks`` weeks in a row, or if failing
    columns that weigh ``column_share`` in the champion's reasons have. After a training,
    ``cool_down_weeks`` weeks only warn.
    """
    kept_out = [verdict for verdict in verdicts if verdict.verdict == "quarantine"]
    if kept_out:
        return Decision("quarantine", "implausible", rank_verdicts(kept_out))
    failing = [verdict for verdict in verdicts if verdict.verdict == "fail"]
    told = [verdict for verdict in verdicts if verdict.verdict == "warn"]
    leading = (*rank_verdicts(failing), *rank_verdicts(told))
    if not failing:
        return Decision("warn" if told else "quiet", "" if not told else "noticed", leading)
    because = _find_cause(failing, facts, settings)
    if because is None:
        return Decision("warn", "not lasting yet", leading)
    if is_cooling(facts, settings):
        return Decision("warn", f"{because}, but a model was trained recently", leading)
    return Decision("retrain", because, leading)


def rank_verdicts(verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """Return verdicts, the most telling first: strong ones, then by how far they go."""
    return tuple(
        sorted(
            verdicts,
            key=lambda verdict: (
                not verdict.is_strong,
                -verdict.excess,
                verdict.check_name,
                verdict.column_name or "",
            ),
        )
    )


def is_cooling(facts: PolicyFacts, settings: DriftSettings) -> bool:
    """Return whether a model was trained too recently for drift to start another training."""
    if facts.last_trained_week is None:
        return False
    days = (facts.week - facts.last_trained_week).days
    return days < settings.cool_down_weeks * _DAYS_PER_WEEK - _SLACK_DAYS


def _find_cause(
    failing: Sequence[Verdict], facts: PolicyFacts, settings: DriftSettings
) -> str | None:
    if any(verdict.is_strong for verdict in failing):
        return "strong"
    weeks = settings.persistence_weeks
    before = [_failing(earlier) for earlier in facts.earlier[: weeks - 1]]
    if len(before) < weeks - 1:
        return None
    if any(all(_key(verdict) in keys for keys in before) for verdict in failing):
        return f"lasting {weeks} weeks" if weeks > 1 else "failing"
    shares = [_weigh({_key(verdict) for verdict in failing}, facts)]
    shares += [_weigh(keys, facts) for keys in before]
    if min(shares) >= settings.column_share:
        return f"columns that weigh {min(shares):.0%} for {weeks} weeks"
    return None


def _key(verdict: Verdict) -> tuple[str, str | None]:
    # The column that tells a classifier most may change; that it tells the weeks apart lasts.
    column = verdict.column_name if verdict.check_name in COLUMN_CHECKS else None
    return verdict.check_name, column


def _failing(verdicts: Sequence[Verdict]) -> set[tuple[str, str | None]]:
    return {_key(verdict) for verdict in verdicts if verdict.verdict == "fail"}


def _weigh(keys: set[tuple[str, str | None]], facts: PolicyFacts) -> float:
    columns = {column for check, column in keys if check in COLUMN_CHECKS and column is not None}
    if not facts.weights:
        return len(columns) / len(facts.metrics) if facts.metrics else 0.0
    return sum(facts.weights.get(column, 0.0) for column in columns)
