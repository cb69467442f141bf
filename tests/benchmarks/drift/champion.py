"""A stand-in for the champion: what drift is told by scores and by matured labels.

A logistic regression on logarithms, their change in a week, gaps and age, fitted to DESIGN's label
``level``: whether a track is in the upper half by Track Score four weeks later. The networks of a
real warehouse would take hours for as many histories; the checks are songpop's own.
"""

import datetime as dt
from collections import deque
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from sklearn.linear_model import LogisticRegression

from songpop.drift.performance import (
    MaturedLoss,
    ScoreProfile,
    judge_loss,
    judge_scores,
    measure_loss,
    profile_scores,
)
from songpop.drift.profile import thin_tracks
from songpop.drift.verdict import Verdict
from songpop.formats.registry import load_formats
from songpop.settings import DriftSettings

HORIZON_WEEKS: Final = 4
FIRST_FIT_WEEK: Final = 12
"""Eight weeks have matured by then, as DESIGN asks of a network."""
REFIT_WEEKS: Final = 13
FIT_WEEKS: Final = 8
MOST_FITTED: Final = 5_000
"""Tracks a week that it learns from."""
MOST_SCORED: Final = 20_000
"""Tracks a week that it scores, chosen by key, so that large tables cost no more."""

_SPEC: Final = load_formats()["chartmetric"]
_METRICS: Final = tuple(m.name for m in _SPEC.metrics if m.name != "tidal_popularity_index")
_SIZE: Final = "track_score"

Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Inputs:
    """What one week gives the model.

    Attributes:
        number: of the week, counted from 1.
        week: the day that ends it.
        track_ids: (n,) String.
        artists: (n,) number of each row's artist.
        x: (n, k) inputs, no NaN.
        scores: (n,) probabilities; empty before a first model.
        version: who gave them.
    """

    number: int
    week: dt.date
    track_ids: pl.Series
    artists: npt.NDArray[np.int64]
    x: Floats
    scores: Floats
    version: str


@dataclass(frozen=True, eq=False)
class _Model:
    version: str
    centre: Floats
    spread: Floats
    logistic: LogisticRegression

    def score(self, x: Floats) -> Floats:
        return self.logistic.predict_proba((x - self.centre) / self.spread)[:, 1]


@dataclass
class Champion:
    """Learns in week 12 and every 13 weeks after, scores each week, meets its labels.

    ``copy`` gives one whose future is its own.
    """

    number: int = 0
    model: _Model | None = None
    trained_on: tuple[dt.date, ...] = ()
    pending: deque[Inputs] = field(default_factory=lambda: deque[Inputs](maxlen=HORIZON_WEEKS + 1))
    learned: deque[tuple[dt.date, Floats, Booleans]] = field(
        default_factory=lambda: deque[tuple[dt.date, Floats, Booleans]](maxlen=FIT_WEEKS)
    )
    profiles: tuple[ScoreProfile, ...] = ()
    losses: tuple[MaturedLoss, ...] = ()

    def copy(self) -> "Champion":
        """Return a champion with the same past."""
        return Champion(
            self.number,
            self.model,
            self.trained_on,
            self.pending.copy(),
            self.learned.copy(),
            self.profiles,
            self.losses,
        )

    def judge(
        self, week: pl.DataFrame, before: pl.DataFrame | None, settings: DriftSettings
    ) -> list[Verdict]:
        """Score an accepted week, meet the labels that mature in it, and judge both.

        Args:
            week: TrackWeeks.
            before: TrackWeeks of the last accepted week.
            settings: thresholds.
        """
        self.number += 1
        self._remember(_make_inputs(self.number, week, before, self.model))
        verdicts = self._judge_scores(settings)
        verdicts += self._mature(week, settings)
        if (self.number - FIRST_FIT_WEEK) % REFIT_WEEKS == 0 and self.number >= FIRST_FIT_WEEK:
            self._fit()
        return verdicts

    def skip(self) -> None:
        """A quarantined week has no scores, and the labels that it would have shown are lost."""
        self.number += 1

    def _remember(self, inputs: Inputs) -> None:
        self.pending.append(inputs)

    def _judge_scores(self, settings: DriftSettings) -> list[Verdict]:
        inputs = self.pending[-1]
        if not inputs.scores.size:
            return []
        now = profile_scores(inputs.week, inputs.version, inputs.scores)
        earlier = [one for one in self.profiles if one.model_version == now.model_version]
        self.profiles = (*self.profiles, now)[-REFIT_WEEKS:]
        return judge_scores(now, earlier, settings)

    def _mature(self, week: pl.DataFrame, settings: DriftSettings) -> list[Verdict]:
        then = next(
            (one for one in self.pending if one.number == self.number - HORIZON_WEEKS), None
        )
        if then is None:
            return []
        is_high = _is_high(then.track_ids, week)
        few = slice(0, MOST_FITTED)
        self.learned.append((then.week, then.x[few], is_high[few]))
        if not then.scores.size:
            return []
        loss = measure_loss(then.week, then.version, then.scores, is_high, then.artists)
        earlier = [one for one in self.losses if one.model_version == loss.model_version]
        self.losses = (*self.losses, loss)[-REFIT_WEEKS:]
        return [judge_loss(loss, earlier, settings)]

    def _fit(self) -> None:
        x = np.concatenate([inputs for _, inputs, _ in self.learned])
        y = np.concatenate([is_high for _, _, is_high in self.learned])
        centre, spread = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-6)
        logistic = LogisticRegression(max_iter=300).fit((x - centre) / spread, y)
        self.model = _Model(f"stand-in-{self.number}", centre, spread, logistic)
        self.trained_on = tuple(week for week, _, _ in self.learned)


def _make_inputs(
    number: int, week: pl.DataFrame, before: pl.DataFrame | None, model: _Model | None
) -> Inputs:
    rows = thin_tracks(week, -(-week.height // MOST_SCORED))
    earlier = rows.select("track_id")
    if before is not None:
        earlier = earlier.join(
            before.select("track_id", *_METRICS), on="track_id", how="left", maintain_order="left"
        )
    days = rows.select((pl.col("week") - pl.col("release_date")).dt.total_days()).to_series()
    parts = [np.log1p(days.cast(pl.Float64).to_numpy())]
    for name in _METRICS:
        now = _log(rows.get_column(name))
        then = _log(earlier.get_column(name)) if before is not None else np.full(now.size, np.nan)
        parts += [np.nan_to_num(now), np.isnan(now).astype(np.float64), np.nan_to_num(now - then)]
    x = np.column_stack(parts)
    return Inputs(
        number=number,
        week=week.item(0, "week"),
        track_ids=rows.get_column("track_id"),
        artists=rows.get_column("artist_name").rank("dense").cast(pl.Int64).to_numpy(),
        x=x,
        scores=np.empty(0) if model is None else model.score(x),
        version="" if model is None else model.version,
    )


def _log(values: pl.Series) -> Floats:
    return np.log1p(values.cast(pl.Float64).fill_null(np.nan).to_numpy())


def _is_high(track_ids: pl.Series, later: pl.DataFrame) -> Booleans:
    """Return whether each track is in the upper half by Track Score; absent counts as not."""
    ranks = later.select("track_id", rank=pl.col(_SIZE).fill_null(0.0).rank())
    upper = ranks.filter(pl.col("rank") > ranks.height / 2).get_column("track_id")
    return track_ids.is_in(upper.implode()).to_numpy()
