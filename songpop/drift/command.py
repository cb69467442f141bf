"""From the options of ``songpop drift replay`` to its answer."""

import datetime as dt
from collections.abc import Iterable

from songpop.drift.replay import ReplayedWeek, replay
from songpop.errors import InputError, expected, list_names
from songpop.formats.registry import load_formats
from songpop.settings import DriftSettings, Settings
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.reader import open_private
from songpop.warehouse.sqlfiles import read_sql


def replay_feed(
    settings: Settings,
    feed: str,
    drift: DriftSettings,
    from_week: dt.date | None,
    to_week: dt.date | None,
) -> list[ReplayedWeek]:
    """Decide anew about a feed's weeks under other settings; nothing is written.

    Args:
        settings: where the warehouse is.
        feed: the feed.
        drift: the other settings.
        from_week: the first week; null for the oldest.
        to_week: the last week; null for the newest.

    Raises:
        InputError: the feed is unknown, or no week of it lies between the two.
    """
    formats = load_formats(settings.formats_dir)
    paths = WarehousePaths(settings.warehouse)
    with open_private(paths, f"drift replay {feed}", settings.wait_seconds) as con:
        known = dict(con.execute(read_sql("load/feed_formats")).fetchall())
        check_feed(feed, known)
        weeks = replay(con, feed, formats[known[feed]], drift, from_week, to_week)
    if not weeks:
        message = expected(
            f"feed {feed}", "weeks between --from and --to", "none", "widen them, or leave them out"
        )
        raise InputError(message)
    return weeks


def check_feed(feed: str, known: Iterable[str]) -> None:
    """Raise an InputError that names the feeds which there are, unless *feed* is one of them."""
    names = list(known)
    if feed in names:
        return
    got = f"none; feeds are {list_names(names)}" if names else "none"
    raise InputError(expected(f"feed {feed}", "a feed that is loaded", got, "mend the name"))
