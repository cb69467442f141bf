"""Batches of rows, shared by two threads: numpy lets go of the interpreter while it computes."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from threadpoolctl import threadpool_limits

BATCH_ROWS_COUNT = 8192
"""Rows worked on at a time: enough to hide what a numpy call costs, few enough for the cache."""

THREADS_COUNT = 2
"""Threads that share the batches; no result depends on it."""

_T = TypeVar("_T")
_R = TypeVar("_R")


def map_in_threads(function: Callable[[_T], _R], items: Iterable[_T]) -> list[_R]:
    """Return *function* of each of *items*, in order, computed by two threads.

    The matrix library's own threads are switched off meanwhile: on matrices as small as a
    batch's they cost half as much processor time again and gain nothing.
    """
    with (
        threadpool_limits(limits=1, user_api="blas"),
        ThreadPoolExecutor(max_workers=THREADS_COUNT) as pool,
    ):
        return list(pool.map(function, items))
