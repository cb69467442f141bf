"""Publication by revision: readers are shown what was committed, or what was there before.

The week's transaction bumps a counter and marks the weeks it changed. Publication compares the
counter with that of the present snapshot, renews what was marked since, and renames the snapshot
into place last. Killed anywhere, it leaves the old snapshot, and the next call does the rest.
"""

import datetime as dt
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

import duckdb

from songpop.errors import CheckError, SongpopError, expected
from songpop.warehouse.parquet import (
    check_feed_name,
    remove_parquet,
    remove_strays,
    write_parquet,
)
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.snapshot import (
    Published,
    layout_sha256,
    read_published,
    write_snapshot,
)
from songpop.warehouse.sqlfiles import read_sql


@dataclass(frozen=True)
class PublishResult:
    """What a publication did."""

    revision: int
    """The committed changes that readers see now."""
    is_rebuilt: bool
    """Whether snapshot and Parquet were made anew from all weeks."""
    written: tuple[tuple[str, dt.date], ...] = ()
    """The (feed, week) pairs whose Parquet was written."""
    removed: tuple[tuple[str, dt.date], ...] = ()
    """The (feed, week) pairs that have no scores now."""


@dataclass(frozen=True)
class ChangedWeek:
    """A week that readers may see otherwise than the private file has it."""

    feed: str
    week: dt.date
    scores_count: int
    """Rows of mart.weekly_scores; 0 means that it has no scores (any more)."""

    @property
    def key(self) -> tuple[str, dt.date]:
        """Feed and week."""
        return self.feed, self.week


def mark_revised(con: duckdb.DuckDBPyConnection, pairs: Iterable[tuple[str, dt.date]]) -> int:
    """Say that readers must be shown something new; call it last in the week's transaction.

    Args:
        con: the writer's connection, inside the transaction.
        pairs: the (feed, week) pairs whose scores or labels changed; without any, only the small
            tables (exports, models, drift, runs) are published anew.

    Returns:
        The new revision.

    Raises:
        InputError: a feed's name cannot name a folder.
    """
    keys = sorted({(check_feed_name(feed), week) for feed, week in pairs})
    con.execute(read_sql("marts/bump_revision"))
    for feed, week in keys:
        key = {"feed": feed, "week": week}
        con.execute(read_sql("marts/unmark_week"), key)
        con.execute(read_sql("marts/mark_week"), key)
    return read_revision(con)


def read_revision(con: duckdb.DuckDBPyConnection) -> int:
    """Return the revision of the private file.

    Raises:
        CheckError: its table is empty.
    """
    row = con.execute(read_sql("marts/read_revision")).fetchone()
    if row is None:
        message = expected(
            "table mart.publication", "1 row", "0", "restore the private file from a backup"
        )
        raise CheckError(message)
    return int(row[0])


def list_changed(con: duckdb.DuckDBPyConnection, since: int) -> list[ChangedWeek]:
    """Return the weeks that changed after revision *since* (0: all), by feed and week."""
    rows = con.execute(read_sql("marts/list_changed_weeks"), {"since": since}).fetchall()
    return [ChangedWeek(*row) for row in rows]


def publish(
    con: duckdb.DuckDBPyConnection, paths: WarehousePaths, *, rebuild: bool = False
) -> PublishResult:
    """Make snapshot and Parquet show what is committed; do nothing if they already do.

    Args:
        con: the writer's connection, outside a transaction.
        paths: the warehouse.
        rebuild: whether to make all of it anew, whatever is there.

    Raises:
        SongpopError: the disk is full or a folder cannot be written; readers still have the
            previous snapshot.
    """
    target = Published(read_revision(con), layout_sha256())
    present = None if rebuild else read_published(paths.snapshot)
    if present == target:
        return PublishResult(target.revision, is_rebuilt=False)
    try:
        if present is not None and _extends(present, target):
            # A copy whose blocks are damaged cannot be brought up to date: it is made anew.
            with suppress(duckdb.Error):
                return _publish_since(con, paths, target, present.revision)
        return _publish_since(con, paths, target, None)
    except (duckdb.Error, OSError) as error:
        message = expected(
            f"publication of {paths.root}",
            "room and permission to write",
            str(error).partition("\n")[0],
            "put that right and run `songpop run`: nothing is lost, readers have the week before",
        )
        raise SongpopError(message) from error


def _extends(present: Published, target: Published) -> bool:
    """Whether the present snapshot is an earlier state of this very warehouse, in this form."""
    return present.layout_sha256 == target.layout_sha256 and present.revision < target.revision


def _publish_since(
    con: duckdb.DuckDBPyConnection, paths: WarehousePaths, target: Published, since: int | None
) -> PublishResult:
    changed = list_changed(con, since or 0)
    written = tuple(week.key for week in changed if week.scores_count > 0)
    removed = tuple(week.key for week in changed if week.scores_count == 0)
    paths.scratch.mkdir(parents=True, exist_ok=True)
    for feed, week in written:
        write_parquet(con, paths, feed, week)
    for feed, week in removed:
        remove_parquet(paths, feed, week)
    if since is None:
        remove_strays(paths, written)
    keys = [week.key for week in changed]
    write_snapshot(con, paths, keys, target, is_rebuilt=since is None)
    return PublishResult(target.revision, since is None, written, removed)
