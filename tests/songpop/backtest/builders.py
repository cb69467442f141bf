"""A small backtest of made-up predictions, judged as real ones are."""

import datetime as dt

import numpy as np
import polars as pl
from numpy.typing import NDArray

from songpop.backtest.plan import BacktestPlan
from songpop.backtest.run import Backtest, OriginFigures, judge
from songpop.splits import WeekBlocks

FIRST_WEEK = dt.date(2023, 1, 5)
NOISE = {"network": 0.4, "persistence": 1.2, "logistic": 0.8, "boosting": 0.41}
"""Spread of each model's log-odds about the truth's."""
TRACKS_COUNT = 60
TEST_WEEKS_COUNT = 3


def weeks_from(start: int, count: int) -> tuple[dt.date, ...]:
    return tuple(FIRST_WEEK + dt.timedelta(weeks=start + place) for place in range(count))


def make_backtest(
    feeds: tuple[str, ...] = ("charts_us", "charts_de"),
    origins_count: int = 2,
    noise: dict[str, float] | None = None,
    artist: str = "Artist",
) -> Backtest:
    """Return a backtest with *noise* by model; the less, the better the model."""
    blocks = [make_blocks(place) for place in range(origins_count)]
    parts = [
        make_predictions(feeds, weeks.test, NOISE | (noise or {}), artist).with_columns(
            pl.lit(weeks.test[0]).alias("origin")
        )
        for weeks in blocks
    ]
    predictions = pl.concat(parts)
    return Backtest(
        name="charts",
        feeds=tuple(sorted(feeds)),
        plan=BacktestPlan(),
        origins=tuple(
            OriginFigures(weeks, judge(part, 42)) for weeks, part in zip(blocks, parts, strict=True)
        ),
        evaluation=judge(predictions, 42),
        by_feed={
            feed: judge(predictions.filter(pl.col("feed") == feed), 42)
            for feed in (sorted(feeds) if len(feeds) > 1 else ())
        },
        predictions=predictions,
    )


def make_blocks(origin: int) -> WeekBlocks:
    start = origin * TEST_WEEKS_COUNT
    return WeekBlocks(
        fit=weeks_from(0, 10 + start),
        stop=weeks_from(14 + start, 2),
        calibrate=weeks_from(20 + start, 2),
        test=weeks_from(26 + start, TEST_WEEKS_COUNT),
    )


def make_predictions(
    feeds: tuple[str, ...], weeks: tuple[dt.date, ...], noise: dict[str, float], artist: str
) -> pl.DataFrame:
    keys = [
        (feed, week, track) for week in weeks for feed in feeds for track in range(TRACKS_COUNT)
    ]
    rng = np.random.default_rng(weeks[0].toordinal())
    count = len(keys)
    truth = rng.normal(-0.5, 2.0, count)
    outcome = rng.random(count)
    tracks = np.array([track for _, _, track in keys])
    return pl.DataFrame(
        {
            "feed": [feed for feed, _, _ in keys],
            "week": [week for _, week, _ in keys],
            "track_id": [f"t{track}" for track in tracks],
            "is_high": rng.random(count) < _probability(truth),
            "outcome_percentile": outcome,
            "artist": [f"{artist} {track % 23}" for track in tracks],
            "size": (tracks + 1) / TRACKS_COUNT,
            "today": (tracks + 1) / TRACKS_COUNT,
            "age_weeks": rng.exponential(60, count),
            "network": _probability(truth + rng.normal(0, noise["network"], count)),
            "constant": np.full(count, 0.4),
            **{
                name: _probability(truth + rng.normal(0, noise[name], count))
                for name in ("persistence", "logistic", "boosting")
            },
            "is_known_artist": tracks % 23 > 4,
            "outcome_low": np.clip(outcome + rng.normal(-0.15, 0.12, count), 0, 1),
            "outcome_high": np.clip(outcome + rng.normal(0.15, 0.12, count), 0, 1),
            "constant_low": np.full(count, 0.1),
            "constant_high": np.full(count, 0.9),
        }
    )


def _probability(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-logits))
