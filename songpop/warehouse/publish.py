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
from songpop.warehouse.durable import remove_durably, write_durably
from songpop.warehouse.fingerprint import fingerprint_week
from songpop.warehouse.parquet import (
    check_feed_name,
    remove_parquet,
    remove_strays,
    write_parquet,
)
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.published import (
    Published,
    describe_lost,
    published_tables,
    read_noted,
    read_published,
    read_target,
)
from songpop.warehouse.revision import SCORES, list_changed, read_revision
from songpop.warehouse.snapshot import write_snapshot
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


def mark_revised(con: duckdb.DuckDBPyConnection, pairs: Iterable[tuple[str, dt.date]]) -> int:
    """Say that readers must be shown something new; call it last in the week's transaction.

    Of the given weeks, only those parts are marked whose rows differ from what was marked before:
    a week whose labels matured does not have its scores published again.

    Args:
        con: the writer's connection, inside the transaction.
        pairs: the (feed, week) pairs whose scores or labels may have changed; without any, only
            the small tables (exports, models, drift, runs) are published anew.

    Returns:
        The new revision.

    Raises:
        InputError: a feed's name cannot name a folder.
    """
    keys = sorted({(check_feed_name(feed), week) for feed, week in pairs})
    con.execute(read_sql("marts/bump_revision"))
    for feed, week in keys:
        for table_name in published_tables("weekly"):
            _mark_part(con, table_name, feed, week)
    return read_revision(con)


def _mark_part(con: duckdb.DuckDBPyConnection, table_name: str, feed: str, week: dt.date) -> None:
    part = {"table_name": table_name, "feed": feed, "week": week}
    rows_count, hash_sum = fingerprint_week(con, table_name, feed, week)
    before = con.execute(read_sql("marts/read_mark"), part).fetchone() or (0, 0)
    if (rows_count, hash_sum) != before:
        con.execute(read_sql("marts/delete_mark"), part)
        mark = {**part, "rows_count": rows_count, "hash_sum": hash_sum}
        con.execute(read_sql("marts/insert_mark"), mark)


def publish(
    con: duckdb.DuckDBPyConnection, paths: WarehousePaths, *, rebuild: bool = False
) -> PublishResult:
    """Make snapshot and Parquet show what is committed; do nothing if they already do.

    Args:
        con: the writer's connection, outside a transaction.
        paths: the warehouse.
        rebuild: whether to make all of it anew, whatever is there; so it is, too, where a
            restore left its mark, since revisions of two histories cannot be compared, and
            where making it anew did not end.

    Raises:
        CheckError: readers have a later state than what is committed, which has been lost; they
            keep it.
        SongpopError: the disk is full or a folder cannot be written; readers still have the
            previous snapshot.
    """
    target = read_target(con)
    is_anew = rebuild or paths.publish_anew.exists()
    present = None if is_anew else read_published(paths.snapshot)
    lost = describe_lost(paths, target.revision)
    if lost is not None:
        raise CheckError(lost)
    try:
        if target.revision != read_noted(paths):
            write_durably(paths.committed, str(target.revision))
        if present == target:
            return PublishResult(target.revision, is_rebuilt=False)
        return _publish_over(con, paths, target, present)
    except (duckdb.Error, OSError) as error:
        message = expected(
            f"publication of {paths.root}",
            "room and permission to write",
            str(error).partition("\n")[0],
            "put that right and run `songpop run`: nothing is lost, readers have the week before",
        )
        raise SongpopError(message) from error


def _publish_over(
    con: duckdb.DuckDBPyConnection,
    paths: WarehousePaths,
    target: Published,
    present: Published | None,
) -> PublishResult:
    if present is not None and _extends(present, target):
        # A copy whose blocks are damaged cannot be brought up to date: it is made anew.
        with suppress(duckdb.Error):
            return _publish_since(con, paths, target, present.revision)
    # Files are replaced before the snapshot that knows their SHA-256. Killed in between, the
    # snapshot may say the right revision and the wrong files: the next call makes all anew, too.
    write_durably(paths.publish_anew, "what is published is being made anew\n")
    result = _publish_since(con, paths, target, None)
    remove_durably(paths.publish_anew)
    return result


def _extends(present: Published, target: Published) -> bool:
    """Whether the present snapshot is an earlier state of this very warehouse, in this form."""
    return present.layout_sha256 == target.layout_sha256 and present.revision < target.revision


def _publish_since(
    con: duckdb.DuckDBPyConnection, paths: WarehousePaths, target: Published, since: int | None
) -> PublishResult:
    changed = list_changed(con, since or 0)
    scores = [part for part in changed if part.table_name == SCORES]
    written = tuple(part.key for part in scores if part.rows_count > 0)
    removed = tuple(part.key for part in scores if part.rows_count == 0)
    paths.scratch.mkdir(parents=True, exist_ok=True)
    files: dict[tuple[str, dt.date], str | None] = dict.fromkeys(removed)
    for feed, week in written:
        files[feed, week] = write_parquet(con, paths, feed, week)
    for feed, week in removed:
        remove_parquet(paths, feed, week)
    if since is None:
        remove_strays(paths, written)
    parts = [(part.table_name, *part.key) for part in changed]
    write_snapshot(con, paths, parts, target, files, is_rebuilt=since is None)
    return PublishResult(target.revision, since is None, written, removed)
