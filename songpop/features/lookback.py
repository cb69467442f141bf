"""Read a week and its look-back weeks from the warehouse; nothing later than the week is read."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import duckdb
import polars as pl

from songpop.features.calendar import DAYS_PER_WEEK, OFF_CADENCE_DAYS, nearest_week
from songpop.features.kinds import LAGS_WEEKS
from songpop.features.sisters import Sisters, read_sisters
from songpop.formats.spec import ColumnSpec, FormatSpec
from songpop.warehouse.sqlfiles import read_sql

_SAMPLED_PER_RANGE: Final = 64
"""Keys that are looked at for each range: one is then within an eighth of its size, by the standard
error of a mean of as many exponential gaps."""


@dataclass(frozen=True)
class Tracks:
    """Some tracks: those of a range of keys, or a sample; the same ones in any week."""

    from_id: str = ""
    """Keys are at least this, byte by byte."""
    to_id: str | None = None
    """Keys are below this; null: all from the first on."""
    below: str | None = None
    """The first six digits of the key's MD5, hexadecimal, are below these; null: all."""

    @property
    def params(self) -> dict[str, object]:
        """Parameters of the SQL files that read some tracks."""
        return {"from_id": self.from_id, "to_id": self.to_id, "below": self.below}


ALL_TRACKS: Final = Tracks()


@dataclass(frozen=True, eq=False)
class Lookback:
    """What the features of one week are built from, to be read whole or range by range.

    Attributes:
        con: a connection to the private warehouse.
        feed: the feed.
        week: the scored week, the day that ends it.
        spec: the feed's format.
        earlier: the loaded week that counts as so many weeks ago.
        sisters: what sister feeds said of their tracks; null where none is to be asked.
    """

    con: duckdb.DuckDBPyConnection
    feed: str
    week: dt.date
    spec: FormatSpec
    earlier: Mapping[int, dt.date]
    sisters: Sisters | None

    def read(self, tracks: Tracks = ALL_TRACKS) -> pl.DataFrame:
        """Read the rows from which the features of some tracks are built.

        Args:
            tracks: which.

        Returns:
            Rows for ``build_features``: feed, week, track_id, release_date, is_explicit and the
            format's metrics as exported, then first_seen_week (null in look-back weeks, and where
            no sighting up to the week is recorded) and weeks_ago, Int8; where sister weeks are
            loaded, also SISTER_FEATURES, null in look-back weeks. In no particular order.
        """
        frames = [self._read_present(tracks)]
        for weeks_ago, earlier in self.earlier.items():
            rows = read_track_metrics(self.con, self.feed, earlier, self.spec.metrics, tracks)
            frames.append(
                rows.with_columns(
                    pl.lit(None, pl.Date).alias("first_seen_week"),
                    pl.lit(weeks_ago, pl.Int8).alias("weeks_ago"),
                )
            )
        return pl.concat(frames, how="diagonal", rechunk=True)

    def _read_present(self, tracks: Tracks) -> pl.DataFrame:
        con = self.con
        scored = read_track_metrics(con, self.feed, self.week, self.spec.metrics, tracks)
        key = {"feed": self.feed, "week": self.week, **tracks.params}
        first_seen = con.execute(read_sql("features/first_seen"), key).pl()
        present = scored.join(first_seen, on="track_id", how="left").with_columns(
            pl.lit(0, pl.Int8).alias("weeks_ago")
        )
        return present if self.sisters is None else self.sisters.join(present)


def find_lookback(
    con: duckdb.DuckDBPyConnection,
    feed: str,
    week: dt.date,
    spec: FormatSpec,
    lags_weeks: Sequence[int] = LAGS_WEEKS,
) -> Lookback:
    """Find what the features of one week are built from.

    At most 1 + len(lags_weeks) weeks, and three of each sister feed, so week 104 costs what week 4
    costs. A look-back week is the loaded week nearest to *week* less 7 days per week of the lag,
    at most three days off.

    Args:
        con: a connection to the private warehouse.
        feed: the feed.
        week: the scored week, the day that ends it.
        spec: the feed's format.
        lags_weeks: which look-back weeks; none, ``()``, for a snapshot model, for which no
            sister feed is asked either.
    """
    earlier = find_lag_weeks(con, feed, week, lags_weeks)
    sisters = read_sisters(con, feed, week, spec) if lags_weeks else None
    return Lookback(con, feed, week, spec, earlier, sisters)


