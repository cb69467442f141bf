"""What reasons and their words cost, against scoring alone, in one process."""

import datetime as dt
import statistics
import time
from collections.abc import Callable, Sequence

import numpy as np
import polars as pl

from songpop.formats.registry import load_formats
from songpop.model.calibration import Calibration
from songpop.model.conformal import Conformal
from songpop.model.fit_inputs import fit_inputs
from songpop.model.scorer import Scorer
from songpop.reasons.words import add_words
from tests.benchmarks.limits import ExceededError
from tests.songpop.model.builders import make_stack

MOST_RATIO = 4.0
"""DESIGN: 1 M tracks are explained in at most so many times the time of scoring them."""

_SPEC = load_formats()["chartmetric"]
_DERIVATIONS = ("log", "rate", "growth_1w", "growth_4w")
_FIT_ROWS_COUNT = 20_000
_HIDDEN_UNITS = (128, 64, 32, 16)


def make_large_week(tracks_count: int) -> pl.DataFrame:
    """Return Features of a chartmetric week: 80 of its metrics' and the age, a fifth missing."""
    rng = np.random.default_rng(5)
    age_days = rng.gamma(2, 400, tracks_count).astype(np.int64)
    columns = {"age_days__log": np.log1p(age_days).astype(np.float32)}
    for metric in _SPEC.metrics[:20]:
        for derivation in _DERIVATIONS:
            values = rng.normal(10, 3, tracks_count).astype(np.float32)
            if derivation == "growth_4w":
                values = np.where(rng.random(tracks_count) < 0.2, np.float32("nan"), values - 10)
            columns[f"{metric.name}__{derivation}"] = values
    keys = pl.int_range(tracks_count, eager=True).cast(pl.String).str.zfill(9)
    return pl.DataFrame(
        {
            "feed": pl.repeat("bench", tracks_count, eager=True),
            "week": pl.repeat(dt.date(2024, 6, 13), tracks_count, eager=True),
            "track_id": keys,
            **columns,
        }
    )


def make_scorer(features: pl.DataFrame, members: int) -> Scorer:
    """Return an ensemble of random networks of the design's size."""
    inputs = fit_inputs(features[:_FIT_ROWS_COUNT])
    sizes = (len(inputs.specs), *_HIDDEN_UNITS, 1)
    stacks = tuple(make_stack(sizes, seed) for seed in range(members))
    return Scorer(inputs, stacks, Calibration(), Conformal())


def compare_explain(tracks_count: int, runs_count: int, heading: Sequence[str] = ()) -> list[str]:
    """Return the table of explaining a large week against scoring it, taken in turn.

    Raises:
        ExceededError: explaining takes more than ``MOST_RATIO`` times as long as scoring.
    """
    features = make_large_week(tracks_count)
    lines = [
        *heading,
        f"### Reasons in words for {tracks_count:,} tracks, in one process",
        "",
        f"| networks | inputs | scores s | with reasons s | ratio (at most {MOST_RATIO:g}) |",
        "|---|---:|---:|---:|---:|",
    ]
    worst = 0.0
    for members in (1, 3):
        scorer = make_scorer(features, members)
        plain, full = time_explaining(scorer, features, runs_count)
        ratio = statistics.median(f / p for p, f in zip(plain, full, strict=True))
        lines.append(
            f"| {members} | {len(scorer.inputs.specs)} | {statistics.median(plain):.2f} | "
            f"{statistics.median(full):.2f} | {ratio:.2f} |"
        )
        worst = max(worst, ratio)
    if worst > MOST_RATIO:
        message = f"explaining takes {worst:.2f} times as long as scoring, over {MOST_RATIO:g}"
        raise ExceededError(message, [*lines, ""])
    return [*lines, ""]


def time_explaining(
    scorer: Scorer,
    features: pl.DataFrame,
    runs_count: int,
    clock: Callable[[], float] = time.perf_counter,
) -> tuple[list[float], list[float]]:
    """Return the seconds by *clock* of scoring alone, and of scoring with reasons in words."""

    def score() -> None:
        scorer.score(features, with_reasons=False)

    def explain() -> None:
        add_words(scorer.score(features), features, _SPEC)

    plain, full = _alternate(runs_count, clock, score, explain)
    return plain, full


def _alternate(
    runs_count: int, clock: Callable[[], float], *works: Callable[[], None]
) -> list[list[float]]:
    """Return the seconds of each work, run in turn after one uncounted run each."""
    seconds: list[list[float]] = [[] for _ in works]
    for turn in range(runs_count + 1):
        for work, own in zip(works, seconds, strict=True):
            started = clock()
            work()
            if turn:
                own.append(clock() - started)
    return seconds


if __name__ == "__main__":
    print("\n".join(compare_explain(1_000_000, 5)))  # noqa: T201 - a command line prints
