"""Tasks for baselines: rows of twelve weeks whose label follows their features."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from songpop.evaluate.baselines import Task
from songpop.evaluate.clusters import ClusterBootstrap
from songpop.model.blocks import Blocks
from songpop.model.fit_inputs import fit_inputs
from tests.songpop.model.builders import make_blocks, make_features, make_labels, quick_settings

ROWS = 1_200


def leave_threads(limits: int) -> AbstractContextManager[int]:
    """Stand in for ``threadpool_limits``: the test has set them."""
    return nullcontext(limits)


def draw_few(artists: NDArray[np.intp], weeks: NDArray[np.intp], seed: int) -> ClusterBootstrap:
    """Return a bootstrap of forty samples."""
    return ClusterBootstrap(artists, weeks, seed, draws_count=40)


def make_task(rows: int = ROWS, blocks: Blocks | None = None) -> Task:
    """Return a task of twelve weeks; today's percentile says half of what the features say."""
    features = make_features(rows, weeks=12)
    blocks = blocks or make_blocks(rows)
    streams = features.get_column("streams_count__log")
    return Task(
        features=features,
        y=make_labels(features).get_column("is_high").to_numpy(),
        facts=pl.DataFrame(
            {
                "artist": [f"a{number % 50}" for number in range(rows)],
                "size": streams.rank() / rows,
                "today": streams.rank() / rows,
                "age_weeks": features.get_column("age_days__log").cast(pl.Float64),
            }
        ),
        blocks=blocks,
        inputs=fit_inputs(features[blocks.fit]),
        settings=quick_settings(),
    )


def flip(task: Task, rows: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Task:
    """Return *task* with the labels of some rows turned round."""
    y = task.y.copy()
    y[rows] = ~y[rows]
    return replace(task, y=y)
