"""Divide what a model learns from into blocks in the order of time; no block sees the next.

Fit, early stopping, calibration and test are blocks of whole weeks (DESIGN, Time order
everywhere). A label of week t is known h weeks later, so the last week of one block plus h weeks
is at most the first week of the next: when a block begins, all labels before it are known. One
export alone has no time; its rows are divided by artist instead.
"""

import datetime as dt
import hashlib
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

MIN_FIT_WEEKS: Final = 4
"""Fewer weeks to fit on are not worth a block taken from them."""
BLOCK_SHARE: Final = 0.15
"""Of the weeks outside the embargoes, the share of each block after the fit block."""
MAX_BLOCK_WEEKS: Final = 13
"""A quarter measures well enough; more of it would be missing from the fit block."""

_LAYOUTS: Final = (
    ("fit", "stop", "calibrate", "test"),
    ("fit", "stop", "calibrate"),
    ("fit", "calibrate"),
)
_LAYOUTS_BEFORE_TEST: Final = _LAYOUTS[1:]

ROW_BLOCKS: Final = ("fit", "stop", "calibrate", "test")
_ROW_BLOCK_ENDS: Final = (0.60, 0.73, 0.86)


@dataclass(frozen=True)
class WeekBlocks:
    """Weeks of each block, in order; the embargoed weeks between them are in none.

    ``stop``, ``calibrate`` and ``test`` are empty where the history is too short for them.
    """

    fit: tuple[dt.date, ...] = ()
    stop: tuple[dt.date, ...] = ()
    calibrate: tuple[dt.date, ...] = ()
    test: tuple[dt.date, ...] = ()

    @property
    def seen_until(self) -> dt.date | None:
        """The last week that the model learns anything from; null without a fit block."""
        return max((*self.fit, *self.stop, *self.calibrate), default=None)


def first_unseen_week(seen_until: dt.date, horizon_weeks: int) -> dt.date:
    """Return the first day whose week a model that saw *seen_until* may be tested on."""
    return seen_until + dt.timedelta(weeks=horizon_weeks)


def count_gate_weeks(rows_counts: Mapping[dt.date, int], min_weeks: int, min_rows: int) -> int:
    """Return how many of the newest weeks make evidence for the gate; all where too few do.

    Args:
        rows_counts: rows by matured week.
        min_weeks: fewest weeks.
        min_rows: fewest rows.
    """
    rows_count = 0
    for count, week in enumerate(sorted(rows_counts, reverse=True), start=1):
        rows_count += rows_counts[week]
        if count >= min_weeks and rows_count >= min_rows:
            return count
    return len(rows_counts)


def split_weeks(
    matured: Sequence[dt.date],
    horizon_weeks: int,
    *,
    test_from: dt.date | None = None,
    gate_weeks: int = 0,
) -> WeekBlocks:
    """Divide matured weeks into blocks.

    Every block after the fit block takes about 15 % of the weeks that the embargoes leave, at
    least 1 and at most 13. The fit block keeps at least 4; the test block, then the block for
    early stopping, then that for calibration is left out where it cannot. With h = 4 and no week
    missing: fit alone below 8 weeks, with calibration from 8, with early stopping from 12, with
    a test from 16.

    Args:
        matured: weeks whose labels are known, each once, in any order.
        horizon_weeks: h, in weeks.
        test_from: for a challenger, the first day that its champion has not seen (see
            ``first_unseen_week``). The test block is then the newest weeks from that day on:
            as many as would be by themselves, but at least *gate_weeks* if there are so many and
            4 can be fitted on before them. Null for a first model.
        gate_weeks: how many weeks the gate wants; see ``count_gate_weeks``.

    Returns:
        The blocks. For every two of them the last week of the earlier plus 7 h days is at most
        the first week of the later. No test block where no unseen week leaves room for a fit
        and a calibration block before it.
    """
    weeks = sorted(matured)
    if test_from is None:
        return _split(weeks, horizon_weeks, _LAYOUTS)
    unseen_count = sum(week >= test_from for week in weeks)
    wanted = max(gate_weeks, _block_size(len(weeks), horizon_weeks, block_count=4))
    for test_count in range(min(unseen_count, wanted), 0, -1):
        test = weeks[-test_count:]
        before = _known_by(weeks, test[0], horizon_weeks)
        blocks = _split(before, horizon_weeks, _LAYOUTS_BEFORE_TEST)
        if blocks.calibrate:
            return replace(blocks, test=tuple(test))
    return _split(weeks, horizon_weeks, _LAYOUTS_BEFORE_TEST)


