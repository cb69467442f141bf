"""How old tracks are, so that the age mix stays the same while 3 % leave each week.

With a constant hazard h of leaving and an age in whole weeks that is geometric with rate r < h, the
mix is stationary if a newcomer is a fresh release with probability r / h and otherwise has the age
of any listed track: ``f(j) = (1 - h) f(j - 1) + h e(j)`` has that e as its solution.
"""

from typing import Final

import numpy as np

from songpop.simulate.draws import Floats, Integers
from songpop.simulate.marginals import (
    AGE_MEANS_WEEKS,
    AGE_SHARES,
    RELEASE_DAY_SHARES,
    RELEASE_DAYS_BEFORE_WEEK,
)

TURNOVER_SHARE: Final = 0.03
"""The share of tracks that leaves the table each week and is replaced."""

AGE_MAX_WEEKS: Final = 3_000
DAYS_PER_WEEK: Final = 7

_YOUNG_RATE = TURNOVER_SHARE
_RATES = np.array([*(1.0 / mean for mean in AGE_MEANS_WEEKS), _YOUNG_RATE])


def _component_shares(young_share: float) -> Floats:
    """Return the shares of the two fitted age groups and of the young one (mean 33 weeks)."""
    fitted = np.array(AGE_SHARES) * (1.0 - young_share)
    return np.append(fitted, young_share)


def draw_stationary_ages(
    rng: np.random.Generator, count: int, young_share: float = 0.0
) -> Integers:
    """Return (count,) ages of listed tracks in days before the week's end, at least 1.

    Args:
        rng: a stream.
        count: how many.
        young_share: the share of tracks from a young mix instead of the fitted one.
    """
    groups = rng.choice(_RATES.size, size=count, p=_component_shares(young_share))
    return _as_days(rng, rng.geometric(_RATES[groups]) - 1)


def draw_newcomer_ages(rng: np.random.Generator, count: int, young_share: float = 0.0) -> Integers:
    """Return (count,) ages of tracks that enter, in days before the week's end, at least 1."""
    groups = rng.choice(_RATES.size, size=count, p=_component_shares(young_share))
    is_fresh = rng.random(count) < _RATES[groups] / TURNOVER_SHARE
    weeks = rng.geometric(_RATES[groups])
    return _as_days(rng, np.where(is_fresh, 0, weeks))


def _as_days(rng: np.random.Generator, weeks: Integers) -> Integers:
    days = rng.choice(RELEASE_DAYS_BEFORE_WEEK, size=weeks.size, p=RELEASE_DAY_SHARES)
    return DAYS_PER_WEEK * np.minimum(weeks, AGE_MAX_WEEKS) + days
