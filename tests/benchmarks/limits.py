"""What a benchmark raises when a figure is worse than what was promised of it."""

from collections.abc import Sequence


class ExceededError(Exception):
    """A measured figure is beyond its limit.

    Attributes:
        lines: the benchmark's table, which shows it.
    """

    def __init__(self, message: str, lines: Sequence[str]) -> None:
        super().__init__(message)
        self.lines = list(lines)
