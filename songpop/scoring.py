"""From a model's outputs to the rows of mart.weekly_scores."""

import datetime as dt
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import duckdb
import numpy as np
import polars as pl

from songpop.registry import ModelVersion
from songpop.warehouse.frames import ROW_GROUP_ROWS, registered, registered_stream
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
        scores: rows of ``scored_schema``, one per track_id of the week; several parts are each
            ``sort_by_rank``, and divide the tracks in the order of track_id.
        model: the version that scored.
        stamp: written to each row.
    """
    params = {
        **key,
        "run_id": stamp.run_id,
        "scored_at": stamp.scored_at,
        "is_provisional": model.is_provisional,
        "model_version": model.version,
        "model_warning": model.warning,
        "high_from": HIGH_FROM_SCORE,
        "tracks_count": scores.height,
    }
    with _ranked(con, scores):
        con.execute(read_sql("load/insert_scores"), params)


def sort_by_rank(scores: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of a week, or of a part of it, the first to rank first."""
    return scores.sort("score", "track_id", descending=[True, False])


@contextmanager
def _ranked(con: duckdb.DuckDBPyConnection, scores: Parts) -> Generator[None]:
    """Let the statement of the block read ``scored_tracks``: *scores* with and by their rank."""
    if scores.frame is None:
        coming = registered_stream(con, "scored_tracks", _merge_by_rank(scores, ROW_GROUP_ROWS))
    else:
        ranked = sort_by_rank(scores.frame).with_row_index("rank", offset=1)
        coming = registered(con, "scored_tracks", ranked)
    with coming:
        yield


def _merge_by_rank(scores: Parts, rows_count: int) -> Iterator[pl.DataFrame]:
    """Yield the rows of parts in files with and by their rank, *rows_count* at a time.

    Each part is in that order itself, so what comes next is a slice of each; which rows these are,
    the scores alone decide: among equal ones those of an earlier part come first.
    """
    places = np.argsort(-scores.column("score").to_numpy(), kind="stable")
    ends = np.cumsum(scores.heights)
    taken = np.zeros(scores.count, dtype=np.int64)
    for first in range(0, scores.height, rows_count):
        parts = np.searchsorted(ends, places[first : first + rows_count], side="right")
        counts = np.bincount(parts, minlength=scores.count)
        slices = [
            scores.slice(number, int(taken[number]), int(counts[number]))
            for number in np.flatnonzero(counts).tolist()
        ]
        taken += counts
        rows = pl.concat(slices).sort("score", descending=True, maintain_order=True)
        yield rows.with_row_index("rank", offset=first + 1)
