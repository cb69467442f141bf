import threading

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from songpop.model.batches import map_in_threads


def test_results_keep_the_order_of_the_items() -> None:
    assert map_in_threads(lambda x: x * x, range(20)) == [x * x for x in range(20)]


def test_the_matrix_library_uses_one_thread_meanwhile_and_its_own_number_after() -> None:
    def threads_of_blas(_: object = None) -> set[int]:
        assert (np.ones((2, 2)) @ np.ones((2, 2))).sum() == 8
        return {p["num_threads"] for p in threadpool_info() if p["user_api"] == "blas"}

    before = threads_of_blas()

    assert map_in_threads(threads_of_blas, [0]) == [{1}]
    assert threads_of_blas() == before


def test_work_runs_outside_the_main_thread_and_errors_come_back() -> None:
    def fail(_: int) -> None:
        raise ZeroDivisionError(threading.current_thread().name)

    with pytest.raises(ZeroDivisionError, match="ThreadPoolExecutor"):
        map_in_threads(fail, [1])
