import threading
from collections.abc import Iterator

import pytest

from songpop.ingest.prefetch import read_ahead


def test_items_come_in_order_and_one_is_prepared_ahead() -> None:
    made: list[int] = []
    is_third = threading.Event()

    def make() -> Iterator[int]:
        for number in range(4):
            made.append(number)
            if number == 1:
                is_third.set()
            yield number

    items = read_ahead(make())

    assert next(items) == 0
    assert is_third.wait(timeout=10)
    assert list(items) == [1, 2, 3]
    assert made == [0, 1, 2, 3]


def test_what_the_source_raises_is_raised() -> None:
    def fail() -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    items = read_ahead(fail())

    assert next(items) == 1
    with pytest.raises(ValueError, match="broken"):
        next(items)


def test_source_is_closed_where_the_caller_stops_early() -> None:
    closed: list[bool] = []

    def make() -> Iterator[int]:
        try:
            yield from range(100)
        finally:
            closed.append(True)

    items = read_ahead(make())
    next(items)
    items.close()  # type: ignore[attr-defined] - a generator

    assert closed == [True]
