"""What reasons and their words cost, against scoring alone, in one process."""

import datetime as dt
import statistics
import time
from collections.abc import Callable

import numpy as np
import polars as pl

from songpop.formats.registry import load_formats
from songpop.model.calibration import Calibration
from songpop.model.conformal import Conformal
from songpop.model.fit_inputs import fit_inputs
from songpop.model.scorer import Scorer
from songpop.reasons.words import add_words
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


def compare_explain(tracks_count: int, runs_count: int) -> list[str]:
    """Return the table of explaining a large week against scoring it, taken in turn."""
    features = make_large_week(tracks_count)
    lines = [
        f"### Reasons in words for {tracks_count:,} tracks, in one process",
        "",
        f"| networks | inputs | scores s | with reasons s | ratio (at most {MOST_RATIO:g}) |",
        "|---|---:|---:|---:|---:|",
    ]
    for members in (1, 3):
        scorer = make_scorer(features, members)

        def score(scorer: Scorer = scorer) -> None:
            scorer.score(features, with_reasons=False)

        def explain(scorer: Scorer = scorer) -> None:
            add_words(scorer.score(features), features, _SPEC)

        plain, full = _alternate(runs_count, score, explain)
        ratio = statistics.median(f / p for p, f in zip(plain, full, strict=True))
        lines.append(
            f"| {members} | {len(scorer.inputs.specs)} | {statistics.median(plain):.2f} | "
            f"{statistics.median(full):.2f} | {ratio:.2f} |"
        )
    return [*lines, ""]


def _alternate(runs_count: int, *works: Callable[[], None]) -> list[list[float]]:
    """Return the seconds of each work, run in turn after one uncounted run each."""
    seconds: list[list[float]] = [[] for _ in works]
    for turn in range(runs_count + 1):
        for work, own in zip(works, seconds, strict=True):
            started = time.perf_counter()
            work()
            if turn:
                own.append(time.perf_counter() - started)
    return seconds


if __name__ == "__main__":
    print("\n".join(compare_explain(1_000_000, 5)))  # noqa: T201 - a command line prints
