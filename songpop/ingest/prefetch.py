"""Working ahead: later pieces are prepared by other threads while an earlier one is used."""

from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from typing import Final, TypeVar, cast

WORKERS_COUNT: Final = 2
"""Typing takes about twice as long as finding the records."""
_AHEAD_COUNT: Final = 4

T = TypeVar("T")
U = TypeVar("U")


def map_ahead(function: Callable[[T], U], items: Iterator[T]) -> Iterator[U]:
    """Yield what *function* makes of each item, in order, some of it computed in advance.

    What *function* and *items*, a generator, raise is raised here. The generator is closed at the
    end, also where the caller stops early. At most six items are held at a time.
    """
    generator = cast("Generator[T]", items)
    waiting: deque[Future[U]] = deque()
    with closing(generator), ThreadPoolExecutor(WORKERS_COUNT, "ahead") as pool:
        for item in generator:
            waiting.append(pool.submit(function, item))
            if len(waiting) > _AHEAD_COUNT:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
