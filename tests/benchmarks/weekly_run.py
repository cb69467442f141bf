"""What a weekly run costs: 1 M tracks against the floor, and a quiet week in a cold process."""

import json
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from songpop.simulate import simulate
from tests.benchmarks.drift.peers.install import peers_python
from tests.benchmarks.process import Usage, alternate, median, median_ratio, run_process

REPOSITORY = Path(__file__).resolve().parents[2]
SMALL_TRACKS = 4_600
_SEED = 3

# Runs one command of songpop in this process, then says whether TensorFlow was imported.
# Where songpop is installed there is no Hypothesis, which pandera imports where it finds it.
_COLD = """
import sys
sys.modules["hypothesis"] = None
from songpop.cli.main import main
sys.argv = ["songpop", *sys.argv[1:]]
try:
    main()
finally:
    loaded = sorted(name for name in ("tensorflow", "keras", "sklearn") if name in sys.modules)
    print("imported:", loaded, file=sys.stderr)
"""
EMPTY_FLOW = """
import os
os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")
from prefect import flow
@flow
def empty():
    return 1
empty()
"""
WEEKLY_FLOW = """
import os, sys
os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")
from flows.weekly_scoring import weekly_scoring
weekly_scoring(landing=sys.argv[1], warehouse=sys.argv[2])
"""


@dataclass(frozen=True)
class Bench:
    """A prepared warehouse, with a model, and the folder of the week to come."""

    folder: Path
    tracks_count: int
    weeks: tuple[Path, ...]

    @property
    def prepared(self) -> Path:
        """The warehouse before the measured week."""
        return self.folder / "prepared"

    @property
    def landing(self) -> Path:
        """Holds the measured week's export."""
        return self.folder / "landing"

    def fresh_warehouse(self) -> Path:
        """Return a copy of the prepared warehouse, so that each run does the same work."""
        target = self.folder / "warehouse"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self.prepared, target)
        return target


def simulate_apart(weeks: int, tracks_count: int, seed: int, out: Path) -> list[Path]:
    """Return what ``simulate`` wrote, in a process of its own.

    A process begins with the peak of the one that starts it: ten million simulated tracks here
    would be the memory of every run that is measured after.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(simulate, weeks, tracks_count, seed, out).result()


def prepare(folder: Path, tracks_count: int) -> Bench:
    """Train a first model on one week; write the measured one, of the same tracks, beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    first, second = simulate_apart(2, tracks_count, _SEED, folder / "exports")
    bench = Bench(folder, tracks_count, (first, second))
    bench.landing.mkdir(exist_ok=True)
    second.replace(bench.landing / second.name)
    before = folder / "before"
    before.mkdir(exist_ok=True)
    first.replace(before / first.name)
    words = ("run", "--landing", str(before), "--warehouse", str(bench.prepared))
    # What a model costs to train does not matter here, only what its scores do.
    run_songpop(bench, *words, SONGPOP_TRAINING__MAX_ROWS=str(SMALL_TRACKS))
    return bench


def run_songpop(bench: Bench, *arguments: str, **environment: str) -> Usage:
    """Run one command of songpop in the bench's folder, in a cold process."""
    command = [sys.executable, "-c", _COLD, *arguments]
    return run_process(command, cwd=bench.folder, environment=environment)


def measure_run(bench: Bench) -> Usage:
    """Run the measured week, plainly, in a cold process."""
    warehouse = bench.fresh_warehouse()
    return run_songpop(
        bench, "run", "--json", "--landing", str(bench.landing), "--warehouse", str(warehouse)
    )


def read_output(bench: Bench) -> tuple[dict[str, float], str]:
    """Return the seconds of each step of the last run, and what heavy packages it imported.

    Raises:
        RuntimeError: the week was not scored, say because it was refused.
    """
    week = json.loads((bench.folder / "output.txt").read_bytes())["weeks"][0]
    if week["scored"] < 0.9 * bench.tracks_count:
        raise RuntimeError(f"scored {week['scored']} tracks: {week['drift_reasons']}")
    _, _, imported = (bench.folder / "errors.txt").read_text("utf-8").rpartition("imported:")
    return dict(week["seconds"]), imported.strip()


def measure_floor(bench: Bench) -> Usage:
    """Load the same file typed, and push as many rows through the same model."""
    (export,) = bench.landing.iterdir()
    manifest = next(bench.prepared.glob("models/*/*/manifest.json"))
    return run_process(
        [sys.executable, "-m", "tests.benchmarks.floor", str(export), str(manifest.parent)],
        cwd=bench.folder,
        environment={"PYTHONPATH": str(REPOSITORY)},
    )


