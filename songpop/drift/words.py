"""Decisions and verdicts for people: which columns, platforms and segments, the worst first."""

import re
from collections.abc import Sequence
from typing import Final

from songpop.drift.policy import Decision
from songpop.drift.verdict import Check, Verdict
from songpop.formats.spec import FormatSpec

MOST_REASONS: Final = 10
_FEWEST_OF_PLATFORM: Final = 2

CHECK_WORDS: Final[dict[Check, str]] = {
    "volume": "the number of tracks",
    "falling": "totals that fell",
    "frozen": "values that stand still",
    "missing_jump": "values gone since the week before",
    "level_jump": "the size against the week before",
    "units": "the unit",
    "change": "the weekly changes",
    "level": "the values",
    "missing": "missing values",
    "association": "how it goes with the other metrics",
    "ages": "the mixture of ages",
    "newcomers": "the share of new tracks",
    "domain": "how well the week can be told from one of training",
    "scores": "the model's scores",
    "estimated_loss": "how wrong the model expects to be",
    "realised_loss": "how wrong the model was",
}
"""What each check looks at, for people who do not know its name."""

_PLAIN: Final = (
    (
        re.compile(r"a classifier tells the week from one of training with AUC ([0-9.]+)"),
        (
            "of a track of this week and one of a training week, a classifier names the right one "
            r"more often than by chance (AUC \1; 0.50 is chance, 1.00 is always)"
        ),
    ),
    (
        re.compile(r"the model expects a log loss of ([0-9.]+), before ([0-9.]+)"),
        r"the model is less sure of its scores than before (log loss \1, before \2; less is surer)",
    ),
    (
        re.compile(
            r"log loss on week ([0-9-]+) is ([+-][0-9.]+) from what the model expected, "
            r"before ([+-][0-9.]+)"
        ),
        r"forecasts for week \1 were more wrong than the model expected (log loss \2, before \3)",
    ),
    (re.compile(r"Fisher's z moved by"), "on Fisher's scale of correlations it moved by"),
)
"""What the details of a check say in a statistician's words, and in plain ones."""


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
        f"quiet: of {len(verdicts)} checks the nearest to an alarm is {subject}: "
        f"{CHECK_WORDS[nearest.check_name]}, at {nearest.excess:.0%} of what counts"
    )
    if nearest.excess >= 1:
        reason += ", which in so few tracks is chance"
    return (reason,)


def describe_verdict(verdict: Verdict, spec: FormatSpec) -> str:
    """Return one verdict in words, its subject first."""
    segment = f", most of all {verdict.segment}" if verdict.segment else ""
    details = verdict.details
    for pattern, plain in _PLAIN:
        details = pattern.sub(plain, details)
    return f"{_subject(verdict, spec)}: {details}{segment}"


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
