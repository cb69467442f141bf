"""From a model's outputs to the rows of mart.weekly_scores."""

import datetime as dt
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import duckdb

from songpop.registry import ModelVersion
from songpop.warehouse.frames import registered, registered_files
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
        scores: rows of ``scored_schema``, one per track_id of the week.
        model: the version that scored.
        stamp: written to each row.
    """
    with _ranked(con, scores):
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
                "tracks_count": scores.height,
            },
        )


@contextmanager
def _ranked(con: duckdb.DuckDBPyConnection, scores: Parts) -> Generator[None]:
    """Let the statements of the block read ``scored_tracks``: *scores* with and by their rank.

    One part is sorted in memory, and then written on every core. Of several DuckDB sorts on disk
    what its memory limit does not hold.
    """
    if scores.frame is not None:
        by_rank = scores.frame.sort("score", "track_id", descending=[True, False])
        with registered(con, "scored_tracks", by_rank.with_row_index("rank", offset=1)):
            yield
        return
    with registered_files(con, "scored_files", scores.files):
        con.execute(read_sql("load/rank_scores"))
        yield
        con.execute("drop view scored_tracks")
