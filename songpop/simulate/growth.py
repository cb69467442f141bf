"""How the counters of a panel grow: by a power of age, moved by momentum, season and chance."""

from typing import Final

import numpy as np

from songpop.simulate.ages import DAYS_PER_WEEK
from songpop.simulate.columns import COUNTERS
from songpop.simulate.draws import Booleans, Floats, Singles, weigh_rows
from songpop.simulate.heat import GENERAL, HEAT_MEAN
from songpop.simulate.marginals import AGE_OFFSET_DAYS
from songpop.simulate.panel import COUNTER_ROWS, COUNTER_SLOPES, Panel
from songpop.simulate.season import HOLIDAY_HEAT, LISTENING_GAIN, december_peak

WEEKLY_NOISE: Final = 0.08
"""Standard deviation of a week's gain around its expectation, in natural logarithms."""

RESPONSES: Final = {
    "Spotify Streams": (0.55, 0.15, 0.0),
    "YouTube Views": (0.50, 0.10, 0.0),
    "YouTube Likes": (0.50, 0.10, 0.0),
    "TikTok Posts": (0.15, 0.80, 0.0),
    "TikTok Likes": (0.15, 0.80, 0.0),
    "TikTok Views": (0.15, 0.80, 0.0),
    "AirPlay Spins": (0.20, 0.0, 0.80),
    "SiriusXM Spins": (0.20, 0.0, 0.80),
    "Pandora Streams": (0.30, 0.0, 0.60),
    "Pandora Track Stations": (0.20, 0.0, 0.60),
    "Soundcloud Streams": (0.50, 0.20, 0.0),
    "Shazam Counts": (0.30, 0.70, 0.0),
}
"""What a unit of (general, social, broadcast) heat adds to the logarithm of a week's gain."""

_RESPONSES = np.array([RESPONSES[header] for header in COUNTERS], dtype=np.float32)


def feel_season(heat: Singles, is_holiday: Booleans, week_ordinal: int) -> Singles:
    """Return (3, n) the momentum that is felt in a week: December songs burn in December."""
    peak = december_peak(week_ordinal)
    if peak == 0.0:
        return heat
    felt = heat.copy()
    felt[GENERAL] += np.float32(HOLIDAY_HEAT * peak) * is_holiday
    return felt


def start_counters(levels: Singles, log_ages: Floats) -> Floats:
    """Return (12, n) the totals of tracks at their age: the fitted marginal."""
    return np.exp(levels[list(COUNTER_ROWS)] + COUNTER_SLOPES * log_ages)


def draw_gains(panel: Panel, felt: Singles, rng: np.random.Generator) -> Singles:
    """Draw what each counter gains in the week that ends the panel's.

    The expected total is ``exp(level) * (age_days + 7) ** slope``, so the expected gain decays with
    age where the slope is below 1 and does not depend on how lucky the track has been.

    Args:
        panel: n tracks; their counters are not read.
        felt: (3, n) momentum that is felt this week.
        rng: the week's stream.

    Returns:
        (12, n) gains, at least 0.
    """
    gains = rng.standard_normal((len(COUNTER_ROWS), panel.serials.size), dtype=np.float32)
    gains *= np.float32(WEEKLY_NOISE)
    gains += weigh_rows(_RESPONSES, felt - np.array(HEAT_MEAN, dtype=np.float32)[:, np.newaxis])
    # Centred, so that usual momentum (variance 1) changes no expected gain.
    variances = (_RESPONSES**2).sum(axis=1, keepdims=True) + WEEKLY_NOISE**2
    gains += np.float32(LISTENING_GAIN * december_peak(panel.week_ordinal)) - variances / 2.0
    now = panel.log_ages
    # A track that came out this week has gained all that it has: its age before counts as 0 days.
    before = np.log(np.maximum(panel.ages_days - DAYS_PER_WEEK, 0) + AGE_OFFSET_DAYS)
    for place, row in enumerate(COUNTER_ROWS):
        slope = COUNTER_SLOPES[place, 0]
        expected = np.exp(panel.levels[row] + slope * now) - np.exp(
            panel.levels[row] + slope * before
        )
        gains[place] = np.exp(gains[place]) * expected
    return gains
