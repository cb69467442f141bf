"""Pages as files: which ones are due, written at once in place of older ones.

Whoever writes them holds the warehouse.
"""

import datetime as dt
import html
import re
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import duckdb

from songpop.errors import InputError, expected
from songpop.warehouse.durable import remove_durably, write_durably
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.query import describe_hidden, explain_damage, open_snapshot
from songpop.weekly.facts import WeekEntry
from songpop.weekly.index import make_index
from songpop.weekly.page import make_page
from songpop.weekly.plot import draw_scores_png
from songpop.weekly.read import list_entries, read_week

INDEX: Final = "index.html"
_MEMORY_LIMIT: Final = "768MB"
"""DuckDB's, for the questions of a page; what a large week takes beyond it goes to disk."""
_HEAD_BYTES: Final = 2_000
"""The stamp stands within them."""
_STAMP: Final = re.compile(r'<meta name="stamp" content="([^"]*)">')


def report_week(
    paths: WarehousePaths, feed: str, week: dt.date, *, is_last: bool
) -> tuple[Path, ...]:
    """Write what is due once a week was run; return the pages that were written.

    That is the week's own page, if it is the feed's last week of the run or has one already. With
    the last week comes what earlier runs left: pages that show another run of their week than the
    published tables, and, where they are missing, the pages of the week before and of the newest
    week with scores.

    Args:
        paths: the warehouse.
        feed: the feed.
        week: the week that was run, and published.
        is_last: whether the run has no later week of the feed.
    """
    if not is_last and not paths.page(feed, week).exists():
        return ()
    with open_snapshot(paths, _MEMORY_LIMIT) as con, explain_damage(paths):
        entries = list_entries(con)
        own = [entry for entry in entries if entry.feed == feed]
        due = [entry for entry in own if entry.week == week]
        if is_last:
            due += [entry for entry in _list_left(paths, own, week) if entry.week != week]
        return _write(con, paths, entries, due)


def make_up_pages(paths: WarehousePaths, but: Collection[str]) -> tuple[Path, ...]:
    """Write what an earlier run, killed or without room, left unwritten; return the pages.

    Of each feed that is the pages of the newest week, of the one before and of the newest with
    scores, where they are missing, and any that shows another run of its week than the tables.

    Args:
        paths: a warehouse that may not be published yet.
        but: feeds for which the present run has seen to that.
    """
    if not paths.snapshot.exists():
        return ()
    with open_snapshot(paths, _MEMORY_LIMIT) as con, explain_damage(paths):
        entries = list_entries(con)
        by_feed = {
            feed: [entry for entry in entries if entry.feed == feed]
            for feed in sorted({entry.feed for entry in entries}.difference(but))
        }
        due = [entry for own in by_feed.values() for entry in _list_left(paths, own, own[0].week)]
        return _write(con, paths, entries, due)


def _list_left(paths: WarehousePaths, own: Sequence[WeekEntry], week: dt.date) -> list[WeekEntry]:
    """Return of a feed's weeks, newest first, those whose pages the runs up to *week* left."""
    until = [entry for entry in own if entry.week <= week]
    scored = [entry for entry in own if entry.is_scored]
    wanted = [*until[:2], *scored[:1]]
    return [entry for entry in own if is_due(paths, entry, may_lack=entry not in wanted)]


