"""Invented recording codes: one a track, the same in every week, never used twice."""

import functools
import itertools
from typing import Final

import polars as pl

from songpop.simulate.draws import Integers

_COUNTRIES: Final = (
    "US", "US", "US", "US", "US", "US", "US", "QM", "QZ", "QZ", "GB", "GB", "GB", "DE", "FR", "SE",
    "NL", "BR", "MX", "IN", "KR", "ES",
)  # fmt: skip

_CODE_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_REGISTRANTS_COUNT: Final = len(_CODE_DIGITS) ** 3
_DESIGNATIONS_COUNT: Final = 100_000
# Coprime to the counts above, so that multiplying by them loses no number.
_REGISTRANT_STRIDE: Final = 30_011
_DESIGNATION_STRIDE: Final = 61_803


@functools.cache
def _registrants() -> pl.Series:
    codes = ("".join(parts) for parts in itertools.product(_CODE_DIGITS, repeat=3))
    return pl.Series(
        [_COUNTRIES[place * 7 % len(_COUNTRIES)] + code for place, code in enumerate(codes)]
    )


def code_tracks(serials: Integers, years: Integers, seed: int) -> pl.Series:
    """Return (n,) ISRCs: country, registrant, two digits of the year, designation (ISO 3901).

    Two serial numbers never share one: the registrant holds the serial number's remainder, the
    designation its quotient.
    """
    registrant = (serials * _REGISTRANT_STRIDE + seed % _REGISTRANTS_COUNT) % _REGISTRANTS_COUNT
    quotient = serials // _REGISTRANTS_COUNT
    designation = (quotient * _DESIGNATION_STRIDE + registrant * 17) % _DESIGNATIONS_COUNT
    frame = pl.DataFrame(
        {
            "registrant": _registrants().gather(registrant),
            "number": years % 100 * _DESIGNATIONS_COUNT + designation,
        }
    )
    return frame.select(
        pl.concat_str("registrant", pl.col("number").cast(pl.String).str.zfill(7)).alias("isrc")
    ).to_series()
