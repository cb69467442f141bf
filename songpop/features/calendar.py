"""Which loaded week counts as "k weeks before" or "h weeks after" another."""

import datetime as dt
from collections.abc import Iterable

DAYS_PER_WEEK = 7
OFF_CADENCE_DAYS = 3
"""An export that comes up to so many days off its cadence still counts (DESIGN, Which week)."""


def nearest_week(loaded: Iterable[dt.date], target: dt.date) -> dt.date | None:
    """Return the loaded week that counts as *target*.

    Args:
        loaded: weeks of one feed that are in the warehouse, in any order.
        target: the day on which that week would end if every export kept its cadence.

    Returns:
        The nearest of *loaded* that is at most three days off, the earlier of two that are
        equally near; null where there is none.
    """
    near = [week for week in loaded if abs((week - target).days) <= OFF_CADENCE_DAYS]
    return min(near, key=lambda week: (abs((week - target).days), week), default=None)
