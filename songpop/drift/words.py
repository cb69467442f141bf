"""Decisions and verdicts for people: which columns, platforms and segments, the worst first."""

from collections.abc import Sequence
from typing import Final

from songpop.drift.policy import Decision
from songpop.drift.verdict import Verdict
from songpop.formats.spec import FormatSpec

MOST_REASONS: Final = 10
_FEWEST_OF_PLATFORM: Final = 2


def describe_decision(
    decision: Decision, verdicts: Sequence[Verdict], spec: FormatSpec
) -> tuple[str, ...]:
    """Return the reasons of a decision, the most telling first; one for a quiet week too.

    Columns of one platform that say the same are followed by a line that says so.
    """
    if decision.leading:
        reasons = [describe_verdict(verdict, spec) for verdict in decision.leading[:MOST_REASONS]]
        rest = len(decision.leading) - MOST_REASONS
        reasons += [f"and {rest} more"] if rest > 0 else []
        reasons += name_platforms(decision.leading, spec)
        return (*reasons, f"therefore {decision.decision}: {decision.because}")
    if not verdicts:
        return ("not judged: fewer than three weeks to compare with",)
    nearest = max(verdicts, key=lambda verdict: verdict.excess)
    subject = _subject(nearest, spec)
    reason = (
        f"quiet: of {len(verdicts)} checks {nearest.check_name} of {subject} comes nearest, "
        f"at {nearest.excess:.0%} of its threshold"
    )
    if nearest.excess >= 1:
        reason += ", which in so few tracks is chance"
    return (reason,)


def describe_verdict(verdict: Verdict, spec: FormatSpec) -> str:
    """Return one verdict in words, its subject first."""
    segment = f", most of all {verdict.segment}" if verdict.segment else ""
    return f"{_subject(verdict, spec)}: {verdict.details}{segment}"


def name_platforms(verdicts: Sequence[Verdict], spec: FormatSpec) -> list[str]:
    """Return a line for each platform of which at least two columns are concerned."""
    columns: dict[str, list[str]] = {}
    for verdict in verdicts:
        if verdict.column_name is None:
            continue
        column = spec.column(verdict.column_name)
        labels = columns.setdefault(column.platform, [])
        if column.platform and column.label not in labels:
            labels.append(column.label)
    return [
        f"platform {platform}: {', '.join(labels)}"
        for platform, labels in columns.items()
        if len(labels) >= _FEWEST_OF_PLATFORM
    ]


def _subject(verdict: Verdict, spec: FormatSpec) -> str:
    if verdict.column_name is None:
        return "the week"
    return spec.column(verdict.column_name).label
