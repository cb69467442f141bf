"""Verdicts and decisions in the warehouse."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

import duckdb
import polars as pl

from songpop.drift.policy import Decision
from songpop.drift.verdict import Verdict
from songpop.schemas import Drift, validate
from songpop.warehouse.frames import registered
from songpop.warehouse.sqlfiles import read_sql

_FIELDS: Final = {
    "check_name": pl.String(),
    "column_name": pl.String(),
    "statistic": pl.Float64(),
    "threshold": pl.Float64(),
    "p_value": pl.Float64(),
    "verdict": pl.String(),
    "is_strong": pl.Boolean(),
    "direction": pl.Int32(),
    "segment": pl.String(),
    "reference": pl.String(),
    "details": pl.String(),
}


def write_verdicts(
    con: duckdb.DuckDBPyConnection, feed: str, week: dt.date, verdicts: Sequence[Verdict]
) -> None:
    """Store the verdicts on a week; those that are there are replaced."""
    key = {"feed": feed, "week": week}
    con.execute(read_sql("drift/delete_verdicts"), key)
    rows = [{name: getattr(verdict, name) for name in _FIELDS} for verdict in verdicts]
    frame = validate(
        Drift.to_schema(), pl.DataFrame(rows, schema=_FIELDS), f"verdicts on {feed} {week}"
    )
    with registered(con, "week_verdicts", frame):
        con.execute(read_sql("drift/insert_verdicts"), key)


def write_decision(
    con: duckdb.DuckDBPyConnection,
    key: dict[str, object],
    decision: Decision,
    reasons: Sequence[str],
    run_id: str,
) -> None:
    """Store what was decided about a week; what is there is replaced.

    Args:
        con: the writer's connection, inside the week's transaction.
        key: feed and week.
        decision: what was decided.
        reasons: in words, the most telling first.
        run_id: who decided.
    """
    con.execute(read_sql("drift/delete_decision"), key)
    con.execute(
        read_sql("drift/insert_decision"),
        {
            **key,
            "decision": decision.decision,
            "reasons": list(reasons),
            "because": decision.because,
            "run_id": run_id,
        },
    )


def read_verdicts(
    con: duckdb.DuckDBPyConnection, feed: str, from_week: dt.date, week: dt.date
) -> dict[dt.date, list[Verdict]]:
    """Return the verdicts on a feed's weeks from *from_week* to before *week*, the newest first."""
    params = {"feed": feed, "from_week": from_week, "week": week}
    rows = con.execute(read_sql("drift/read_verdicts"), params).pl()
    found: dict[dt.date, list[Verdict]] = {}
    for row in rows.iter_rows(named=True):
        day = row.pop("week")
        found.setdefault(day, []).append(Verdict(**row))
    return found
