"""Shares with their intervals."""

from dataclasses import dataclass
from math import sqrt
from typing import Final

_Z: Final = 1.959964
"""The 97.5 % quantile of the standard normal distribution."""


@dataclass(frozen=True)
class Share:
    """How many of how many.

    Attributes:
        count: those that did.
        total: all of them.
    """

    count: int
    total: int

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % score interval of Wilson (JASA 22, 1927), for independent trials."""
        if self.total == 0:
            return 0.0, 1.0
        n, share = self.total, self.count / self.total
        centre = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
        half = _Z / (1 + _Z**2 / n) * sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
        return max(0.0, centre - half), min(1.0, centre + half)

    def __str__(self) -> str:
        """As the tables have it: percent, interval, and of how many."""
        if self.total == 0:
            return "–"
        low, high = self.interval
        percent = 100 * self.count / self.total
        return f"{percent:.1f} % ({100 * low:.1f}–{100 * high:.1f}; {self.count}/{self.total})"
