"""Numbers as the real export writes them: ``"1,234,567"``, ``725.4``, nothing where absent."""

import functools
from typing import Final

import numpy as np
import polars as pl

from songpop.simulate.draws import Floats

_GROUP: Final = 1_000
_NOTHING: Final = _GROUP
"""The place, in a table of groups, of the group that a shorter number does not have."""


@functools.cache
def _leading_groups() -> pl.Series:
    return pl.Series([*(str(number) for number in range(_GROUP)), ""])


@functools.cache
def _following_groups() -> pl.Series:
    return pl.Series([*(f",{number:03d}" for number in range(_GROUP)), ""])


@functools.cache
def _decimals() -> pl.Series:
    return pl.Series([f".{number}" for number in range(10)])


def write_integers(values: Floats) -> pl.Series:
    """Return (n,) texts of whole numbers from 0, with thousands separators; null for NaN.

    Groups of three digits are looked up in tables, since no engine at hand formats them faster.
    """
    is_absent = np.isnan(values)
    rest = np.where(is_absent, 0.0, values).astype(np.int64)
    parts: list[pl.Series] = []
    while True:
        following = rest // _GROUP
        group = rest - following * _GROUP
        is_leading = (following == 0) & (rest > 0 if parts else True)
        parts.append(_leading_groups().gather(np.where(is_leading, group, _NOTHING)))
        if not following.any():
            break
        parts.append(_following_groups().gather(np.where(following > 0, group, _NOTHING)))
        rest = following
    frame = pl.DataFrame({str(place): part for place, part in enumerate(reversed(parts))})
    return frame.select(
        pl.when(~pl.lit(pl.Series(is_absent))).then(pl.concat_str(pl.all())).alias("text")
    ).to_series()


def write_decimals(values: Floats) -> pl.Series:
    """Return (n,) texts of numbers from 0 with one decimal; null for NaN."""
    tenths = np.round(np.nan_to_num(values) * 10.0).astype(np.int64)
    whole = write_integers(np.where(np.isnan(values), np.nan, tenths // 10))
    return whole + _decimals().gather(tenths % 10)
