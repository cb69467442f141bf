"""Forward labels: what became of the tracks of week t in week t + h (DESIGN, Forward label)."""

import datetime as dt
from typing import Final, Literal

import duckdb

from songpop.features.kinds import AGE_STEPS_DAYS
from songpop.formats.spec import FormatSpec
from songpop.warehouse.sqlfiles import read_sql

ForwardKind = Literal["level", "growth"]

ABSENT_PENALTY: Final = 0.1
"""By how much the log share of an absent track lies below the lowest of week t + h (DESIGN)."""
SIZE_GROUPS_COUNT: Final = 5
"""Cohorts are size quintiles (DESIGN)."""
MIN_COHORT_ROWS: Final = 50
"""A quintile is divided by age only where so many rows remain (DESIGN)."""


def select_labels(
    con: duckdb.DuckDBPyConnection,
    feed: str,
    weeks: tuple[dt.date, dt.date],
    spec: FormatSpec,
    kind: ForwardKind,
    *,
    into: str | None = None,
) -> duckdb.DuckDBPyConnection:
    """Label the tracks of one week by what a later week shows of them.

    Args:
        con: a connection to tables that hold ``core.track_weeks``; what its memory limit does not
            hold goes to disk.
        feed: the feed.
        weeks: t, whose accepted rows are labelled, and t + h, whose rows are counted in its size,
            new entrants included.
        spec: the feed's format; its size metric ranks the tracks.
        kind: ``level``, high where the later rank is within the upper half of the later week, or
            ``growth``, high where the change in log share of the feed's total is above the
            median of the track's cohort, ties low.
        into: a table that gets the labels; null selects them.

    Returns:
        Labels to be fetched, sorted by track_id, one per track of week t; or their number, where
        they went into a table. outcome_percentile is that of the later rank, 1 for the largest, 0
        for a track that is absent then, under either kind; margin says how far the track was from
        the other label, positive where high: under ``level`` the later percentile less the cut,
        under ``growth`` the percentile of the change in its cohort less the share of low ones;
        size_percentile is that of the rank in week t, what persistence goes by under ``level``;
        matured_week is the later week. Without rows of it there are no labels. Under ``growth``,
        a row whose size is null or 0 in week t has no change, hence no label.
    """
    # The spliced identifier is a declared metric's, whose schema admits nothing but [a-z0-9_].
    placed = read_sql("labels/placed").replace("$size_metric", f'tw."{spec.size_metric}"')
    sql = read_sql(f"labels/{kind}").replace("$placed", f"({placed})")
    params: dict[str, object] = {"feed": feed, "week": weeks[0], "later_week": weeks[1]}
    if kind == "growth":
        params |= {
            "age_steps_days": list(AGE_STEPS_DAYS),
            "size_groups": SIZE_GROUPS_COUNT,
            "min_cohort_rows": MIN_COHORT_ROWS,
            "absent_penalty": ABSENT_PENALTY,
        }
    return con.execute(sql if into is None else f"insert into {into} by name {sql}", params)
