"""Which rows of the published snapshot are exported, a week at a time where they are many."""

import datetime as dt
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Final

import duckdb
import polars as pl

from songpop.errors import InputError, expected, list_names
from songpop.warehouse.published import list_shown, published_tables
from songpop.warehouse.query import describe_hidden
from songpop.warehouse.revision import list_changed
from songpop.warehouse.sqlfiles import read_sql

SCORES: Final = "mart.weekly_scores"
_NAMED_COUNT: Final = 5
_NESTED: Final = ("[]", "JSON", "STRUCT", "MAP")

Part = tuple[str, dt.date]
"""A feed and a week."""


@dataclass(frozen=True)
class Wanted:
    """What a person asks for; null leaves it open."""

    table: str | None = None
    """Null: the scores, and of them only the newest week of each feed unless one is named."""
    feed: str | None = None
    week: dt.date | None = None

    @property
    def name(self) -> str:
        """The table or view."""
        return self.table or SCORES


def read_frames(con: duckdb.DuckDBPyConnection, wanted: Wanted) -> Generator[pl.DataFrame]:
    """Yield what is *wanted*, of one schema, the first frame without rows.

    Args:
        con: the published snapshot.
        wanted: checked before anything is yielded.

    Raises:
        InputError: no such table, feed or week, or a table that has none.
    """
    kinds = _find_columns(con, wanted.name)
    _check_columns(wanted, kinds)
    _check_known(con, wanted, kinds)
    _check_shown(con, wanted)
    select = _select(wanted.name, kinds)
    keys = {name: getattr(wanted, name) for name in ("feed", "week") if name in kinds}
    narrowed = " and ".join(f"(${name} is null or {name} = ${name})" for name in keys) or "true"
    yield _read(con, f"{select} where false")
    weekly = published_tables("weekly").get(wanted.name)
    if weekly is None:
        yield _read(con, f"{select} where {narrowed}", keys)
        return
    # Published scores lie as they were written, which need not be by rank.
    order = "order by rank" if wanted.name == SCORES else ""
    for feed, week in _list_parts(con, wanted):
        yield _read(con, f"{weekly} {order}", {"feed": feed, "week": week})


def _find_columns(con: duckdb.DuckDBPyConnection, name: str) -> dict[str, str]:
    """Return the type of each column of a published table or view."""
    kinds: dict[str, dict[str, str]] = {}
    for column, kind, relation in con.execute(read_sql("export/list_columns")).fetchall():
        kinds.setdefault(relation, {})[column] = kind
    if name not in kinds:
        message = expected(
            f"table {name}",
            "a published table or view",
            "none of that name",
            f"there are {list_names(kinds)}; warehouse/README.md describes them",
        )
        raise InputError(message)
    return kinds[name]


def _check_columns(wanted: Wanted, kinds: dict[str, str]) -> None:
    for name in ("feed", "week"):
        if getattr(wanted, name) is not None and name not in kinds:
            message = expected(
                f"--{name}", f"a table with a column {name}", wanted.name, f"leave out --{name}"
            )
            raise InputError(message)


def _check_known(con: duckdb.DuckDBPyConnection, wanted: Wanted, kinds: dict[str, str]) -> None:
    if wanted.feed is None and wanted.week is None:
        return
    parts: list[Part] = con.execute(read_sql("export/list_weeks")).fetchall()
    feeds = {feed for feed, _ in parts} | _own_feeds(con, wanted.name, kinds)
    if wanted.feed is not None and wanted.feed not in feeds:
        remedy = f"there are {list_names(feeds)}"
        raise InputError(expected(f"feed {wanted.feed}", "a feed", "none of that name", remedy))
    weeks = sorted({week for feed, week in parts if wanted.feed in {None, feed}})
    if wanted.week is not None and wanted.week not in weeks:
        message = expected(
            f"week {wanted.week}", "a week that an export came for", "none", _name_weeks(weeks)
        )
        raise InputError(message)


def _check_shown(con: duckdb.DuckDBPyConnection, wanted: Wanted) -> None:
    """Refuse a week of which the snapshot holds no more what a feed that is meant has.

    Without it the export would look whole, or empty, and be neither.
    """
    if wanted.week is None or wanted.name not in published_tables("weekly"):
        return
    there = {
        part.key
        for part in list_changed(con, since=0)
        if part.rows_count > 0
        and part.table_name == wanted.name
        and part.week == wanted.week
        and wanted.feed in {None, part.feed}
    }
    hidden = sorted(feed for feed, _ in there.difference(list_shown(con)))
    if hidden:
        raise InputError(describe_hidden(hidden, wanted.week))


def _own_feeds(con: duckdb.DuckDBPyConnection, name: str, kinds: dict[str, str]) -> set[str]:
    """Return what a table calls feeds: a backtest's may be a format whose regions it tested."""
    if "feed" not in kinds:
        return set()
    rows = con.execute(f"select distinct feed from {name} where feed is not null")  # noqa: S608 - of the snapshot's own names
    return {feed for (feed,) in rows.fetchall()}


def _name_weeks(weeks: Sequence[dt.date]) -> str:
    newest = ", ".join(str(week) for week in weeks[-_NAMED_COUNT:])
    return f"there are {len(weeks)}, the newest {newest}" if weeks else "there are none yet"


def _list_parts(con: duckdb.DuckDBPyConnection, wanted: Wanted) -> list[Part]:
    """Return the weeks of a weekly table that are wanted, in order."""
    parts: list[Part] = con.execute(
        f"""
        select distinct feed, week from {wanted.name}
        where ($feed is null or feed = $feed) and ($week is null or week = $week)
        order by feed, week
        """,  # noqa: S608 - of the snapshot's own names
        {"feed": wanted.feed, "week": wanted.week},
    ).fetchall()
    return sorted(dict(parts).items()) if wanted.table is None else parts


def _select(name: str, kinds: dict[str, str]) -> str:
    """Return the select of a whole table, lists and the like as JSON text."""
    columns = ", ".join(
        f'cast(to_json("{column}") as varchar) as "{column}"'
        if kind.endswith(_NESTED) or kind.startswith(_NESTED)
        else f'"{column}"'
        for column, kind in kinds.items()
    )
    return f"select {columns} from {name}"  # noqa: S608 - of the snapshot's own names


def _read(
    con: duckdb.DuckDBPyConnection, sql: str, params: dict[str, object] | None = None
) -> pl.DataFrame:
    df = con.execute(sql, params or {}).pl()
    times = [name for name, kind in df.schema.items() if isinstance(kind, pl.Datetime)]
    return df.with_columns(pl.col(name).dt.convert_time_zone("UTC") for name in times)