def read_lookback(
    con: duckdb.DuckDBPyConnection,
    feed: str,
    week: dt.date,
    spec: FormatSpec,
    *,
    lags_weeks: Sequence[int] = LAGS_WEEKS,
) -> pl.DataFrame:
    """Read the rows from which the features of one whole week are built.

    Args:
        con: as in ``find_lookback``, like *feed*, *week*, *spec* and *lags_weeks*.
        feed: the feed.
        week: the scored week.
        spec: the feed's format.
        lags_weeks: which look-back weeks.

    Returns:
        As ``Lookback.read``.
    """
    return find_lookback(con, feed, week, spec, lags_weeks).read()


def find_ranges(
    con: duckdb.DuckDBPyConnection, feed: str, week: dt.date, rows_count: int, range_rows: int
) -> Iterator[Tracks]:
    """Yield the ranges that hold one loaded week, in order, of about *range_rows* tracks each.

    Args:
        con: a connection to the private warehouse.
        feed: the feed.
        week: the week.
        rows_count: tracks that it holds; not counted anew.
        range_rows: tracks of a range; a week of no more is one.
    """
    count = -(-rows_count // range_rows)
    if count <= 1:
        yield ALL_TRACKS
        return
    every = max(range_rows // _SAMPLED_PER_RANGE, 1)
    params = {"feed": feed, "week": week, "every": every}
    ids = [row[0] for row in con.execute(read_sql("features/track_id_sample"), params).fetchall()]
    cuts = [ids[place * len(ids) // count] for place in range(1, count)] if ids else []
    bounds = ["", *dict.fromkeys(cuts)]
    yield from (Tracks(start, end) for start, end in zip(bounds, [*bounds[1:], None], strict=True))


def find_lag_weeks(
    con: duckdb.DuckDBPyConnection, feed: str, week: dt.date, lags_weeks: Sequence[int]
) -> dict[int, dt.date]:
    """Return which loaded week counts as each lag; a lag without such a week is left out."""
    if not lags_weeks:
        return {}
    oldest = week - dt.timedelta(weeks=max(lags_weeks), days=OFF_CADENCE_DAYS)
    loaded = read_loaded_weeks(con, feed, oldest, week)
    found = {
        lag: nearest_week(loaded, week - dt.timedelta(days=DAYS_PER_WEEK * lag))
        for lag in lags_weeks
    }
    return {lag: earlier for lag, earlier in found.items() if earlier is not None}


def read_loaded_weeks(
    con: duckdb.DuckDBPyConnection, feed: str, from_week: dt.date, to_week: dt.date
) -> list[dt.date]:
    """Return the loaded weeks of *feed* from *from_week* to *to_week*, both included, in order."""
    params = {"feed": feed, "from_week": from_week, "to_week": to_week}
    return [row[0] for row in con.execute(read_sql("features/loaded_weeks"), params).fetchall()]


def read_track_metrics(
    con: duckdb.DuckDBPyConnection,
    feed: str,
    week: dt.date,
    metrics: Sequence[ColumnSpec],
    tracks: Tracks = ALL_TRACKS,
) -> pl.DataFrame:
    """Read tracks of one loaded week: keys, dates and flags, and the given metrics of its format.

    Returns:
        (n, 5 + len(metrics)), one row per track_id, in no particular order; null where the
        export says nothing. Empty where the week is not loaded.
    """
    # The only spliced identifiers. They come from the format's declared metrics, whose schema
    # admits nothing but [a-z0-9_], and are quoted all the same.
    columns = ", ".join(f'tw."{metric.name}"' for metric in metrics)
    sql = read_sql("features/track_metrics").replace("$metric_columns", columns)
    return con.execute(sql, {"feed": feed, "week": week, **tracks.params}).pl()
