"""From a model's outputs to the rows of mart.weekly_scores."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import duckdb

from songpop.registry import ModelVersion
from songpop.warehouse.frames import registered_parts
from songpop.warehouse.parts import Parts
from songpop.warehouse.sqlfiles import read_sql

HIGH_FROM_SCORE: Final = 0.5
"""Calibrated probability from which on a track's potential is called high."""


@dataclass(frozen=True)
class Stamp:
    """Who scored, and when."""

    run_id: str
    scored_at: dt.datetime


def insert_scores(
    con: duckdb.DuckDBPyConnection,
    key: Mapping[str, object],
    scores: Parts,
    model: ModelVersion,
    stamp: Stamp,
) -> None:
    """Rank a week's scores and write them to mart.weekly_scores, in order of rank.

    ``rank`` counts from 1 at the highest score, ties in the order of track_id; ``percentile`` is
    the share of the week's tracks that rank no higher, in (0, 1].

    Args:
        con: the writer's connection, inside the week's transaction.
        key: feed and week.
        scores: the table of ``scored_schema``, one row per track_id of the week.
        model: the version that scored.
        stamp: written to each row.
    """
    with registered_parts(con, "scored_tracks", scores):
        con.execute(
            read_sql("load/insert_scores"),
            {
                **key,
                "run_id": stamp.run_id,
                "scored_at": stamp.scored_at,
                "is_provisional": model.is_provisional,
                "model_version": model.version,
                "model_warning": model.warning,
                "high_from": HIGH_FROM_SCORE,
            },
        )