def split_before(weeks: Sequence[dt.date], horizon_weeks: int) -> WeekBlocks:
    """Divide weeks into fit, stop and calibration blocks, for a test that comes after them all.

    Args:
        weeks: weeks whose labels are known when the test begins, each once, in any order.
        horizon_weeks: h, in weeks.
    """
    return _split(sorted(weeks), horizon_weeks, _LAYOUTS_BEFORE_TEST)


def row_blocks(track_ids: pl.Series, artists: pl.Series, seed: int) -> pl.Series:
    """Assign the rows of one export to blocks: 60 % fit, 13 % stop, 13 % calibrate, 14 % test.

    All rows of an artist fall into one block, so that none is tested on an artist it learnt
    from; a row without an artist counts as an artist of its own. The block follows from the
    artist and the seed alone, by a hash that no version of any library changes (BLAKE2b, RFC
    7693): neither the other rows nor their order matter, so the shares are met on average.

    Args:
        track_ids: (n,) String.
        artists: (n,) String, the artist's name, compared without case and outer blanks; null or
            blank where the export names none.
        seed: another seed gives other blocks.

    Returns:
        (n,) Enum of ROW_BLOCKS, named ``block``, in the order of the input.
    """
    frame = pl.DataFrame({"track_id": track_ids, "artist": artists})
    artist = pl.col("artist").str.strip_chars().str.to_lowercase()
    # A blank in front keeps a track's key apart from every artist's name.
    group = pl.when(artist != "").then(artist).otherwise(" " + pl.col("track_id"))
    groups = frame.select(group.alias("group"))
    hashed = groups.unique().sort("group")
    blocks = pl.Series(
        "block",
        [_block_of(name, seed) for name in hashed.get_column("group")],
        dtype=pl.Enum(ROW_BLOCKS),
    )
    joined = groups.join(hashed.with_columns(blocks), on="group", how="left", maintain_order="left")
    return joined.get_column("block")


def _block_of(group: str, seed: int) -> str:
    digest = hashlib.blake2b(f"{seed}\0{group}".encode(), digest_size=8).digest()
    fraction = int.from_bytes(digest, "big") / 2**64
    return ROW_BLOCKS[bisect_right(_ROW_BLOCK_ENDS, fraction)]


def _split(
    weeks: list[dt.date], horizon_weeks: int, layouts: Sequence[tuple[str, ...]]
) -> WeekBlocks:
    # The first layout that leaves the fit block long enough, else that block alone.
    for names in layouts:
        size = _block_size(len(weeks), horizon_weeks, len(names))
        blocks: dict[str, tuple[dt.date, ...]] = {}
        rest = weeks
        for name in reversed(names[1:]):
            block = rest[-size:]
            blocks[name] = tuple(block)
            rest = _known_by(rest, block[0], horizon_weeks) if block else []
        if len(rest) >= MIN_FIT_WEEKS:
            return WeekBlocks(fit=tuple(rest), **blocks)
    return WeekBlocks(fit=tuple(weeks))


def _block_size(week_count: int, horizon_weeks: int, block_count: int) -> int:
    usable_count = week_count - (block_count - 1) * (horizon_weeks - 1)
    return min(max(int(BLOCK_SHARE * usable_count), 1), MAX_BLOCK_WEEKS)


def _known_by(weeks: list[dt.date], day: dt.date, horizon_weeks: int) -> list[dt.date]:
    # The weeks whose labels are known when the week that ends on that day begins a block.
    return [week for week in weeks if first_unseen_week(week, horizon_weeks) <= day]
