"""Choosing rows inside the fit block: fewer of them, or its last weeks."""

import zlib

import numpy as np
import polars as pl
from numpy.typing import NDArray

from songpop.model.blocks import Rows

_HOLDOUT_SHARE = 0.1


def thin_rows(features: pl.DataFrame, rows: Rows, most: int) -> Rows:
    """Return at most *most* of *rows*, chosen evenly by a hash of their key, in their order.

    The choice depends on (feed, week, track_id) alone, so it survives another order of rows and
    keeps most of itself when rows are added.
    """
    if rows.size <= most:
        return rows
    named = features.select("feed", "week", "track_id")[rows]
    keys = named.select(pl.concat_str("feed", "week", "track_id", separator="\0"))
    return rows[np.sort(np.argsort(_hash(keys.to_series()), kind="stable")[:most])]


def take_evenly(rows: Rows, most: int) -> Rows:
    """Return at most *most* of *rows*, evenly by their place, in their order."""
    if rows.size <= most:
        return rows
    return rows[np.linspace(0, rows.size - 1, most).astype(np.intp)]


def hash_tracks(features: pl.DataFrame) -> NDArray[np.uint32]:
    """Return a hash of each row's track, (n,), the same in every feed, week and run."""
    return _hash(features.get_column("track_id"))


def _hash(keys: pl.Series) -> NDArray[np.uint32]:
    return np.array([zlib.crc32(key.encode()) for key in keys], dtype=np.uint32)


def split_last_weeks(features: pl.DataFrame, rows: Rows) -> tuple[Rows, Rows]:
    """Return *rows* without their last weeks, and the rows of these.

    The last weeks are as few whole weeks as hold a tenth of the rows; of a single week (a
    snapshot), every tenth row.
    """
    weeks = features.get_column("week").gather(rows).to_numpy()
    enough = max(1, round(rows.size * _HOLDOUT_SHARE))
    first_held = np.sort(weeks)[-enough]
    held = weeks >= first_held
    if held.all():
        held = np.arange(rows.size) % round(1 / _HOLDOUT_SHARE) == 0
    return rows[~held], rows[held]
