"""Profiles in the warehouse: written with the week, read back for later ones."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final

import duckdb
import numpy as np
import polars as pl

from songpop.drift.bins import AGE_GROUPS_COUNT, CHANGE_BINS, LEVEL_BINS, Counts
from songpop.drift.performance import SCORE_BINS, MaturedLoss, ScoreProfile
from songpop.drift.profile import ColumnProfile, WeekProfile
from songpop.warehouse.frames import registered
from songpop.warehouse.sqlfiles import read_sql

_COLUMN_SCHEMA: Final = {
    "column_name": pl.String(),
    "place": pl.Int32(),
    "missing_count": pl.Int64(),
    "lost_count": pl.Int64(),
    "gained_count": pl.Int64(),
    "compared_count": pl.Int64(),
    "equal_count": pl.Int64(),
    "fallen_count": pl.Int64(),
    "median_log_ratio": pl.Float64(),
    "level_cells": pl.List(pl.Int32()),
    "level_counts": pl.List(pl.Int64()),
    "change_cells": pl.List(pl.Int32()),
    "change_counts": pl.List(pl.Int64()),
    "associations": pl.List(pl.Float64()),
}
_COUNT_FIELDS: Final = (
    "missing_count",
    "lost_count",
    "gained_count",
    "compared_count",
    "equal_count",
    "fallen_count",
    "median_log_ratio",
)


def write_profile(
    con: duckdb.DuckDBPyConnection, feed: str, profile: WeekProfile, *, is_accepted: bool
) -> None:
    """Store a week's profile; one that is there is replaced.

    Args:
        con: the writer's connection, inside the week's transaction.
        feed: the feed.
        profile: of the week.
        is_accepted: whether the week was loaded; a quarantined one serves no reference.
    """
    key = {"feed": feed, "week": profile.week}
    for name in ("delete_profile", "delete_column_profiles"):
        con.execute(read_sql(f"drift/{name}"), key)
    con.execute(
        read_sql("drift/insert_profile"),
        {
            **key,
            "before_week": profile.before_week,
            "is_accepted": is_accepted,
            "rows_count": profile.rows_count,
            "tracks_count": profile.tracks_count,
            "common_count": profile.common_count,
            "ages": profile.ages.tolist(),
        },
    )
    rows = [_as_row(column, place) for place, column in enumerate(profile.columns.values())]
    with registered(con, "profiled_columns", pl.DataFrame(rows, schema=_COLUMN_SCHEMA)):
        con.execute(read_sql("drift/insert_column_profiles"), key)


def read_profile(con: duckdb.DuckDBPyConnection, feed: str, week: dt.date) -> WeekProfile | None:
    """Return the stored profile of a week; null where there is none."""
    key = {"feed": feed, "week": week}
    row = con.execute(read_sql("drift/read_profile"), key).fetchone()
    if row is None:
        return None
    before_week, rows_count, tracks_count, common_count, ages = row
    columns = con.execute(read_sql("drift/read_column_profiles"), key).pl()
    profiles = [_from_row(column) for column in columns.iter_rows(named=True)]
    return WeekProfile(
        week=week,
        before_week=before_week,
        rows_count=rows_count,
        tracks_count=tracks_count,
        common_count=common_count,
        ages=np.array(ages, dtype=np.int64),
        columns={profile.name: profile for profile in profiles},
    )


def list_profiled(
    con: duckdb.DuckDBPyConnection, feed: str, week: dt.date
) -> list[tuple[dt.date, bool]]:
    """Return the weeks of a feed before *week* that have a profile, and whether each was loaded."""
    return con.execute(read_sql("drift/profiled_weeks"), {"feed": feed, "week": week}).fetchall()


def write_scores(con: duckdb.DuckDBPyConnection, feed: str, profile: ScoreProfile) -> None:
    """Store what a model said of a week; what is there is replaced."""
    key = {"feed": feed, "week": profile.week}
    con.execute(read_sql("drift/delete_score_profiles"), key)
    cells, counts = _sparse(profile.counts)
    con.execute(
        read_sql("drift/insert_score_profile"),
        {
            **key,
            "model_version": profile.model_version,
            "cells": cells,
            "counts": counts,
            "estimated_loss": profile.estimated_loss,
        },
    )


def read_scores(
    con: duckdb.DuckDBPyConnection, feed: str, week: dt.date, model_version: str
) -> list[ScoreProfile]:
    """Return what a model said of the weeks before *week*, oldest first."""
    rows = con.execute(
        read_sql("drift/read_score_profiles"),
        {"feed": feed, "week": week, "model_version": model_version},
    ).fetchall()
    return [
        ScoreProfile(earlier, version, _dense(cells, counts, 1, SCORE_BINS), loss)
        for earlier, version, cells, counts, loss in rows
    ]


def write_losses(
    con: duckdb.DuckDBPyConnection, feed: str, week: dt.date, losses: Iterable[MaturedLoss]
) -> None:
    """Store what *week* showed of the weeks before it; what is there is replaced."""
    con.execute(read_sql("drift/delete_matured_losses"), {"feed": feed, "week": week})
    for loss in losses:
        con.execute(
            read_sql("drift/insert_matured_loss"),
            {
                "feed": feed,
                "week": loss.week,
                "matured_week": week,
                "model_version": loss.model_version,
                "excess": loss.excess,
                "standard_error": loss.standard_error,
                "rows_count": loss.rows_count,
            },
        )


def read_losses(
    con: duckdb.DuckDBPyConnection, feed: str, week: dt.date, model_version: str
) -> list[MaturedLoss]:
    """Return how a model did on weeks whose labels matured before *week*, oldest first."""
    rows = con.execute(
        read_sql("drift/read_matured_losses"),
        {"feed": feed, "week": week, "model_version": model_version},
    ).fetchall()
    return [MaturedLoss(*row) for row in rows]


def _as_row(column: ColumnProfile, place: int) -> dict[str, Any]:
    level_cells, level_counts = _sparse(column.level)
    change_cells, change_counts = _sparse(column.change)
    return {
        "column_name": column.name,
        "place": place,
        **{name: getattr(column, name) for name in _COUNT_FIELDS},
        "level_cells": level_cells,
        "level_counts": level_counts,
        "change_cells": change_cells,
        "change_counts": change_counts,
        "associations": [
            None if np.isnan(value) else value for value in column.associations.tolist()
        ],
    }


def _from_row(row: dict[str, Any]) -> ColumnProfile:
    return ColumnProfile(
        name=row["column_name"],
        **{name: row[name] for name in _COUNT_FIELDS},
        level=_dense(row["level_cells"], row["level_counts"], AGE_GROUPS_COUNT, LEVEL_BINS),
        change=_dense(row["change_cells"], row["change_counts"], AGE_GROUPS_COUNT, CHANGE_BINS),
        associations=np.array(row["associations"], dtype=np.float64),
    )


def _sparse(counts: Counts) -> tuple[list[int], list[int]]:
    """Return the cells that hold something, numbered row by row, and what they hold."""
    flat = counts.ravel()
    cells = np.flatnonzero(flat)
    return cells.tolist(), flat[cells].tolist()


def _dense(cells: list[int], counts: list[int], groups: int, bins: int) -> Counts:
    flat = np.zeros(groups * bins, dtype=np.int64)
    flat[cells] = counts
    return flat.reshape(groups, bins)