def rebuild_pages(
    paths: WarehousePaths, feed: str | None, week: dt.date | None
) -> tuple[Path, ...]:
    """Write pages anew, whatever is there; return them.

    Args:
        paths: the warehouse.
        feed: one feed; null for all of them.
        week: one week; null for the newest of each feed, and all that have a page.

    Raises:
        InputError: nothing is published yet, there is no such feed or week, or the snapshot does
            not hold that week any more.
    """
    with open_snapshot(paths, _MEMORY_LIMIT) as con, explain_damage(paths):
        entries = list_entries(con)
        chosen = [entry for entry in entries if feed in {None, entry.feed}]
        newest = {entry.feed: entry for entry in reversed(chosen)}
        due = [
            entry
            for entry in chosen
            if (entry.week == week if week else _has_page(paths, entry, newest))
        ]
        hidden = [entry.feed for entry in due if entry.is_hidden]
        if week is not None and hidden:
            raise InputError(describe_hidden(hidden, week))
        due = [entry for entry in due if not entry.is_hidden]
        if not due:
            name = " ".join(str(part) for part in (feed, week) if part is not None)
            message = expected(
                f"report {name}".rstrip(),
                "a feed and week that were loaded or kept out",
                "none",
                'see `songpop sql "from mart.data_quality"`',
            )
            raise InputError(message)
        return _write(con, paths, entries, due)


def remove_pages(paths: WarehousePaths, feed: str, week: dt.date | None = None) -> None:
    """Remove the page of a week that is no more, or all of a feed; renew what that made untrue."""
    name = "????-??-??" if week is None else week.isoformat()
    for path in sorted((paths.reports / feed).glob(f"{name}.*")):
        remove_durably(path)
    renew_pages(paths)


def renew_pages(paths: WarehousePaths) -> None:
    """Write the pages anew that show another state of their week than the tables; and the index."""
    if not paths.reports.exists():
        return
    with open_snapshot(paths, _MEMORY_LIMIT) as con, explain_damage(paths):
        entries = list_entries(con)
        due = [entry for entry in entries if is_due(paths, entry, may_lack=True)]
        _write(con, paths, entries, due)


def _write(
    con: duckdb.DuckDBPyConnection,
    paths: WarehousePaths,
    entries: Sequence[WeekEntry],
    due: Iterable[WeekEntry],
) -> tuple[Path, ...]:
    pages: list[Path] = []
    for entry in due:
        if entry.is_hidden:
            # It was run again: what its page said is not true any more, and cannot be renewed.
            for path in _files(paths, entry.feed, entry.week):
                remove_durably(path)
        else:
            pages.append(_write_page(con, paths, entry, entries))
    written = {(path.parent.name, path.stem) for path in paths.reports.glob("*/*.html")}
    index, content = paths.reports / INDEX, make_index(entries, written)
    if not index.exists() or index.read_bytes() != content.encode():
        write_durably(index, content)
    return tuple(pages)


def _write_page(
    con: duckdb.DuckDBPyConnection,
    paths: WarehousePaths,
    entry: WeekEntry,
    entries: Sequence[WeekEntry],
) -> Path:
    page, drawing = _files(paths, entry.feed, entry.week)
    try:
        facts = read_week(con, entry, entries)
        if facts.scored is None:
            remove_durably(drawing)
        else:
            write_durably(drawing, draw_scores_png(facts.scored.steps, entry.week))
        write_durably(page, make_page(facts))
    except BaseException:
        # Rather none than one that contradicts the tables; the next run finds that it is missing.
        with suppress(OSError):
            page.unlink(missing_ok=True)
        raise
    return page


def _files(paths: WarehousePaths, feed: str, week: dt.date) -> tuple[Path, Path]:
    page = paths.page(feed, week)
    return page, page.with_suffix(".png")


def _has_page(paths: WarehousePaths, entry: WeekEntry, newest: dict[str, WeekEntry]) -> bool:
    return newest[entry.feed] is entry or paths.page(entry.feed, entry.week).exists()


def is_due(paths: WarehousePaths, entry: WeekEntry, *, may_lack: bool) -> bool:
    """Return whether a page shows another run than the tables, or lacks and should not."""
    page = paths.page(entry.feed, entry.week)
    try:
        with page.open("rb") as file:
            head = file.read(_HEAD_BYTES).decode("utf-8", errors="replace")
    except FileNotFoundError:
        return not (may_lack or entry.is_hidden)
    found = _STAMP.search(head)
    return found is None or html.unescape(found[1]) != entry.stamp
