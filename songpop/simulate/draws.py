"""Random numbers that depend on what they are for, never on what was drawn before.

Each purpose has its own stream a week, so that a fault, or a longer simulation, changes no draw of
another week or purpose. What belongs to a track for ever is a hash of its serial number.
"""

from enum import IntEnum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Singles: TypeAlias = npt.NDArray[np.float32]
Integers: TypeAlias = npt.NDArray[np.int64]
Booleans: TypeAlias = npt.NDArray[np.bool_]

_MANTISSA_BITS = 53
_GOLDEN = 0x9E3779B97F4A7C15


class Purpose(IntEnum):
    """What a stream is drawn for; the numbers are part of every simulated byte."""

    ARTISTS = 1
    BURN_IN = 2
    TRACKS = 3
    HEAT = 4
    LEAVERS = 5
    WEEKLY = 6
    GAUGES = 7
    MIX = 8
    FAULT = 9
    DIRT = 10
    CORRECTION = 11


class Salt(IntEnum):
    """What a hash of a serial number decides; the numbers are part of every simulated byte."""

    ARTIST = 1
    TITLE = 2
    ALBUM = 3
    EXPLICIT = 4
    HOLIDAY = 5
    MISSING = 6


def stream(seed: int, purpose: Purpose, *parts: int) -> np.random.Generator:
    """Return the generator of *purpose*, told apart by *parts* (a week, a fault's number)."""
    return np.random.default_rng(np.random.SeedSequence([seed, int(purpose), *parts]))


def weigh_rows(weights: Singles, rows: Singles) -> Singles:
    """Return the matrix product of (m, k) *weights* and (k, n) *rows*.

    Not ``@``, whose last bits may depend on the number of threads, and so would whole exports.
    """
    return np.einsum("mk,kn->mn", weights, rows, optimize=False)


def hash_serials(serials: Integers, seed: int, salt: int) -> npt.NDArray[np.uint64]:
    """Return 64 well mixed bits a serial number, the same for ever.

    The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).

    Args:
        serials: (n,) serial numbers.
        seed: the simulation's seed.
        salt: what the bits are for.
    """
    start = (seed * 1_000_003 + salt * 8_191 + 1) * _GOLDEN % 2**64
    mixed = serials.astype(np.uint64) * np.uint64(_GOLDEN) + np.uint64(start)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def hash_uniforms(serials: Integers, seed: int, salt: int) -> Floats:
    """Return (n,) numbers in [0, 1), uniform over serial numbers, the same for ever."""
    bits = hash_serials(serials, seed, salt) >> np.uint64(64 - _MANTISSA_BITS)
    return bits.astype(np.float64) / 2.0**_MANTISSA_BITS
