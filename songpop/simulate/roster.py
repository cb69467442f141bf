"""Who made a track and what it is for ever: hashes of its serial number."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from songpop.simulate.draws import (
    Booleans,
    Floats,
    Integers,
    Purpose,
    Salt,
    hash_uniforms,
    stream,
)
from songpop.simulate.marginals import EXPLICIT_SHARE, FACTORS_COUNT

ARTISTS_PER_TRACK: Final = 0.6
ARTIST_SKEW: Final = 1.8
"""Chosen so that 4,600 tracks have about 2,000 artists and the largest about 60, as really."""

ARTIST_VARIANCE_SHARE: Final = 0.3
"""How much of a track's size on the platforms its artist decides."""

HOLIDAY_SHARE: Final = 0.015
"""Tracks that come back each December."""


@dataclass(frozen=True, slots=True)
class World:
    """What every week of one simulation shares.

    Attributes:
        seed: tells simulations apart.
        tracks_count: rows a week.
    """

    seed: int
    tracks_count: int

    @property
    def artists_count(self) -> int:
        """How many artists the tracks are drawn from."""
        return max(1, round(self.tracks_count * ARTISTS_PER_TRACK))

    def artists_of(self, serials: Integers) -> Integers:
        """Return (n,) artist numbers below ``artists_count``; small ones have many tracks."""
        uniforms = hash_uniforms(serials, self.seed, Salt.ARTIST)
        return (self.artists_count * uniforms**ARTIST_SKEW).astype(np.int64)

    def artist_sizes(self) -> Floats:
        """Return (factors, artists) standard normal sizes, the same in every week."""
        return stream(self.seed, Purpose.ARTISTS).standard_normal(
            (FACTORS_COUNT, self.artists_count)
        )

    def is_explicit(self, serials: Integers) -> Booleans:
        """Return (n,) whether a track is marked explicit."""
        return hash_uniforms(serials, self.seed, Salt.EXPLICIT) < EXPLICIT_SHARE

    def is_holiday(self, serials: Integers) -> Booleans:
        """Return (n,) whether a track is a December song."""
        return hash_uniforms(serials, self.seed, Salt.HOLIDAY) < HOLIDAY_SHARE
