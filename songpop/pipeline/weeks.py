"""core.weeks and core.track_history: which weeks are loaded, scored, stale."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from songpop.features.calendar import OFF_CADENCE_DAYS
from songpop.formats.spec import FormatSpec
from songpop.warehouse.sqlfiles import read_sql


@dataclass(frozen=True)
class WeekState:
    """What the warehouse says about one week; absent weeks have none."""

    rows_count: int
    content_sha256: str
    scored_content_sha256: str | None
    is_stale: bool
    stale_because: str | None
    was_run: bool

    @property
    def is_current(self) -> bool:
        """Whether the week was run on exactly what it holds."""
        return self.was_run and self.content_sha256 == self.scored_content_sha256


@dataclass(frozen=True)
class RunStamp:
    """Who ran a week, when, and with which model (null: it had none yet)."""

    run_id: str
    at: dt.datetime
    model_version: str | None


def read_week_state(con: duckdb.DuckDBPyConnection, feed: str, week: dt.date) -> WeekState | None:
    """Return the state of a week; null while it is not loaded."""
    row = con.execute(read_sql("load/week_state"), {"feed": feed, "week": week}).fetchone()
    return None if row is None else WeekState(*row)


def rewrite_week(
    con: duckdb.DuckDBPyConnection, feed: str, week: dt.date, spec: FormatSpec, now: dt.datetime
) -> None:
    """Describe a week anew after its rows changed; a stale one stays stale."""
    key: dict[str, object] = {"feed": feed, "week": week}
    before = read_week_state(con, feed, week)
    con.execute(read_sql("load/delete_week"), key)
    con.execute(read_sql("load/insert_week"), {**key, "format": spec.name, "loaded_at": now})
    if before is not None and before.is_stale:
        con.execute(read_sql("load/keep_stale"), {**key, "stale_because": before.stale_because})


def update_history(
    con: duckdb.DuckDBPyConnection, feed: str, week: dt.date, *, rows_left: bool
) -> None:
    """Keep the first week of each track true after a week's rows came, changed or went.

    Args:
        con: the writer's connection.
        feed: the feed.
        week: the week whose rows changed.
        rows_left: whether rows were taken away, so that some first sights may lie later now.
    """
    key: dict[str, object] = {"feed": feed, "week": week}
    if rows_left:
        con.execute(read_sql("load/delete_track_history"), key)
        con.execute(read_sql("load/restore_track_history"), {"feed": feed})
    con.execute(read_sql("load/advance_track_history"), key)
    con.execute(read_sql("load/insert_track_history"), key)


def mark_later_stale(
    con: duckdb.DuckDBPyConnection, feed: str, week: dt.date, because: str
) -> tuple[dt.date, ...]:
    """Mark what was made from a week's former rows; return the feed's stale weeks from then on.

    All later weeks that were run are. The week itself is stale too where a model was trained in
    it: from other rows than it has now.
    """
    key: dict[str, object] = {"feed": feed, "week": week}
    if con.execute(read_sql("load/models_trained_in"), key).fetchall():
        con.execute(read_sql("load/keep_stale"), {**key, "stale_because": because})
    return mark_weeks_after(con, feed, week, because)


def mark_weeks_after(
    con: duckdb.DuckDBPyConnection, feed: str, week: dt.date, because: str
) -> tuple[dt.date, ...]:
    """Mark every later week that was run as stale; return the feed's stale weeks from *week* on."""
    con.execute(read_sql("load/mark_stale"), {"feed": feed, "week": week, "because": because})
    rows = con.execute(read_sql("load/list_stale"), {"feed": feed}).fetchall()
    return tuple(row[0] for row in rows if row[0] >= week)


def mark_sisters_stale(
    con: duckdb.DuckDBPyConnection, feed: str, week: dt.date, spec: FormatSpec, because: str
) -> None:
    """Mark the later weeks of sister feeds that were run, since their features read this one's.

    Sister feeds are the other feeds of the same format, where it has regions. Their weeks up to
    three days after *week* look further back than it (``songpop.features.sisters``), so feeds
    that arrive in order mark nothing.
    """
    if not spec.has_regions:
        return
    last_without = week + dt.timedelta(days=OFF_CADENCE_DAYS)
    con.execute(
        read_sql("load/mark_sisters_stale"),
        {
            "feed": feed,
            "format": spec.name,
            "week": last_without,
            "because": f"feed {feed}, {because}",
        },
    )


def list_stale(con: duckdb.DuckDBPyConnection) -> dict[str, list[dt.date]]:
    """Return the stale weeks of every feed that has some, oldest first."""
    stale: dict[str, list[dt.date]] = {}
    for feed, week in con.execute(read_sql("load/list_all_stale")).fetchall():
        stale.setdefault(feed, []).append(week)
    return stale


def keep_superseded(
    con: duckdb.DuckDBPyConnection,
    key: Mapping[str, object],
    model_version: str | None,
    now: dt.datetime,
    because: str | None = None,
) -> None:
    """Keep a week's scores of other models, before they are replaced or taken out.

    Args:
        con: the writer's connection.
        key: feed and week.
        model_version: the version that scores the week now; null: none does.
        now: when.
        because: why; null: for the reason for which that version is champion.
    """
    if because is None:
        row = con.execute(read_sql("load/champion_because"), key).fetchone()
        because = "no model scores the week any more" if row is None else str(row[0])
    con.execute(
        read_sql("load/insert_superseded"),
        {**key, "model_version": model_version, "superseded_at": now, "because": because},
    )


def mark_run(
    con: duckdb.DuckDBPyConnection, key: dict[str, object], stamp: RunStamp, *, keeps_stale: bool
) -> None:
    """Record that a week was run.

    Args:
        con: the writer's connection.
        key: feed and week.
        stamp: who ran it, when, with which model.
        keeps_stale: whether a stale week stays so: its model was not reconsidered. Otherwise it
            is stale only if an earlier week of its feed still is.
    """
    row = con.execute(read_sql("load/week_staleness"), key).fetchone()
    own_because, earliest = (None, None) if row is None else row
    because = own_because if keeps_stale else None
    if because is None and earliest is not None:
        because = f"week {earliest} is stale"
    con.execute(
        read_sql("load/mark_scored"),
        {
            **key,
            "is_stale": because is not None,
            "stale_because": because,
            "model_version": stamp.model_version,
            "run_id": stamp.run_id,
            "scored_at": stamp.at,
        },
    )
