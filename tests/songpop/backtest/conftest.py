"""Boosting of a few trees on one thread, and few bootstrap samples."""

from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from threadpoolctl import threadpool_limits

from songpop.evaluate import baselines, report
from songpop.evaluate.clusters import ClusterBootstrap


@pytest.fixture(autouse=True, scope="module")
def _quick() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch, threadpool_limits(limits=1):
        patch.setattr(baselines, "MOST_TREES", 5)
        patch.setattr(baselines, "LEAVES", (4,))
        patch.setattr(baselines, "threadpool_limits", lambda **_: nullcontext())
        patch.setattr(
            report, "ClusterBootstrap", lambda a, w, seed: ClusterBootstrap(a, w, seed, 40)
        )
        yield
