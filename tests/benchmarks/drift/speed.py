"""What a check costs: against Evidently on 500,000 rows, and in memory on ten million."""

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any, Final

import polars as pl

from songpop.simulate import simulate_weeks
from tests.benchmarks.drift.cases import LARGE, MEDIUM, SMALL
from tests.benchmarks.drift.check import MOST_TRACKS, read_weeks, time_checks
from tests.benchmarks.drift.ours import fingerprint_ours
from tests.benchmarks.drift.peers.adapter import COLUMNS, REFERENCE_WEEKS, Tool, Worker
from tests.benchmarks.drift.store import RECORDS

ROWS: Final = 500_000
TURNS: Final = 3
LEAST_RATIO: Final = 50.0
MOST_EXTRA_BYTES: Final = 2_000_000_000
MANY_ROWS: Final = 10_000_000

_SEED: Final = 3
_TOOL_SIZES: Final = (SMALL, MEDIUM, LARGE)
_WEEKS: Final = 5
_TITLES: Final = {
    "songpop": "songpop, all checks",
    "evidently_report": "Evidently, drift preset",
    "nannyml": "NannyML, univariate, missing values, reconstruction",
    "nannyml_classifier": "NannyML, domain classifier",
}
_ROOT: Final = Path(__file__).resolve().parents[3]
_FILE: Final = RECORDS / "speed.json"


def write_weeks(folder: Path, tracks: int, weeks: int, seed: int = _SEED) -> list[Path]:
    """Simulate weeks into Parquet files, whose names sort as the weeks do."""
    folder.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    for number, week in enumerate(simulate_weeks(weeks, tracks, seed), start=1):
        paths.append(folder / f"{number:03d}.parquet")
        week.write_parquet(paths[-1], compression="uncompressed")
    return paths


def compare_with_evidently(folder: Path) -> dict[str, Any]:
    """Check the same rows with songpop and with Evidently's report, in turn.

    Evidently compares the week with the week before alone, which is the least that it can be asked;
    songpop compares it with its four predecessors' profiles as well. Reading is not counted.
    """
    paths = write_weeks(folder, ROWS, _WEEKS)
    weeks = read_weeks(paths)
    worker = Worker("evidently_report")
    try:
        time_checks(weeks, 1)
        worker.ask(paths[-2:-1], paths[-1])
        turns: list[dict[str, tuple[float, float]]] = []
        for _ in range(TURNS):
            (ours,) = time_checks(weeks, 1)
            turns.append({"songpop": ours, "evidently": _seconds(worker, paths)})
    finally:
        worker.close()
    return {"rows": ROWS, "columns": len(COLUMNS), "turns": turns}


def _seconds(worker: Worker, paths: Sequence[Path]) -> tuple[float, float]:
    answer = worker.ask(paths[-2:-1], paths[-1])
    return answer["seconds"], answer["cpu_seconds"]


def measure_memory(folder: Path) -> dict[str, Any]:
    """Measure the peak of a process that loads ten million rows, and of one that checks them too.

    The rows are twenty simulated tables, one after the other.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write_many(folder)
    load, check = (_run(what, folder) for what in ("load", "check"))
    return {"load": load, "check": check}


def _write_many(folder: Path) -> None:
    parts = MANY_ROWS // ROWS
    for part in range(parts):
        for number, week in enumerate(simulate_weeks(2, ROWS, _SEED + part), start=1):
            own = week.with_columns(pl.format("{}-{}", "track_id", pl.lit(part)).alias("track_id"))
            own.write_parquet(folder / f"{number}-{part:03d}.part")
    for number in (1, 2):
        pl.scan_parquet(sorted(folder.glob(f"{number}-*.part"))).sink_parquet(
            folder / f"{number:03d}.parquet"
        )
    for path in folder.glob("*.part"):
        path.unlink()


def _run(what: str, folder: Path, turns: int = 1) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.drift.check", what, str(folder), str(turns)]
    result = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=True)
    return json.loads(result.stdout)


def measure_tools(folder: Path, tracks: int) -> dict[str, Any]:
    """Return seconds and peak memory of each tool's process on one week against eight."""
    paths = write_weeks(folder, tracks, REFERENCE_WEEKS + 1)
    tools: tuple[Tool, ...] = ("evidently_report", "nannyml", "nannyml_classifier")
    found: dict[str, Any] = {"songpop": _run("check", folder, TURNS)}
    for tool in tools:
        worker = Worker(tool)
        try:
            worker.ask(paths[:-1], paths[-1])
            answers = [worker.ask(paths[:-1], paths[-1]) for _ in range(TURNS)]
        finally:
            worker.close()
        found[tool] = {
            "seconds": median(answer["seconds"] for answer in answers),
            "peak_bytes": answers[-1]["peak_bytes"],
        }
    return found


