"""How close simulated weeks are to the real snapshot: gaps, quantiles, rank correlations."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from songpop.drift.association import rank_associations
from songpop.formats.registry import load_formats
from songpop.reproduce.read import read_rows
from songpop.settings import IngestSettings
from songpop.simulate import simulate_weeks
from songpop.simulate.columns import METRICS
from tests.benchmarks.drift.store import RECORDS
from tests.real_data import ROOT

SNAPSHOT: Final = "chartmetric_2024/top_songs.csv"
SNAPSHOT_WEEK: Final = dt.date(2024, 6, 15)
TRACKS: Final = 4_600
SIMULATED_WEEK: Final = 24
"""Its date is the snapshot's: half a year has passed since the fitted marginals were drawn."""
SEEDS: Final = (1, 2, 3, 4)
QUANTILES: Final = (0.05, 0.5, 0.95)

_FILE: Final = RECORDS / "realism.md"
_FORMATS = load_formats()
_NAMES = {column.headers[0]: column.name for column in _FORMATS["chartmetric"].columns}
NAMES: Final = tuple(_NAMES[header] for header in METRICS)

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Shape:
    """What a table looks like.

    Attributes:
        missing: (20,) share of tracks without each metric.
        quantiles: (20, 3) of each metric, decimal logarithms of 1 + value.
        with_age: (20,) rank correlation of each metric with the age in days.
        correlations: (20, 20) of the metrics with each other.
    """

    missing: Floats
    quantiles: Floats
    with_age: Floats
    correlations: Floats


def describe(rows: pl.DataFrame, week: dt.date) -> Shape:
    """Return the shape of TrackWeeks of one week."""
    ages = rows.select((pl.lit(week) - pl.col("release_date")).dt.total_days().cast(pl.Float64))
    columns = [
        rows.get_column(name).cast(pl.Float64).fill_null(np.nan).to_numpy() for name in NAMES
    ]
    everything = rank_associations([ages.to_series().fill_null(np.nan).to_numpy(), *columns])
    return Shape(
        missing=np.array([np.isnan(column).mean() for column in columns]),
        quantiles=np.array([np.log10(1 + np.nanquantile(one, QUANTILES)) for one in columns]),
        with_age=everything[0, 1:],
        correlations=everything[1:, 1:],
    )


def describe_real(path: Path) -> Shape:
    """Return the shape of the real snapshot."""
    return describe(read_rows(path, _FORMATS, IngestSettings()).rows, SNAPSHOT_WEEK)


def describe_simulated(seeds: Sequence[int] = SEEDS) -> Shape:
    """Return the mean shape of one simulated week of several histories."""
    shapes: list[Shape] = []
    for seed in seeds:
        *_, rows = simulate_weeks(SIMULATED_WEEK, TRACKS, seed)
        shapes.append(describe(rows, rows.item(0, "week")))
    return Shape(
        missing=np.mean([one.missing for one in shapes], axis=0),
        quantiles=np.mean([one.quantiles for one in shapes], axis=0),
        with_age=np.mean([one.with_age for one in shapes], axis=0),
        correlations=np.mean([one.correlations for one in shapes], axis=0),
    )


def correlation_gaps(real: Shape, simulated: Shape) -> Floats:
    """Return the absolute difference of each pair's correlation, (190,), as far as known."""
    pairs = np.triu_indices(len(NAMES), 1)
    gaps = np.abs(real.correlations - simulated.correlations)[pairs]
    return gaps[np.isfinite(gaps)]


def keep_realism() -> None:
    """Compare both where the real snapshot is present, and keep the table beside the records."""
    path = ROOT / SNAPSHOT
    if path.exists():
        RECORDS.mkdir(parents=True, exist_ok=True)
        lines = tabulate(describe_real(path), describe_simulated())
        _FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_realism() -> list[str]:
    """Return the table that was kept last; nothing before the first time."""
    return _FILE.read_text("utf-8").splitlines() if _FILE.exists() else []


def tabulate(real: Shape, simulated: Shape) -> list[str]:
    """Return the table of both."""
    gaps = correlation_gaps(real, simulated)
    lines = [
        f"#### Week {SIMULATED_WEEK} of simulated histories beside the real snapshot",
        "",
        f"Means of {len(SEEDS)} histories of {TRACKS:,} tracks. Rank correlations of two metrics",
        f"differ by {gaps.mean():.2f} on average, by {np.quantile(gaps, 0.9):.2f} in one of ten",
        f"pairs and by {gaps.max():.2f} at most.",
        "",
        (
            "| metric | missing, real | simulated | 5, 50, 95 % quantile, simulated / real | "
            "correlation with age, real | simulated |"
        ),
        "|---|---:|---:|---|---:|---:|",
    ]
    for place, header in enumerate(METRICS):
        ratios = 10 ** (simulated.quantiles[place] - real.quantiles[place])
        lines.append(
            f"| {header} | {real.missing[place]:.3f} | {simulated.missing[place]:.3f} | "
            f"{', '.join(f'{ratio:.2f}' for ratio in ratios)} | "
            f"{real.with_age[place]:.2f} | {simulated.with_age[place]:.2f} |"
        )
    return [*lines, ""]
