"""Momentum: what makes tracks rise and fall from week to week, and what foretells it.

Three first-order autoregressions a track, each with variance 1 but for viral hits and leavers:

- general heat, which moves streams, playlists and Track Score;
- social momentum, seen in TikTok and Shazam, which leads general heat upwards;
- broadcast momentum, seen on the radio, which leads it downwards: stations play a song late.

A concept fault exchanges the two leads. The numbers were chosen, not fitted, so that today's Track
Score ranks the tracks of four weeks later about as well as on the real weekly charts (AUC 0.88).
"""

from typing import Final

import numpy as np

from songpop.simulate.draws import Integers, Singles

GENERAL, SOCIAL, BROADCAST = range(3)
HEAT_COUNT: Final = 3

GENERAL_MEMORY: Final = 0.70
LEAD_MEMORY: Final = 0.9

LEAD_EFFECT: Final = 0.22
"""What a unit of social momentum adds to the next week's general heat, and broadcast takes."""

ARTIST_SHOCK_SHARE: Final = 0.2
"""How much of the variance of a week's general shock is the artist's: it moves all their tracks."""

VIRAL_SHARE: Final = 0.0008
VIRAL_SIZE: Final = 3.0
"""Each week this share of tracks goes viral: social momentum jumps by this much."""

NEWCOMER_HEAT: Final = (0.3, 0.3, 0.0)
"""Tracks enter the table while they rise."""

HEAT_MEAN: Final = (0.31, 0.20, -0.11)
"""What listed tracks have on average, since cold ones leave and some go viral (measured)."""

LEAVING_SLOPE: Final = 1.2
"""How much likelier a track leaves for each unit of general heat that it lacks, in log odds."""


def shock_variance() -> float:
    """Return the variance of a week's general shock that keeps general heat at variance 1.

    The stationary variance of ``g' = a g + b (s - r) + shock`` with independent leads s and r of
    variance 1 and memory m, whose covariance with g is ``m b / (1 - m a)`` and its opposite.
    """
    covariance = LEAD_MEMORY * LEAD_EFFECT / (1.0 - LEAD_MEMORY * GENERAL_MEMORY)
    explained = (
        GENERAL_MEMORY**2 + 2.0 * LEAD_EFFECT**2 + 4.0 * GENERAL_MEMORY * LEAD_EFFECT * covariance
    )
    return 1.0 - explained


def draw_heat(rng: np.random.Generator, count: int) -> Singles:
    """Return (3, count) the momentum of tracks that enter the table."""
    heat = rng.standard_normal((HEAT_COUNT, count), dtype=np.float32)
    return heat + np.array(NEWCOMER_HEAT, dtype=np.float32)[:, np.newaxis]


def step_heat(
    heat: Singles,
    artists: Integers,
    artists_count: int,
    *,
    is_concept_flipped: bool,
    rng: np.random.Generator,
) -> Singles:
    """Return the next week's momentum of the same tracks.

    Args:
        heat: (3, n) this week's momentum.
        artists: (n,) artist numbers.
        artists_count: how many artists there are.
        is_concept_flipped: whether social momentum leads downwards and broadcast upwards.
        rng: the week's stream; the draws do not depend on the other arguments' values.

    Returns:
        (3, n) next week's momentum.
    """
    count = heat.shape[1]
    shocks = rng.standard_normal((HEAT_COUNT, count), dtype=np.float32)
    shared = rng.standard_normal(artists_count, dtype=np.float32)[artists]
    is_viral = rng.random(count, dtype=np.float32) < VIRAL_SHARE

    lead = LEAD_EFFECT * (heat[SOCIAL] - heat[BROADCAST])
    shock = np.sqrt(1.0 - ARTIST_SHOCK_SHARE) * shocks[GENERAL]
    shock += np.sqrt(ARTIST_SHOCK_SHARE) * shared
    general = GENERAL_MEMORY * heat[GENERAL] + (-lead if is_concept_flipped else lead)
    leads = LEAD_MEMORY * heat[SOCIAL:] + np.sqrt(1.0 - LEAD_MEMORY**2) * shocks[SOCIAL:]
    leads[0] += VIRAL_SIZE * is_viral
    return np.vstack([general + np.sqrt(shock_variance()) * shock, leads]).astype(np.float32)


def choose_leavers(heat: Singles, share: float, rng: np.random.Generator) -> Integers:
    """Return the slots of the tracks that leave, the coldest first in likelihood, sorted.

    Weighted sampling without replacement by exponential keys (Efraimidis and Spirakis, 2006).

    Args:
        heat: (3, n) momentum.
        share: the share of tracks that leaves, on average.
        rng: the week's stream.
    """
    count = heat.shape[1]
    leavers_count = int(rng.binomial(count, share))
    keys = rng.standard_exponential(count) * np.exp(LEAVING_SLOPE * heat[GENERAL])
    if leavers_count == 0:
        return np.empty(0, dtype=np.int64)
    return np.sort(np.argpartition(keys, leavers_count - 1)[:leavers_count])
