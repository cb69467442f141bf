"""What a detector of drift is to the benchmark."""

from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, Self

import polars as pl

Decision = Literal["quiet", "warn", "retrain", "quarantine", ""]


@dataclass(frozen=True)
class Alarm:
    """What a detector says of one week.

    Attributes:
        decision: of songpop; empty for tools that leave the decision to a threshold, which the
            tables apply to ``figures``.
        top_columns: the columns that it blames, the most telling first.
        seconds: what judging took, without making or reading the week.
        figures: what it measured, as its records keep it.
    """

    decision: Decision
    top_columns: tuple[str, ...] = ()
    seconds: float = 0.0
    figures: dict[str, Any] = field(default_factory=dict[str, Any])


class Detector(Protocol):
    """Follows one history week by week; a copy follows another future of the same past."""

    @property
    def name(self) -> str:
        """Names its records."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes when its answers may; records with another one are not counted."""
        ...

    @property
    def memory_weeks(self) -> int | None:
        """How many weeks before a judged one it needs; null means all of them."""
        ...

    def begin(self) -> None:
        """Forget everything: a new history begins."""
        ...

    def copy(self) -> Self:
        """Return a detector with the same past; what it sees from now on is its own."""
        ...

    def take(self, week: pl.DataFrame, weeks_to_go: int) -> None:
        """Take in a week, TrackWeeks, whose judgement is not wanted.

        Args:
            week: the week.
            weeks_to_go: how many weeks later the next one is judged.
        """
        ...

    def judge(self, week: pl.DataFrame) -> Alarm:
        """Judge a week by those before it, and take it in."""
        ...

    def end(self) -> None:
        """Let go of what it holds."""
        ...
