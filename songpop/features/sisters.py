"""What the sister feeds of a feed said of its tracks in the weeks before.

Sister feeds are the other feeds of the same format, where that format has regions. Their weeks
strictly before the scored week alone are read, so the order in which feeds arrive cannot matter.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import duckdb
import polars as pl

from songpop.features.calendar import DAYS_PER_WEEK, OFF_CADENCE_DAYS, nearest_week
from songpop.features.kinds import LEADING_FEED, OTHER_FEEDS, SISTER_FEATURES
from songpop.formats.spec import FormatSpec
from songpop.warehouse.sqlfiles import read_sql

NEAR: Final = 1
SHORT: Final = 2
LONG: Final = 5
"""Weeks ago of the sister weeks: the newest that is used, and one and four weeks before that."""


@dataclass(frozen=True)
class SisterWeek:
    """A loaded week of a sister feed that counts as so many weeks before the scored one."""

    feed: str
    week: dt.date
    weeks_ago: int


@dataclass(frozen=True, eq=False)
class Sisters:
    """What sister feeds said of their tracks before a week.

    Attributes:
        tracks: (n, 1 + SISTER_FEATURES), one row per track_id that they list.
        known: the features whose sister weeks are loaded.
    """

    tracks: pl.DataFrame
    known: frozenset[str]

    def join(self, scored: pl.DataFrame) -> pl.DataFrame:
        """Add what they said to rows, one per track_id.

        Returns:
            *scored* with the columns SISTER_FEATURES, Float64, in no particular order: 0 where
            loaded sister weeks do not list the track, null throughout where a feature needs
            sister weeks that are not loaded.
        """
        columns = (
            pl.col(name).fill_null(0.0)
            if name in self.known
            else pl.lit(None, pl.Float64).alias(name)
            for name in SISTER_FEATURES
        )
        return scored.join(self.tracks, on="track_id", how="left").with_columns(columns)


def read_sisters(
    con: duckdb.DuckDBPyConnection, feed: str, week: dt.date, spec: FormatSpec
) -> Sisters | None:
    """Read what sister feeds said before the week, at most three weeks of each.

    Args:
        con: a connection to the private warehouse.
        feed: the feed.
        week: the scored week, the day that ends it.
        spec: the feed's format; its size metric ranks the tracks of a sister week.

    Returns:
        Null where no sister week is loaded.
    """
    sisters = find_sister_weeks(con, feed, week, spec)
    if not sisters:
        return None
    leading = find_leading_feed(con, sisters, spec)
    known = frozenset(known_features(sisters, leading))
    return Sisters(_read_tracks(con, sisters, leading, spec), known)


def find_sister_weeks(
    con: duckdb.DuckDBPyConnection, feed: str, week: dt.date, spec: FormatSpec
) -> list[SisterWeek]:
    """Return which loaded weeks of which sister feeds count as 1, 2 and 5 weeks before *week*.

    Each is the one nearest to *week* less 7 days a week ago, at most three days off, hence
    always before *week*. Sorted by feed and weeks ago; none where the format has no regions.
    """
    if not spec.has_regions:
        return []
    oldest = week - dt.timedelta(weeks=LONG, days=OFF_CADENCE_DAYS)
    newest = week - dt.timedelta(weeks=NEAR) + dt.timedelta(days=OFF_CADENCE_DAYS)
    params = {"feed": feed, "format": spec.name, "from_week": oldest, "to_week": newest}
    loaded: dict[str, list[dt.date]] = {}
    for sister, day in con.execute(read_sql("features/sister_weeks"), params).fetchall():
        loaded.setdefault(sister, []).append(day)
    return [
        SisterWeek(sister, found, weeks_ago)
        for sister, days in loaded.items()
        for weeks_ago in (NEAR, SHORT, LONG)
        if (found := nearest_week(days, week - dt.timedelta(days=DAYS_PER_WEEK * weeks_ago)))
    ]


def find_leading_feed(
    con: duckdb.DuckDBPyConnection, sisters: Iterable[SisterWeek], spec: FormatSpec
) -> str | None:
    """Return the sister feed with the largest total of the size metric in the week before.

    Of equal totals the first by name leads; null where no sister feed has that week loaded.
    """
    near = [sister for sister in sisters if sister.weeks_ago == NEAR]
    if not near:
        return None
    params = {"feeds": [one.feed for one in near], "weeks": [one.week for one in near]}
    row = con.execute(_splice(read_sql("features/leading_feed"), spec), params).fetchone()
    return None if row is None else str(row[0])


def known_features(sisters: Iterable[SisterWeek], leading: str | None) -> set[str]:
    """Return the features whose sister weeks are loaded, those of the leading feed or of any."""
    ago: dict[str, set[int]] = {}
    for sister in sisters:
        ago.setdefault(sister.feed, set()).add(sister.weeks_ago)
    needs = {"count": {NEAR}, "best": {NEAR}, "level": {NEAR}}
    needs |= {"change_1w": {NEAR, SHORT}, "change_4w": {NEAR, LONG}}
    of_any = {name for name, need in needs.items() if any(need <= has for has in ago.values())}
    of_leading = {name for name, need in needs.items() if need <= ago.get(leading or "", set())}
    known = {f"{OTHER_FEEDS}__{name}" for name in of_any}
    known |= {f"{LEADING_FEED}__{name}" for name in of_leading}
    return known & {*SISTER_FEATURES}


def _read_tracks(
    con: duckdb.DuckDBPyConnection,
    sisters: Iterable[SisterWeek],
    leading: str | None,
    spec: FormatSpec,
) -> pl.DataFrame:
    weeks = list(sisters)
    params = {
        "feeds": [sister.feed for sister in weeks],
        "weeks": [sister.week for sister in weeks],
        "weeks_ago": [sister.weeks_ago for sister in weeks],
        "leading_feed": leading,
        "near": NEAR,
        "short": SHORT,
        "long": LONG,
    }
    return con.execute(_splice(read_sql("features/sister_tracks"), spec), params).pl()


def _splice(sql: str, spec: FormatSpec) -> str:
    # As in songpop.features.lookback: a declared metric's name, [a-z0-9_] by its schema, quoted.
    return sql.replace("$metric_columns", f'tw."{spec.size_metric}"')
