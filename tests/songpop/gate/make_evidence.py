"""Gate weeks of drawn tracks: labels from true log-odds, scores from what each model sees of them.

Tracks stay for the whole time and belong to artists, so rows of both resemble each other.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from songpop.evaluate.clusters import Difference
from songpop.gate import GateEvidence
from songpop.model.calibration import sigmoid
from songpop.settings import GateSettings
from tests.builders import week_number

QUICK = GateSettings(draws_count=200)
FIRST = 21
"""Number of the first gate week."""


def gap(mean: float, half_width: float = 0.01) -> Difference:
    """Return a difference with an interval of equal arms."""
    return Difference(mean=mean, low=mean - half_width, high=mean + half_width)


BEATEN = {"constant": gap(-0.2), "persistence": gap(-0.1), "logistic": gap(-0.02)}


def make_evidence(
    *,
    weeks: int = 26,
    rows: int = 200,
    seed: int = 0,
    blur: float = 1.0,
    **parts: object,
) -> GateEvidence:
    """Return evidence in which the challenger knows the truth.

    Args:
        weeks: gate weeks.
        rows: tracks a week.
        seed: of the draws.
        blur: standard deviation of what the champion's log-odds err by; 0: both are the same.
        parts: fields that are replaced.
    """
    rng = np.random.default_rng(seed)
    tracks = np.tile(np.arange(rows), weeks)
    odds = 2 * rng.normal(size=rows)[tracks] + 0.5 * rng.normal(size=weeks * rows)
    p = sigmoid(odds)
    fields: dict[str, object] = {
        "y": rng.random(p.size) < p,
        "champion": _blurred(odds, blur, rng) if blur else p,
        "challenger": p,
        "artists": tracks // 2,
        "weeks": pl.Series([week_number(FIRST + number // rows) for number in range(p.size)]),
        "age_weeks": pl.Series((tracks % 80).astype(np.float64)),
        "baselines": BEATEN,
        "champion_seen_until": week_number(FIRST - 4),
        "challenger_seen_until": week_number(FIRST - 4),
        "horizon_weeks": 4,
        **parts,
    }
    return GateEvidence(**fields)  # type: ignore[arg-type] - fields by name


def _blurred(
    odds: NDArray[np.float64], blur: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    # Shrunk by about as much as noise takes from a signal of variance 4.25: still calibrated.
    return sigmoid((odds + rng.normal(0, blur, odds.size)) * 4.25 / (4.25 + blur**2))


def worsen(evidence: GateEvidence, mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the challenger's scores, those of some rows shuffled."""
    rng = np.random.default_rng(1)
    p = evidence.challenger.copy()
    p[mask] = rng.permutation(p[mask])
    return p


def shift(evidence: GateEvidence, by: float, slope: float = 1.0) -> NDArray[np.float64]:
    """Return the challenger's scores with their log-odds stretched and moved."""
    p = evidence.challenger
    return sigmoid(slope * np.log(p / (1 - p)) + by)
