"""Which weeks a command runs, in which order, and how."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from songpop.errors import InputError, expected
from songpop.pipeline.session import ArrivingExport, Mode, PlannedWeek
from songpop.pipeline.weeks import read_week_state
from songpop.warehouse.sqlfiles import read_sql

_Key = tuple[str, dt.date]


def is_part_of(feed: str, selected: str) -> bool:
    """Whether *feed* is the selected one, or one of its regions."""
    return feed == selected or feed.startswith(f"{selected}_")


@dataclass(frozen=True)
class Selection:
    """What a command was asked to run; null means any."""

    feed: str | None = None
    week: dt.date | None = None
    from_week: dt.date | None = None
    to_week: dt.date | None = None
    force_retrain: bool = False
    file_name: str | None = None
    """For a retry: one file only."""

    def admits(self, feed: str, week: dt.date) -> bool:
        """Whether the selection holds the given week of the given feed."""
        return (
            (self.feed is None or is_part_of(feed, self.feed))
            and (self.week is None or week == self.week)
            and (self.from_week is None or week >= self.from_week)
            and (self.to_week is None or week <= self.to_week)
        )


def plan_run(
    con: duckdb.DuckDBPyConnection, arriving: Iterable[ArrivingExport], selection: Selection
) -> list[PlannedWeek]:
    """Return the weeks that a run takes: each with new exports or not scored yet, oldest first.

    A week named by ``--week`` is run again even if nothing about it is new; so is each feed's
    newest week where a training is forced and nothing is new. Of several weeks a training is
    forced in the newest alone.

    Raises:
        InputError: the week that was named has neither landed nor been loaded.
    """
    exports = _by_week(arriving, selection)
    loaded = _loaded(con, selection)
    wanted = {key for key, is_unscored in loaded if is_unscored or selection.week}
    if selection.force_retrain and not exports and not wanted:
        # Weeks come oldest first, so each feed's newest is the one that stays.
        wanted = set({feed: (feed, week) for (feed, week), _ in loaded}.values())
    keys = sorted({*exports, *wanted}, key=lambda key: (key[1], key[0]))
    if selection.week is not None and not keys:
        message = expected(
            f"week {selection.week}",
            "1 export",
            "0",
            "put the file into the landing folder, or name a week that is loaded",
        )
        raise InputError(message)
    newest = {feed: (feed, week) for feed, week in keys}
    return [
        PlannedWeek(
            feed,
            week,
            tuple(exports.get((feed, week), ())),
            _mode_of(con, feed, week),
            force_retrain=selection.force_retrain and newest[feed] == (feed, week),
            is_last=newest[feed] == (feed, week),
        )
        for feed, week in keys
    ]


def plan_backfill(
    con: duckdb.DuckDBPyConnection, arriving: Iterable[ArrivingExport], selection: Selection
) -> list[PlannedWeek]:
    """Return every week of the selection, landed or loaded, to be run as if in its own week.

    A training that was forced in a week is forced in it again.

    Raises:
        InputError: the first week lies after the last.
    """
    if selection.from_week and selection.to_week and selection.from_week > selection.to_week:
        message = expected(
            "--from and --to",
            "a first week and a last one",
            f"{selection.from_week} after {selection.to_week}",
            "swap them",
        )
        raise InputError(message)
    exports = _by_week(arriving, selection)
    keys = sorted(
        {*exports, *(key for key, _ in _loaded(con, selection))}, key=lambda key: (key[1], key[0])
    )
    forced = set(con.execute(read_sql("load/forced_weeks")).fetchall())
    newest = dict(keys)
    return [
        PlannedWeek(
            feed,
            week,
            tuple(exports.get((feed, week), ())),
            "replay",
            force_retrain=(feed, week) in forced,
            is_last=newest[feed] == week,
        )
        for feed, week in keys
    ]


def plan_arriving(
    con: duckdb.DuckDBPyConnection, arriving: Iterable[ArrivingExport]
) -> list[PlannedWeek]:
    """Return the weeks of the given exports alone, oldest first."""
    exports = _by_week(arriving, Selection())
    keys = sorted(exports, key=lambda key: (key[1], key[0]))
    newest = dict(keys)
    return [
        PlannedWeek(
            feed,
            week,
            tuple(exports[feed, week]),
            _mode_of(con, feed, week),
            is_last=newest[feed] == week,
        )
        for feed, week in keys
    ]


def _by_week(
    arriving: Iterable[ArrivingExport], selection: Selection
) -> dict[_Key, list[ArrivingExport]]:
    grouped: dict[_Key, list[ArrivingExport]] = {}
    for export in arriving:
        key = (export.identity.feed, export.identity.week)
        if selection.admits(*key):
            grouped.setdefault(key, []).append(export)
    return grouped


def _loaded(con: duckdb.DuckDBPyConnection, selection: Selection) -> list[tuple[_Key, bool]]:
    rows = con.execute(read_sql("load/list_weeks"), {"feed": None}).fetchall()
    return [
        ((feed, week), is_unscored)
        for feed, week, is_unscored in rows
        if selection.admits(feed, week)
    ]


def _mode_of(con: duckdb.DuckDBPyConnection, feed: str, week: dt.date) -> Mode:
    state = read_week_state(con, feed, week)
    return "again" if state is not None and state.was_run else "new"
