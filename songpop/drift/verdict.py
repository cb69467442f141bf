"""What a check says of a week; one row of ml.drift."""

from dataclasses import dataclass
from typing import Final, Literal

Level = Literal["pass", "warn", "fail", "quarantine"]
"""pass: nothing; warn: people are told; fail: a reason to retrain; quarantine: never learned."""

Check = Literal[
    "volume",
    "falling",
    "frozen",
    "missing_jump",
    "level_jump",
    "units",
    "change",
    "level",
    "missing",
    "association",
    "ages",
    "newcomers",
    "domain",
    "scores",
    "estimated_loss",
    "realised_loss",
]

PLAUSIBILITY_CHECKS: Final = frozenset(
    {"volume", "falling", "frozen", "missing_jump", "level_jump", "units"}
)


@dataclass(frozen=True)
class Verdict:
    """One check of one column, or of the whole week.

    Attributes:
        check_name: which check.
        column_name: the metric; null where the check is of the week.
        statistic: the effect, in the check's own unit (see the data dictionary).
        threshold: from which on it counts.
        p_value: null where the check has none.
        verdict: what it says.
        is_strong: whether a single week of it is enough to act on.
        direction: 1 where the week's values are larger than the reference's, -1 smaller, 0 neither.
        segment: the age group that moved most, where one stands out; else null.
        reference: what the week was compared with.
        details: the effect in words, without the column's name.
    """

    check_name: Check
    column_name: str | None
    statistic: float
    threshold: float
    p_value: float | None = None
    verdict: Level = "pass"
    is_strong: bool = False
    direction: int = 0
    segment: str | None = None
    reference: str = ""
    details: str = ""

    @property
    def excess(self) -> float:
        """The effect in terms of its threshold; above 1 it counts."""
        return abs(self.statistic) / self.threshold if self.threshold else 0.0
