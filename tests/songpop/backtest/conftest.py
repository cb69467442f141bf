"""Boosting of a few trees on one thread, and few bootstrap samples."""

from collections.abc import Iterator

import pytest
from threadpoolctl import threadpool_limits

from songpop.evaluate import baselines, report
from tests.songpop.evaluate.builders import draw_few, leave_threads


@pytest.fixture(autouse=True, scope="module")
def _quick() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch, threadpool_limits(limits=1):
        patch.setattr(baselines, "MOST_TREES", 5)
        patch.setattr(baselines, "LEAVES", (4,))
        patch.setattr(baselines, "threadpool_limits", leave_threads)
        patch.setattr(report, "ClusterBootstrap", draw_few)
        yield
