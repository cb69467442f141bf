"""Reading ahead: the next piece is prepared while the last one is written."""

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TypeVar, cast

T = TypeVar("T")


def read_ahead(items: Iterator[T]) -> Iterator[T]:
    """Yield the items in order, each prepared in a second thread while the one before is used.

    What *items*, a generator, raises is raised here. It is closed at the end, also where the
    caller stops early.
    """
    end = object()
    generator = cast("Generator[T]", items)
    with closing(generator), ThreadPoolExecutor(1, "read-ahead") as pool:
        coming = pool.submit(next, items, end)
        while (item := coming.result()) is not end:
            coming = pool.submit(next, items, end)
            yield cast("T", item)