def keep_speed() -> None:
    """Measure, unless the same code was measured already, and keep the figures by the records."""
    code = fingerprint_ours()
    if _FILE.exists() and json.loads(_FILE.read_text("utf-8"))["code"] == code:
        return
    with tempfile.TemporaryDirectory(prefix="songpop-drift-") as folder:
        root = Path(folder)
        figures = {
            "code": code,
            "machine": f"{platform.machine()}, {os.cpu_count()} cores",
            "evidently": compare_with_evidently(root / "speed"),
            "memory": measure_memory(root / "memory"),
            "tools": {
                str(tracks): measure_tools(root / f"tools-{tracks}", tracks)
                for tracks in _TOOL_SIZES
            },
        }
    RECORDS.mkdir(parents=True, exist_ok=True)
    _FILE.write_text(json.dumps(figures, indent=1), encoding="utf-8")


def write_speed() -> list[str]:
    """Return the tables of what was measured last; nothing before the first time."""
    if not _FILE.exists():
        return []
    figures = json.loads(_FILE.read_text("utf-8"))
    return [
        *_write_ratio(figures["evidently"], figures["machine"]),
        *_write_memory(figures["memory"]),
        *_write_tools(figures["tools"]),
    ]


def _write_ratio(found: dict[str, Any], machine: str) -> list[str]:
    turns = found["turns"]
    lines = [
        f"#### {found['rows']:,} rows × {found['columns']} columns, in memory, in turn",
        "",
        f"{machine}; medians of {len(turns)} turns after one uncounted. songpop makes its profile",
        f"from about {MOST_TRACKS:,} of the tracks, which is part of the time.",
        "",
        "| check | wall s | CPU s |",
        "|---|---:|---:|",
    ]
    for tool, title in (
        ("songpop", "songpop: all checks of a week"),
        ("evidently", "Evidently: drift preset against the week before"),
    ):
        wall, cpu = (median(turn[tool][place] for turn in turns) for place in (0, 1))
        lines.append(f"| {title} | {wall:.2f} | {cpu:.2f} |")
    wall, cpu = (
        median(turn["evidently"][place] / turn["songpop"][place] for turn in turns)
        for place in (0, 1)
    )
    lines.append(f"| ratio, turn by turn (at least {LEAST_RATIO:g}) | {wall:.0f} | {cpu:.0f} |")
    return [*lines, ""]


def _write_memory(found: dict[str, Any]) -> list[str]:
    load, check = found["load"]["peak_bytes"], found["check"]["peak_bytes"]
    return [
        f"#### {found['check']['rows']:,} rows: peak memory of whole processes",
        "",
        "| process | peak GB |",
        "|---|---:|",
        f"| loads the week | {load / 1e9:.2f} |",
        f"| loads it and the week before, and checks it | {check / 1e9:.2f} |",
        f"| difference (at most {MOST_EXTRA_BYTES / 1e9:g}) | {(check - load) / 1e9:.2f} |",
        "",
    ]


def _write_tools(found: dict[str, Any]) -> list[str]:
    lines = [
        "#### One week against eight, seconds",
        "",
        "| tool | " + " | ".join(f"{int(tracks):,} tracks" for tracks in found) + " |",
        "|---|" + "---:|" * len(found),
    ]
    for tool, title in _TITLES.items():
        # Not the peaks: a child's begins with that of the process that started it.
        cells = [f"{one[tool]['seconds']:.2f}" for one in found.values()]
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    return [*lines, ""]
