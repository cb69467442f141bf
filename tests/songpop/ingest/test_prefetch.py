import threading
from collections.abc import Iterator

import pytest

from songpop.ingest.prefetch import map_ahead


def double(number: int) -> int:
    return number * 2


def test_results_come_in_order_whichever_is_ready_first() -> None:
    is_second_done = threading.Event()

    def wait_for_second(number: int) -> int:
        if number == 0:
            assert is_second_done.wait(timeout=10)
        if number == 1:
            is_second_done.set()
        return number

    assert list(map_ahead(wait_for_second, (n for n in range(3)))) == [0, 1, 2]


def test_few_items_are_held_at_a_time() -> None:
    made: list[int] = []

    def make() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            yield number

    results = map_ahead(double, make())

    assert next(results) == 0
    assert len(made) == 5
    assert list(results) == [2 * number for number in range(1, 100)]


def test_what_the_source_raises_is_raised() -> None:
    def fail() -> Iterator[int]:
        yield 1
        raise ValueError("broken source")

    with pytest.raises(ValueError, match="broken source"):
        list(map_ahead(double, fail()))


def test_what_the_function_raises_is_raised_and_the_source_closed() -> None:
    closed: list[bool] = []

    def make() -> Iterator[int]:
        try:
            yield from range(100)
        finally:
            closed.append(True)

    def fail(number: int) -> int:
        raise ValueError(f"broken {number}")

    with pytest.raises(ValueError, match="broken 0"):
        list(map_ahead(fail, make()))
    assert closed == [True]


def test_source_is_closed_where_the_caller_stops_early() -> None:
    closed: list[bool] = []

    def make() -> Iterator[int]:
        try:
            yield from range(100)
        finally:
            closed.append(True)

    results = map_ahead(double, make())
    next(results)
    results.close()  # type: ignore[attr-defined] - a generator

    assert closed == [True]
