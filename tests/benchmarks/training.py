"""What training costs: one network in three ways, side by side, and the λ grid end to end."""

import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
import polars as pl

from songpop.formats.registry import load_formats
from songpop.model.blocks import Blocks
from songpop.model.keras_runtime import load_keras
from songpop.model.metrics import average_ranks
from songpop.model.train import train_network
from songpop.reproduce.material import make_material
from songpop.reproduce.read import read_rows
from songpop.reproduce.split import published_split
from songpop.reproduce.tracks import Tracks, make_tracks
from songpop.settings import IngestSettings, TrainingSettings
from tests.benchmarks.fits import WAYS
from tests.real_data import ROOT

SNAPSHOT = "chartmetric_2024/top_songs.csv"
HELD_SHARE = 0.2
"""Of the training rows, as a notebook's ``validation_split=0.2``; the test rows take no part."""
CHART_ROWS, CHART_INPUTS, CHART_WEEKS = 60_000, 40, 60
"""About what a feed of weekly charts gives its fit block."""
_REPOSITORY = Path(__file__).resolve().parents[2]
_TITLES = {
    "notebook": "the notebook's `fit`: 100 epochs, batches of 32",
    "tuned": "Keras's `fit`: 100 epochs, batches of 128, an epoch an execution",
    "songpop": "songpop's loop, shipped settings, early stopping",
}


@dataclass(frozen=True)
class Worker:
    """A process that fits in one way when it is told a seed."""

    process: subprocess.Popen[str]

    def answer(self) -> dict[str, float]:
        """Wait for its next answer.

        Raises:
            RuntimeError: it ended instead, and has said why on standard error.
        """
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            raise RuntimeError(f"{self.process.args} ended with {self.process.wait()}")
        return json.loads(line)

    def fit(self, seed: int) -> dict[str, float]:
        """Fit once and return what it took and gave."""
        if self.process.stdin:
            self.process.stdin.write(f"{seed}\n")
            self.process.stdin.flush()
        return self.answer()


def compare_training(runs_count: int) -> list[str]:
    """Return the tables; without the real data, one line that says so."""
    path = ROOT / SNAPSHOT
    if not path.exists():
        return [
            f"Training was skipped: expected ../shared/data/{SNAPSHOT} beside the checkout.",
            "",
        ]
    tracks = make_tracks(read_rows(path, load_formats(), IngestSettings()), None)
    with tempfile.TemporaryDirectory(prefix="songpop-bench-") as folder:
        rows = _write_rows(tracks, Path(folder) / "rows.npz")
        return [*_compare_ways(Path(folder) / "rows.npz", rows, runs_count), *_time_grids(tracks)]


def _write_rows(tracks: Tracks, path: Path) -> tuple[int, int, int]:
    """Write the inputs of the training rows; return rows to fit on, rows held out, and inputs."""
    split = published_split(tracks.y.size)
    material = make_material(
        tracks, "leak_free", split, is_by_artist=False, folds_count=2, seeds_count=1
    )
    x, y = material.fit.x, material.fit.y
    count = round((1 - HELD_SHARE) * y.size)
    np.savez(path, fit_x=x[:count], fit_y=y[:count], held_x=x[count:], held_y=y[count:])
    return count, y.size - count, x.shape[1]


