"""Set lists of one artist, as the published tables have them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import duckdb
import polars as pl

from songpop.errors import InputError, expected
from songpop.touring.few import open_few
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.query import explain_damage, open_snapshot
from songpop.warehouse.sqlfiles import read_sql

FEWEST_SONGS: Final = 3
"""Below it ``mart.tour_candidates`` tells no roles."""
_MOST_NAMES: Final = 5
_MOST_ARTISTS: Final = 200
"""Of a feed, that are looked through for names like the one asked for."""
_WIDEST_NAME: Final = 60


@dataclass(frozen=True)
class SetList:
    """What one feed says about which of an artist's songs to play."""

    feed: str
    region: str | None
    week: dt.date
    artist_name: str
    """As exported."""
    songs_count: int
    """Songs that the feed has of the artist; the list may be shorter."""
    songs: pl.DataFrame
    """Rows of ``sql/touring/list_songs.sql``, the first place first."""
    joint_names: tuple[str, ...]
    """Names under which the feed has songs of the artist with others; these are not in the list."""

    @property
    def has_momentum(self) -> bool:
        """Whether there are weeks enough to tell risers."""
        return self.songs["momentum"].count() > 0


def read_set_lists(
    paths: WarehousePaths,
    artist: str,
    songs_count: int,
    *,
    feed: str | None = None,
    region: str | None = None,
) -> list[SetList]:
    """Return the artist's set list in each feed that is meant, by feed.

    Args:
        paths: the warehouse.
        artist: the name; case and blanks around it do not matter.
        songs_count: how many songs a list has at most.
        feed: one feed only.
        region: feeds of one region only, such as ``gb``.

    Raises:
        InputError: nothing is published, no feed is meant, or none of them has such an artist.
        CheckError: the snapshot is damaged.
    """
    # One snapshot for all: the next one may be published in between.
    with open_snapshot(paths) as con, explain_damage(paths):
        return _read_lists(con, artist, songs_count, feed, region)


def _read_lists(
    con: duckdb.DuckDBPyConnection,
    artist: str,
    songs_count: int,
    feed: str | None,
    region: str | None,
) -> list[SetList]:
    feeds = _choose_feeds(con, feed, region)
    key: dict[str, object] = {"artist": artist, "feeds": feeds, "most": _MOST_ARTISTS}
    names = _ask(con, "find_artists", **key).to_dicts()
    asked = [row for row in names if row["is_asked"]]
    meant = [row for row in asked if row["feed"] in feeds]
    if not meant:
        raise InputError(_say_unknown(artist, feeds, asked, names))
    # Names that differ only in case are different artists of a feed; the one as typed goes first.
    meant.sort(key=lambda row: (row["feed"], row["artist_name"] != artist, -row["songs_count"]))
    first = {row["feed"]: row for row in reversed(meant)}
    return [_read_one(con, first[name], names, songs_count) for name in sorted(first)]


def _read_one(
    con: duckdb.DuckDBPyConnection,
    row: dict[str, Any],
    names: Sequence[dict[str, Any]],
    songs_count: int,
) -> SetList:
    key = {"feed": row["feed"], "artist": row["artist_name"], "most": songs_count}
    with open_few(con, row["feed"], [row["artist_name"]]) as few:
        songs = _ask(few, "list_songs", **key)
    joint = [n["artist_name"] for n in names if n["is_joint"] and n["feed"] == row["feed"]]
    return SetList(
        feed=row["feed"],
        region=row["region"],
        week=songs["week"][0],
        artist_name=row["artist_name"],
        songs_count=row["songs_count"],
        songs=songs,
        joint_names=tuple(sorted(joint)),
    )


def _choose_feeds(
    con: duckdb.DuckDBPyConnection, feed: str | None, region: str | None
) -> list[str]:
    known = _ask(con, "list_regions").to_dicts()
    feeds = [
        row["feed"]
        for row in known
        if feed in (None, row["feed"]) and region in (None, row["region"])
    ]
    if feeds:
        return feeds
    if region is not None and region not in {row["region"] for row in known}:
        regions = sorted({row["region"] for row in known if row["region"]})
        got = f"only {', '.join(regions)}" if regions else "none that has one"
        raise InputError(
            expected(
                f"--region {region}",
                "a region that a scored feed has",
                got,
                "pass one of these, or none: exports without regions say nothing about countries",
            )
        )
    names = f"only {', '.join(row['feed'] for row in known)}" if known else "none"
    remedy = "pass one of these that fits --region, or run `songpop run` until a week has scores"
    subject = f"--feed {feed}" if feed is not None else "feeds"
    raise InputError(expected(subject, "a scored feed with artists", names, remedy))


def _say_unknown(
    artist: str,
    feeds: Sequence[str],
    asked: Sequence[dict[str, Any]],
    names: Sequence[dict[str, Any]],
) -> str:
    subject = f"artist {_show(artist)} in {', '.join(feeds)}"
    if asked:
        others = ", ".join(sorted({row["feed"] for row in asked}))
        return expected(subject, "a song of the newest scored week", "none", f"look in {others}")
    near = list(dict.fromkeys(row["artist_name"] for row in names))
    told = ", ".join(_show(name) for name in near[:_MOST_NAMES]) or "no artist at all"
    remedy = (
        "pass a name as exported; `songpop sql "
        '"select distinct artist_name from mart.artist_songs order by all"` lists them'
    )
    return expected(subject, "an artist of the newest scored week", f"nearest {told}", remedy)


def _ask(con: duckdb.DuckDBPyConnection, name: str, **params: object) -> pl.DataFrame:
    return con.execute(read_sql(f"touring/{name}"), params).pl()


def _show(name: str) -> str:
    cut = name if len(name) <= _WIDEST_NAME else name[: _WIDEST_NAME - 1] + "…"
    return repr(cut) if cut.isprintable() else ascii(cut)
