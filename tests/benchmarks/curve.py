"""How many rows a network should learn from: its loss on weeks that it has not seen, by rows."""

import time
from typing import Final

import numpy as np
from numpy.typing import NDArray

from songpop.evaluate.clusters import ClusterBootstrap
from songpop.evaluate.report import number_groups
from songpop.model.metrics import auc, log_loss
from songpop.model.train import calibrate, fit_networks, prepare_network
from songpop.settings import TrainingSettings
from songpop.training.gather import TrainingSet
from tests.benchmarks.histories import Shape, gather_history

SIZES: Final = (6_250, 12_500, 25_000, 50_000, 100_000, 200_000, 400_000)
SHIPPED: Final = TrainingSettings().max_rows
_SHAPE: Final = Shape(40_000, 32, 4)
_HISTORY_SEED: Final = 11
_ONE_PENALTY: Final = TrainingSettings(l2_grid=(0.001,), slower_rates=())
"""As shipped, but for one λ at one rate: what differs is rows."""

Floats = NDArray[np.float64]


def draw_curve() -> list[str]:
    """Return the table: rows, log loss and AUC on the test weeks, and how far from the shipped."""
    history = gather_history(_SHAPE, _HISTORY_SEED)
    test = history.blocks.test
    y = history.labels[test].get_column("is_high").to_numpy()
    fitted = {rows: _fit(history, rows) for rows in SIZES if rows <= history.blocks.fit.size}
    shipped, _ = fitted[SHIPPED]
    facts, weeks = history.facts[test], history.labels[test].select("week")
    draws = ClusterBootstrap(
        number_groups(facts.select("artist")), number_groups(weeks), seed=_HISTORY_SEED
    )
    lines = [
        (
            f"A simulated feed of {_SHAPE.tracks:,} tracks, {_SHAPE.weeks} weeks; "
            f"{history.blocks.fit.size:,} rows to fit on, {test.size:,} of the last to test on."
        ),
        "",
        f"| rows fitted on | s | log loss | AUC | log loss less that of {SHIPPED:,}, 95 % |",
        "|---:|---:|---:|---:|---|",
    ]
    for rows, (p, seconds) in fitted.items():
        more = draws.compare_log_loss(y, p, shipped)
        lines.append(
            f"| {rows:,} | {seconds:.0f} | {log_loss(y, p):.4f} | {auc(y, p):.4f} | "
            f"{more.mean:+.4f} [{more.low:+.4f}, {more.high:+.4f}] |"
        )
    return [*lines, ""]


def _fit(history: TrainingSet, rows_count: int) -> tuple[Floats, float]:
    """Return the scores of the test block, and the seconds that fitting took."""
    settings = _ONE_PENALTY.model_copy(update={"max_rows": rows_count})
    parts = (history.features, history.labels, history.blocks)
    started = time.perf_counter()
    fitted = fit_networks(prepare_network(*parts, settings), settings)
    seconds = time.perf_counter() - started
    scorer = calibrate(fitted, *parts, settings).scorer()
    scored = scorer.score(history.features[history.blocks.test], with_reasons=False)
    return scored.get_column("score").to_numpy(), seconds
