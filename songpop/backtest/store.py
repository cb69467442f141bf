"""Keeping a backtest in the warehouse, where SQL finds it."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from typing import Any, Final

import duckdb
import polars as pl

from songpop.backtest.run import Backtest
from songpop.evaluate.clusters import Difference
from songpop.evaluate.report import Evaluation
from songpop.training.fit import column_bytes
from songpop.warehouse.frames import registered
from songpop.warehouse.publish import mark_revised
from songpop.warehouse.sqlfiles import read_sql
from songpop.warehouse.transaction import transaction

_DIGEST_LENGTH: Final = 10
_TABLES: Final = ("backtests", "backtest_figures", "backtest_differences", "backtest_intervals")


def name_backtest(found: Backtest) -> str:
    """Return the backtest's name: equal rows, settings and scores give an equal one."""
    hasher = hashlib.sha256(found.plan.model_dump_json().encode())
    for column in found.predictions.iter_columns():
        hasher.update(f"{column.name} ".encode())
        hasher.update(column_bytes(column))
    first, last = found.tested_weeks
    digest = hasher.hexdigest()[:_DIGEST_LENGTH]
    return f"{found.name}-{found.plan.label}-{first}-{last}-{digest}"


def store_backtest(con: duckdb.DuckDBPyConnection, found: Backtest, now: dt.datetime) -> str:
    """Store a backtest's figures in one transaction, and mark them for publication.

    Args:
        con: the writer's connection.
        found: the backtest; one of the same name is replaced.
        now: the time that is recorded.

    Returns:
        Its name.
    """
    name = name_backtest(found)
    frames = {
        "figures": pl.DataFrame(list(_figures(found)), infer_schema_length=None),
        "differences": pl.DataFrame(list(_differences(found)), infer_schema_length=None),
        "intervals": pl.DataFrame(list(_intervals(found)), infer_schema_length=None),
    }
    with transaction(con):
        for table in _TABLES:
            con.execute(read_sql(f"load/delete_{table}"), {"backtest_id": name})
        con.execute(read_sql("load/insert_backtests"), _header(found, name, now))
        for kind, frame in frames.items():
            named = frame.select(pl.lit(name).alias("backtest_id"), pl.all())
            with registered(con, f"found_{kind}", named):
                con.execute(read_sql(f"load/insert_backtest_{kind}"))
        mark_revised(con, ())
    return name


def _header(found: Backtest, name: str, now: dt.datetime) -> dict[str, object]:
    first, last = found.tested_weeks
    plan = found.plan
    return {
        "backtest_id": name,
        "feed": found.name,
        "tested_feeds": list(found.feeds),
        "label": plan.label,
        "horizon_weeks": plan.horizon_weeks,
        "from_week": first,
        "to_week": last,
        "block_weeks": plan.block_weeks,
        "embargo_weeks": plan.gap_weeks,
        "origins_count": len(found.origins),
        "rows_count": found.predictions.height,
        "settings": json.dumps(plan.training.model_dump(mode="json"), sort_keys=True),
        "created_at": now,
    }


def list_evaluations(found: Backtest) -> list[tuple[str, dt.date | None, Evaluation]]:
    """Return every evaluation with its feed and its origin; null means all origins together."""
    return [
        (found.name, None, found.evaluation),
        *((feed, None, evaluation) for feed, evaluation in found.by_feed.items()),
        *((found.name, one.weeks.test[0], one.evaluation) for one in found.origins),
    ]


def _figures(found: Backtest) -> Iterator[dict[str, Any]]:
    for feed, origin, evaluation in list_evaluations(found):
        for one in evaluation.models:
            for title, measures in one.slices.items():
                key = {"feed": feed, "origin": origin, "model": one.model, "slice": title}
                yield {**key, **measures.model_dump()}


def _differences(found: Backtest) -> Iterator[dict[str, Any]]:
    for feed, origin, evaluation in list_evaluations(found):
        for one in evaluation.comparisons:
            yield {
                "feed": feed,
                "origin": origin,
                "other": one.other,
                **_flat("log_loss", one.log_loss),
                **_flat("auc", one.auc),
            }


def _flat(name: str, difference: Difference | None) -> dict[str, float | None]:
    if difference is None:
        return {name: None, f"{name}_low": None, f"{name}_high": None}
    return {name: difference.mean, f"{name}_low": difference.low, f"{name}_high": difference.high}


def _intervals(found: Backtest) -> Iterator[dict[str, Any]]:
    for feed, origin, evaluation in list_evaluations(found):
        if origin is not None or evaluation.intervals is None:
            continue
        figures = evaluation.intervals
        scopes = {
            "slice": figures.slices,
            "week": figures.weeks,
            "constant": {"all rows": figures.constant},
        }
        for scope, rows in scopes.items():
            for title, coverage in rows.items():
                yield {"feed": feed, "scope": scope, "title": title, **coverage.model_dump()}
