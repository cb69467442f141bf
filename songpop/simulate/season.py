"""December: people listen more, and some tracks come back."""

import datetime as dt
from typing import Final

RISE_DAYS: Final = 28
FALL_DAYS: Final = 10

LISTENING_GAIN: Final = 0.15
"""How much the weekly gains rise at the peak, in natural logarithms."""

HOLIDAY_HEAT: Final = 2.5
"""What the peak adds to the general heat of a December song."""


def december_peak(week_ordinal: int) -> float:
    """Return how much December a week is: 0 most of the year, 1 where it ends on 25 December.

    It rises over the four weeks before and is gone ten days after.
    """
    day = dt.date.fromordinal(week_ordinal)
    # The first days of January belong to the December before.
    year = day.year - 1 if (day.month, day.day) <= (1, FALL_DAYS) else day.year
    days_after = week_ordinal - dt.date(year, 12, 25).toordinal()
    span_days = FALL_DAYS if days_after > 0 else RISE_DAYS
    return max(0.0, 1.0 - abs(days_after) / span_days)
