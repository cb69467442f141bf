"""From the published snapshot to the facts of a page."""

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any, Final

import duckdb

from songpop.touring.few import open_few
from songpop.warehouse.sqlfiles import read_sql
from songpop.weekly.facts import Changes, Model, Row, ScoredFacts, WeekEntry, WeekFacts

MOST_TRACKS: Final = 1_000
"""Rows of the table of tracks: about 0.4 MB of page."""
MOST_CARDS: Final = 20
"""High tracks with their reasons and their trend."""
MOST_MOVERS: Final = 10
MOST_ARTISTS: Final = 50
MOST_SET_LISTS: Final = 15
MOST_SONGS: Final = 10
MOST_WEEKS: Final = 12
"""Weeks of a trend, and of outcomes that are told."""
ENOUGH_OUTCOMES: Final = 4_000_000
"""Tracks whose outcome is told: of a feed of a million four weeks, since twelve take a minute."""
STEPS_COUNT: Final = 20
_MOST_HORIZON_WEEKS: Final = 26


def list_entries(
    con: duckdb.DuckDBPyConnection, feed: str | None = None, week: dt.date | None = None
) -> list[WeekEntry]:
    """Return every week that has something to tell, by feed, newest first.

    Args:
        con: the published snapshot.
        feed: one feed only.
        week: one week only.
    """
    return [WeekEntry(**row) for row in ask(con, "list_weeks", feed=feed, week=week)]


def read_week(
    con: duckdb.DuckDBPyConnection, entry: WeekEntry, entries: Sequence[WeekEntry]
) -> WeekFacts:
    """Return what the page of a week tells; nothing that became known after it.

    Args:
        con: the published snapshot.
        entry: the week.
        entries: at least the earlier weeks of its feed.
    """
    earlier = [
        one for one in entries if one.feed == entry.feed and one.week < entry.week and one.is_scored
    ]
    previous = max(earlier, key=lambda one: one.week, default=None)
    key = {"feed": entry.feed, "week": entry.week}
    return WeekFacts(
        entry=entry,
        previous_week=None if previous is None else previous.week,
        exports=ask(con, "list_exports", **key),
        checks=ask(con, "list_checks", **key),
        scored=_read_scored(con, entry, previous, earlier) if entry.is_scored else None,
    )


def _read_scored(
    con: duckdb.DuckDBPyConnection,
    entry: WeekEntry,
    previous: WeekEntry | None,
    earlier: Sequence[WeekEntry],
) -> ScoredFacts:
    before = None if previous is None else previous.week
    is_same = previous is not None and previous.model_version == entry.model_version
    key = {"feed": entry.feed, "week": entry.week}
    pair = {**key, "previous_week": before}
    weeks = sorted((one.week for one in earlier), reverse=True)[: MOST_WEEKS - 1]
    matured = _read_matured(con, key, earlier)
    tracks = ask(con, "list_tracks", **pair, most=MOST_TRACKS)
    moves: dict[str, Any] = {**pair, "by_rank": not is_same, "most": MOST_MOVERS}
    shown = [row["track_id"] for row in tracks[:MOST_CARDS]]
    artists = ask(con, "list_artists", **key, most=MOST_ARTISTS)
    return ScoredFacts(
        changes=Changes(**ask(con, "count_changes", **pair)[0]),
        model=_read_model(con, entry),
        is_same_model=is_same,
        tracks=tracks,
        risers=ask(con, "list_movers", **moves, direction=1),
        fallers=ask(con, "list_movers", **moves, direction=-1),
        artists=artists,
        set_lists=_read_set_lists(con, key, [row["artist_name"] for row in artists]),
        history=_read_history(con, key, min([*weeks, entry.week]), shown),
        steps=_read_steps(con, pair),
        matured=matured,
        outcomes=ask(con, "count_outcomes", **key, from_week=matured[-1]["week"])
        if matured
        else [],
    )


def _read_matured(
    con: duckdb.DuckDBPyConnection, key: dict[str, Any], earlier: Sequence[WeekEntry]
) -> list[Row]:
    """Return the newest matured weeks, newest first, asked for one by one.

    A million tracks in each of twelve weeks would be ranked in memory all at once.
    """
    first = key["week"] - dt.timedelta(weeks=MOST_WEEKS + _MOST_HORIZON_WEEKS)
    weeks = sorted((one.week for one in earlier if one.week >= first), reverse=True)
    rows: list[Row] = []
    for matured_week in weeks:
        rows += ask(con, "list_matured", **key, scored_week=matured_week)
        known = sum(row["rows_count"] for row in rows)
        if len(rows) >= MOST_WEEKS or known >= ENOUGH_OUTCOMES:
            break
    return rows[:MOST_WEEKS]


def _read_set_lists(
    con: duckdb.DuckDBPyConnection, key: dict[str, Any], artists: list[str]
) -> list[list[Row]]:
    """Return the first set lists in the order of *artists*; some have none."""
    by_artist: dict[str, list[Row]] = {name: [] for name in artists}
    with open_few(con, key["feed"], artists) as few:
        for row in ask(few, "list_set_lists", **key, most=MOST_SONGS):
            by_artist[row["artist_name"]].append(row)
    return [rows for rows in by_artist.values() if rows][:MOST_SET_LISTS]


def _read_model(con: duckdb.DuckDBPyConnection, entry: WeekEntry) -> Model:
    row = dict(ask(con, "show_model", feed=entry.feed, version=entry.model_version)[0])
    parsed = {name: json.loads(row.pop(name) or "null") for name in ("test", "models")}
    comparisons = json.loads(row.pop("comparisons") or "null")
    return Model(
        **row,
        test=parsed["test"],
        models=parsed["models"] or [],
        comparisons=comparisons or [],
    )


def _read_history(
    con: duckdb.DuckDBPyConnection, key: dict[str, Any], from_week: dt.date, tracks: list[str]
) -> dict[str, list[tuple[dt.date, float]]]:
    history: dict[str, list[tuple[dt.date, float]]] = {}
    for row in ask(con, "list_history", **key, from_week=from_week, tracks=tracks):
        history.setdefault(row["track_id"], []).append((row["week"], row["score"]))
    return history


def _read_steps(con: duckdb.DuckDBPyConnection, pair: dict[str, Any]) -> dict[dt.date, list[int]]:
    steps: dict[dt.date, list[int]] = {}
    for row in ask(con, "count_scores", **pair):
        counts = steps.setdefault(row["week"], [0] * STEPS_COUNT)
        counts[row["step"]] = row["tracks_count"]
    return steps


def ask(con: duckdb.DuckDBPyConnection, name: str, **params: object) -> list[Row]:
    """Return the rows of ``sql/weekly/<name>.sql``."""
    answer = con.execute(read_sql(f"weekly/{name}"), params)
    columns = [column for column, *_ in answer.description or []]
    return [dict(zip(columns, row, strict=True)) for row in answer.fetchall()]
