"""Which feeds are tested together."""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from songpop.errors import InputError, expected, list_names
from songpop.formats.spec import FormatSpec
from songpop.pipeline.plan import is_part_of
from songpop.warehouse.sqlfiles import read_sql


@dataclass(frozen=True)
class Group:
    """Feeds of one format that are tested together, or one feed alone.

    Attributes:
        name: the feed's, or the format's where there are several.
        feeds: those that are tested, sorted.
        learned: those that are learned from, sorted: the tested ones and, as in the weekly run,
            the other regions of the format.
        spec: their format.
    """

    name: str
    feeds: tuple[str, ...]
    learned: tuple[str, ...]
    spec: FormatSpec


def list_groups(
    con: duckdb.DuckDBPyConnection,
    formats: Mapping[str, FormatSpec],
    feed: str | None,
    *,
    pools_feeds: bool,
) -> list[Group]:
    """Return the groups that a backtest takes.

    Args:
        con: a connection to the private file.
        formats: by name.
        feed: one feed, or the name that several regions share; null takes every feed.
        pools_feeds: whether the regions of a format learn from each other.

    Raises:
        InputError: nothing that is loaded belongs to *feed*, or its format is unknown.
    """
    loaded = dict(sorted(con.execute(read_sql("load/feed_formats")).fetchall()))
    chosen = {name: of for name, of in loaded.items() if feed is None or is_part_of(name, feed)}
    if not chosen:
        got = f"none of it; loaded are {list_names(loaded)}" if loaded else "an empty warehouse"
        subject = "backtest" if feed is None else f"--feed {feed}"
        message = expected(subject, "a loaded feed", got, "load its exports with `songpop run`")
        raise InputError(message)
    unknown = sorted({of for of in chosen.values() if of not in formats})
    if unknown:
        message = expected(
            "backtest", "feeds of known formats", list_names(unknown), "see formats_dir"
        )
        raise InputError(message)
    pooled = {of for of in chosen.values() if pools_feeds and formats[of].has_regions}
    # A feed may well bear a format's name, so feeds and formats are not told apart by it.
    alone = [(name,) for name, of in chosen.items() if of not in pooled]
    together = [tuple(name for name in chosen if chosen[name] == of) for of in pooled]
    return [
        _make_group(feeds, loaded, formats, is_pooled=bool(pooled & {chosen[feeds[0]]}))
        for feeds in sorted(alone + together)
    ]


def _make_group(
    feeds: tuple[str, ...],
    loaded: Mapping[str, str],
    formats: Mapping[str, FormatSpec],
    *,
    is_pooled: bool,
) -> Group:
    spec = formats[loaded[feeds[0]]]
    sisters = tuple(name for name, of in loaded.items() if of == spec.name)
    return Group(
        name=feeds[0] if len(feeds) == 1 else spec.name,
        feeds=feeds,
        learned=sisters if is_pooled else feeds,
        spec=spec,
    )