def measure_notebook(bench: Bench) -> Usage:
    """Score the same file as a notebook does, with the pandas of the drift benchmark's peers."""
    (export,) = bench.landing.iterdir()
    (site_packages,) = peers_python().parents[1].glob("lib/python*/site-packages")
    return run_process(
        [sys.executable, "-m", "tests.benchmarks.notebook", str(export), str(site_packages)],
        cwd=bench.folder,
        environment={"PYTHONPATH": str(REPOSITORY)},
    )


def measure_flow(bench: Bench) -> Usage:
    """Run the measured week as the flow, on Prefect's embedded API."""
    warehouse = bench.fresh_warehouse()
    return run_process(
        [sys.executable, "-c", WEEKLY_FLOW, str(bench.landing), str(warehouse)],
        cwd=bench.folder,
        environment=_prefect(bench),
    )


def measure_empty_flow(bench: Bench) -> Usage:
    """Run a flow that does nothing, on Prefect's embedded API."""
    return run_process(
        [sys.executable, "-c", EMPTY_FLOW], cwd=bench.folder, environment=_prefect(bench)
    )


def _prefect(bench: Bench) -> dict[str, str]:
    return {
        "PYTHONPATH": str(REPOSITORY),
        "PREFECT_HOME": str(bench.folder / "prefect"),
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    }


def compare_large(folder: Path, tracks_count: int, runs_count: int) -> list[str]:
    """Return the table of a large week against its floor and the notebook's way."""
    bench = prepare(folder, tracks_count)
    (export,) = bench.landing.iterdir()
    run, floor, notebook = alternate(
        runs_count,
        lambda: measure_run(bench),
        lambda: measure_floor(bench),
        lambda: measure_notebook(bench),
    )
    measure_run(bench)
    seconds, _ = read_output(bench)
    megabytes = export.stat().st_size / 1e6
    return [
        f"### {tracks_count:,} tracks, CSV of {megabytes:.0f} MB, landing to published, no retrain",
        "",
        "| process | wall s | CPU s | peak MB |",
        "|---|---:|---:|---:|",
        _row("songpop run", run),
        _row("floor: typed load with rejects + one forward pass", floor),
        _row("the notebook's way: pandas, mean fill, min-max, Keras `predict`", notebook),
        _ratio_row("songpop run / floor, turn by turn", run, floor),
        _ratio_row("the notebook's way / songpop run, turn by turn", notebook, run),
        "",
        *_step_table(seconds),
    ]


def compare_quiet(folder: Path, runs_count: int) -> list[str]:
    """Return the table of a quiet week of 4,600 tracks, plainly and as a flow."""
    bench = prepare(folder, SMALL_TRACKS)
    (plain,) = alternate(runs_count, lambda: measure_run(bench))
    seconds, imported = read_output(bench)
    flow, empty = alternate(
        runs_count, lambda: measure_flow(bench), lambda: measure_empty_flow(bench)
    )
    return [
        f"### A quiet week of {SMALL_TRACKS:,} tracks in a cold process",
        "",
        "| process | wall s | CPU s | peak MB |",
        "|---|---:|---:|---:|",
        _row("songpop run", plain),
        _row("the flow on Prefect's embedded API", flow),
        _row("an empty flow, likewise", empty),
        _ratio_row("flow / empty flow, turn by turn", flow, empty),
        "",
        f"Imported by `songpop run` among TensorFlow, Keras and scikit-learn: {imported}",
        "",
        *_step_table(seconds),
    ]


def _row(name: str, usages: list[Usage]) -> str:
    return (
        f"| {name} | {median(usages, 'wall_seconds'):.2f} | {median(usages, 'cpu_seconds'):.2f} | "
        f"{median(usages, 'peak_bytes') / 1e6:.0f} |"
    )


def _ratio_row(name: str, above: list[Usage], below: list[Usage]) -> str:
    wall, cpu = (median_ratio(above, below, f"{kind}_seconds") for kind in ("wall", "cpu"))
    return f"| {name} | {wall:.2f} | {cpu:.2f} | |"


def _step_table(seconds: dict[str, float]) -> list[str]:
    rows = [f"| {name} | {value:.2f} |" for name, value in seconds.items()]
    return ["| step | wall s |", "|---|---:|", *rows, ""]
