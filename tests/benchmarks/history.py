"""What history costs: the same run after 4, 26 and 104 weeks of 100,000 tracks."""

import json
import shutil
import statistics
from collections.abc import Callable
from pathlib import Path

from songpop.simulate import simulate
from tests.benchmarks.process import Usage, alternate, median, median_ratio
from tests.benchmarks.weekly_run import SMALL_TRACKS, Bench, run_songpop

AFTER_WEEKS = (4, 26, 104)
_SEED = 5
_NO_REFRESH = 10 * AFTER_WEEKS[-1]
_COPIES = ("publish",)
"""Steps whose time is that of copying what readers get, reported apart."""


def compare_history(folder: Path, tracks_count: int, runs_count: int) -> list[str]:
    """Return the table; each run is of a week that a copy of the warehouse did not know yet."""
    benches = _prepare(folder, tracks_count)
    seconds: dict[int, list[dict[str, float]]] = {weeks: [] for weeks in benches}
    measures = [_measure(bench, seconds[weeks]) for weeks, bench in benches.items()]
    usages = alternate(runs_count, *measures)
    steps = {weeks: _median_steps(told[-runs_count:]) for weeks, told in seconds.items()}
    rows = [
        _row(weeks, usage, steps[weeks], benches[weeks])
        for weeks, usage in zip(benches, usages, strict=True)
    ]
    names = list(steps[AFTER_WEEKS[0]])
    return [
        f"### A week of {tracks_count:,} tracks after others, landing to published, no retrain",
        "",
        "| weeks before | wall s | CPU s | peak MB | of it publishing, wall s | snapshot MB |",
        "|---:|---:|---:|---:|---:|---:|",
        *rows,
        (
            f"| {AFTER_WEEKS[-1]} / {AFTER_WEEKS[0]}, turn by turn | "
            f"{median_ratio(usages[-1], usages[0], 'wall_seconds'):.2f} | "
            f"{median_ratio(usages[-1], usages[0], 'cpu_seconds'):.2f} | | | |"
        ),
        "",
        f"| step, wall s | {' | '.join(f'after {weeks}' for weeks in benches)} |",
        f"|---|{'---:|' * len(benches)}",
        *(
            f"| {name} | {' | '.join(f'{steps[weeks][name]:.2f}' for weeks in benches)} |"
            for name in names
        ),
        "",
    ]


def _prepare(folder: Path, tracks_count: int) -> dict[int, Bench]:
    """Run week after week; keep a copy of the warehouse, and the next export, at each mark."""
    exports = simulate(AFTER_WEEKS[-1] + 1, tracks_count, _SEED, folder / "exports")
    growing = Bench(folder / "growing", tracks_count, tuple(exports))
    growing.landing.mkdir(parents=True)
    growing.prepared.mkdir()
    benches: dict[int, Bench] = {}
    for weeks, export in enumerate(exports):
        if weeks in AFTER_WEEKS:
            bench = Bench(folder / f"after-{weeks}", tracks_count, (export,))
            bench.landing.mkdir(parents=True)
            shutil.copytree(growing.prepared, bench.prepared)
            shutil.copy(export, bench.landing)
            benches[weeks] = bench
        landed = export.replace(growing.landing / export.name)
        run_songpop(
            growing,
            *("run", "--landing", str(growing.landing), "--warehouse", str(growing.prepared)),
            # What models cost to train does not matter here, only what their scores do.
            SONGPOP_TRAINING__MAX_ROWS=str(SMALL_TRACKS),
        )
        landed.unlink()
    return benches


def _measure(bench: Bench, told: list[dict[str, float]]) -> Callable[[], Usage]:
    def run() -> Usage:
        warehouse = bench.fresh_warehouse()
        landing = ("--landing", str(bench.landing))
        words = ("run", "--json", *landing, "--warehouse", str(warehouse))
        # A refresh is due every 13 weeks, among them the last of these.
        usage = run_songpop(bench, *words, SONGPOP_TRAINING__REFRESH_WEEKS=str(_NO_REFRESH))
        (week,) = json.loads((bench.folder / "output.txt").read_bytes())["weeks"]
        if week["scored"] < 0.9 * bench.tracks_count or week["training"]:
            raise RuntimeError(f"scored {week['scored']}, trained {week['training']}")
        told.append(week["seconds"])
        return usage

    return run


def _median_steps(told: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(one[name] for one in told) for name in told[0]}


def _row(weeks: int, usage: list[Usage], steps: dict[str, float], bench: Bench) -> str:
    copied = sum(steps[name] for name in _COPIES)
    snapshot = (bench.prepared / "songpop.duckdb").stat().st_size / 1e6
    return (
        f"| {weeks} | {median(usage, 'wall_seconds'):.2f} | {median(usage, 'cpu_seconds'):.2f} | "
        f"{median(usage, 'peak_bytes') / 1e6:.0f} | {copied:.2f} | {snapshot:.0f} |"
    )