def _compare_ways(path: Path, rows: tuple[int, int, int], runs_count: int) -> list[str]:
    with _workers(path) as workers:
        imports = {way: worker.answer()["import_seconds"] for way, worker in workers.items()}
        # Turn by turn, because a shared machine's speed drifts.
        turns = [
            {way: worker.fit(seed) for way, worker in workers.items()}
            for seed in range(1, runs_count + 1)
        ]
    fit_rows, held_rows, inputs_count = rows
    lines = [
        f"### One network, {fit_rows:,} rows × {inputs_count} inputs, {held_rows} rows held out",
        "",
        f"Medians of {runs_count} seeds, the three ways in turn; each fit builds and compiles its",
        "network. Log loss is of the held-out rows, in nats, without the penalty.",
        "",
        "| way | wall s | CPU s | log loss, kept epoch | best epoch | import s, once |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for way, title in _TITLES.items():
        names = ("wall_seconds", "cpu_seconds", "kept", "best")
        wall, cpu, kept, best = (median(turn[way][name] for turn in turns) for name in names)
        lines.append(
            f"| {title} | {wall:.2f} | {cpu:.2f} | {kept:.4f} | {best:.4f} | {imports[way]:.1f} |"
        )
    for other in ("notebook", "tuned"):
        ratios = [
            median(turn[other][name] / turn["songpop"][name] for turn in turns)
            for name in ("wall_seconds", "cpu_seconds")
        ]
        lines.append(
            f"| {other} / songpop, turn by turn | {ratios[0]:.1f} | {ratios[1]:.1f} | | | |"
        )
    return [*lines, ""]


@contextmanager
def _workers(path: Path) -> Generator[dict[str, Worker]]:
    """Start one process a way, TensorFlow's imports one after the other, and end them all."""
    started: dict[str, Worker] = {}
    try:
        for way in WAYS:
            command = [sys.executable, "-m", "tests.benchmarks.fits", way, str(path)]
            process = subprocess.Popen(
                command,
                cwd=_REPOSITORY,
                env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            started[way] = Worker(process)
        yield started
    finally:
        for worker in started.values():
            worker.process.kill()
            worker.process.communicate()


def _time_grids(tracks: Tracks) -> list[str]:
    """Return the table of ``train_network`` as shipped: inputs, grid, calibration, metrics."""
    begun = time.perf_counter()
    load_keras()
    imported = time.perf_counter() - begun
    lines = [
        "### The λ grid end to end: `train_network` with shipped settings",
        "",
        f"TensorFlow's import comes on top, once a process: {imported:.1f} s here.",
        "",
        "| training set | fit rows | grid | wall s | CPU s | test log loss |",
        "|---|---:|---|---:|---:|---:|",
    ]
    for title, (features, labels) in {
        "the snapshot's training rows": _snapshot(tracks),
        f"chart-sized, synthetic, {CHART_INPUTS} inputs": make_chart(),
    }.items():
        blocks = _divide(features.height)
        wall, cpu = time.perf_counter(), time.process_time()
        candidate = train_network(features, labels, blocks, TrainingSettings())
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        grid = ", ".join(f"{one.strength:g}" for one in candidate.metrics.grid)
        test = candidate.metrics.test
        loss = float("nan") if test is None else test.log_loss
        lines.append(
            f"| {title} | {blocks.fit.size:,} | {grid} | {wall:.1f} | {cpu:.1f} | {loss:.4f} |"
        )
    return [*lines, ""]


def _snapshot(tracks: Tracks) -> tuple[pl.DataFrame, pl.DataFrame]:
    rows = published_split(tracks.y.size).fit
    percentile = (average_ranks(tracks.source[rows]) - 0.5) / rows.size
    labels = pl.DataFrame({"is_high": tracks.y[rows], "outcome_percentile": percentile})
    return tracks.features["leak_free"][rows], labels


def make_chart(rows_count: int = round(CHART_ROWS / 0.7)) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return features and labels of about a chart's size; a noisy sum of bends tells the label."""
    rng = np.random.default_rng(11)
    x = rng.normal(size=(rows_count, CHART_INPUTS)).astype(np.float32)
    weight = rng.normal(0, 0.4, CHART_INPUTS)
    size = np.maximum(x, 0) @ weight + x[:, 0] * x[:, 1] + rng.normal(0, 1, rows_count)
    number = np.arange(rows_count)
    first = dt.date(2023, 1, 5)
    weeks = [first + dt.timedelta(weeks=int(n)) for n in number * CHART_WEEKS // rows_count]
    keys = {"feed": ["chart"] * rows_count, "week": weeks, "track_id": [f"{n:06d}" for n in number]}
    columns = {f"input_{n}__log": column for n, column in enumerate(x.T)}
    percentile = (average_ranks(size) - 0.5) / rows_count
    labels = pl.DataFrame({"is_high": percentile > 0.5, "outcome_percentile": percentile})
    return pl.DataFrame({**keys, **columns}), labels


def _divide(rows_count: int) -> Blocks:
    """Return blocks in row order: seven tenths to fit on, one tenth each for the others."""
    ends = [round(rows_count * share) for share in (0.7, 0.8, 0.9)]
    return Blocks(*np.split(np.arange(rows_count), ends))
