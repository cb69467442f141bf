"""What history costs: the same run after 4, 26 and 104 weeks of 100,000 tracks."""

import json
import shutil
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.process import Usage, alternate, median, median_ratio
from tests.benchmarks.weekly_run import Bench, run_songpop, simulate_apart

AFTER_WEEKS = (4, 26, 104)
SHOWN_WEEKS = 12
"""Of them, in a snapshot that does not grow."""
_SEED = 5
_NEVER = str(10 * AFTER_WEEKS[-1])
_STEADY = {
    "SONGPOP_TRAINING__REFRESH_WEEKS": _NEVER,
    "SONGPOP_DRIFT__COOL_DOWN_WEEKS": _NEVER,
    "SONGPOP_GATE__DEMOTION_WEEKS": _NEVER,
    # What the first network costs to train does not matter here, only what its scores do.
    "SONGPOP_TRAINING__MAX_ROWS": "20000",
}
"""One network scores from the first that the gate lets in: what is measured is never a training."""
_COPIES = ("publish",)
"""Steps whose time is that of copying what readers get, reported apart."""


@dataclass(frozen=True)
class _Limited(Bench):
    """A bench whose snapshot holds so many weeks."""

    snapshot_weeks: int | None = None


def compare_history(folder: Path, tracks_count: int, runs_count: int) -> list[str]:
    """Return the table; each run is of a week that a copy of the warehouse did not know yet."""
    benches = _prepare(folder, tracks_count)
    seconds: dict[str, list[dict[str, float]]] = {name: [] for name in benches}
    measures = [_measure(bench, seconds[name]) for name, bench in benches.items()]
    usages = alternate(runs_count, *measures)
    steps = {name: _median_steps(told[-runs_count:]) for name, told in seconds.items()}
    rows = [
        _row(name, usage, steps[name], bench)
        for (name, bench), usage in zip(benches.items(), usages, strict=True)
    ]
    first, *_, last, limited = benches
    whole = {name: usages[place] for place, name in enumerate(benches)}
    return [
        f"### A week of {tracks_count:,} tracks after others, landing to published, no retrain",
        "",
        "| weeks before | wall s | CPU s | peak MB | of it publishing, wall s | snapshot MB |",
        "|---:|---:|---:|---:|---:|---:|",
        *rows,
        *(
            f"| {name} / {first}, turn by turn | "
            f"{median_ratio(whole[name], whole[first], 'wall_seconds'):.2f} | "
            f"{median_ratio(whole[name], whole[first], 'cpu_seconds'):.2f} | | | |"
            for name in (last, limited)
        ),
        "",
        f"| step, wall s | {' | '.join(f'after {name}' for name in benches)} |",
        f"|---|{'---:|' * len(benches)}",
        *(
            f"| {step} | {' | '.join(f'{steps[name][step]:.2f}' for name in benches)} |"
            for step in steps[first]
        ),
        "",
    ]


def _prepare(folder: Path, tracks_count: int) -> dict[str, _Limited]:
    """Run week after week; keep a copy of the warehouse, and the next export, at each mark."""
    exports = simulate_apart(AFTER_WEEKS[-1] + 1, tracks_count, _SEED, folder / "exports")
    growing = Bench(folder / "growing", tracks_count, tuple(exports))
    growing.landing.mkdir(parents=True)
    growing.prepared.mkdir()
    benches: dict[str, _Limited] = {}
    for weeks, export in enumerate(exports):
        if weeks in AFTER_WEEKS:
            benches[str(weeks)] = _keep(growing, folder / f"after-{weeks}", export)
        landed = export.replace(growing.landing / export.name)
        run_songpop(
            growing,
            *("run", "--landing", str(growing.landing), "--warehouse", str(growing.prepared)),
            **_STEADY,
        )
        landed.unlink()
    last = benches[str(AFTER_WEEKS[-1])]
    limited = _keep(last, folder / "limited", next(last.landing.iterdir()), SHOWN_WEEKS)
    empty = folder / "empty"
    empty.mkdir()
    words = ("--landing", str(empty), "--warehouse", str(limited.prepared))
    run_songpop(limited, "run", *words, **_STEADY, **_limit(SHOWN_WEEKS))
    return {**benches, f"{AFTER_WEEKS[-1]}, of which the snapshot holds {SHOWN_WEEKS}": limited}


def _keep(bench: Bench, folder: Path, export: Path, snapshot_weeks: int | None = None) -> _Limited:
    kept = _Limited(folder, bench.tracks_count, (export,), snapshot_weeks)
    kept.landing.mkdir(parents=True)
    shutil.copytree(bench.prepared, kept.prepared)
    shutil.copy(export, kept.landing)
    return kept


def _limit(snapshot_weeks: int | None) -> dict[str, str]:
    if snapshot_weeks is None:
        return {}
    return {"SONGPOP_MAINTENANCE__SNAPSHOT_WEEKS": str(snapshot_weeks)}


def _measure(bench: _Limited, told: list[dict[str, float]]) -> Callable[[], Usage]:
    def run() -> Usage:
        warehouse = bench.fresh_warehouse()
        landing = ("--landing", str(bench.landing))
        words = ("run", "--json", *landing, "--warehouse", str(warehouse))
        usage = run_songpop(bench, *words, **_STEADY, **_limit(bench.snapshot_weeks))
        (week,) = json.loads((bench.folder / "output.txt").read_bytes())["weeks"]
        if week["scored"] < 0.9 * bench.tracks_count or week["training"]:
            raise RuntimeError(f"scored {week['scored']}, trained {week['training']}")
        told.append(week["seconds"])
        return usage

    return run


def _median_steps(told: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(one[name] for one in told) for name in told[0]}


def _row(name: str, usage: list[Usage], steps: dict[str, float], bench: Bench) -> str:
    copied = sum(steps[step] for step in _COPIES)
    snapshot = (bench.prepared / "songpop.duckdb").stat().st_size / 1e6
    return (
        f"| {name} | {median(usage, 'wall_seconds'):.2f} | {median(usage, 'cpu_seconds'):.2f} | "
        f"{median(usage, 'peak_bytes') / 1e6:.0f} | {copied:.2f} | {snapshot:.0f} |"
    )
