"""``make bench``: run the benchmarks, print their tables, and keep them in ``results/``."""

import argparse
import os
import platform
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.cluster import compare_cluster
from tests.benchmarks.curve import draw_curve
from tests.benchmarks.drift.everything import run_drift
from tests.benchmarks.explain import compare_explain
from tests.benchmarks.gate import compare_gate
from tests.benchmarks.history import compare_history
from tests.benchmarks.lake import compare_lake
from tests.benchmarks.limits import ExceededError
from tests.benchmarks.orchestration import compare_orchestration
from tests.benchmarks.page import compare_page
from tests.benchmarks.setlist import compare_setlist
from tests.benchmarks.training import compare_training
from tests.benchmarks.weekly_run import compare_large, compare_quiet
from tests.benchmarks.year import show_year

RESULTS = Path(__file__).resolve().parent / "results"


def main() -> None:
    """Measure at the given size and write a table a benchmark to ``results/``.

    Where a figure is beyond its limit, the process ends with exit code 1 once all are written.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--tracks", type=int, default=1_000_000, help="tracks of the large week")
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each process")
    parser.add_argument("--only", choices=sorted(_BENCHMARKS), help="one benchmark alone")
    options = parser.parse_args()
    usual = [name for name in _BENCHMARKS if name not in _LONG]
    exceeded: list[str] = []
    for name in [options.only] if options.only else usual:
        try:
            lines = _BENCHMARKS[name](options)
        except ExceededError as error:
            lines = error.lines
            exceeded.append(f"{name}: {error}")
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"{name}.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
        print("\n".join(lines))  # noqa: T201 - a command line prints
    if exceeded:
        sys.exit("\n".join(exceeded))


def _weekly_run(options: argparse.Namespace) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="songpop-bench-") as folder:
        return [
            "## Weekly run",
            "",
            (
                f"{_describe_machine()}; medians of {options.runs} whole "
                "processes after one uncounted, run in turn."
            ),
            "",
            *compare_quiet(Path(folder) / "quiet", options.runs),
            *compare_large(Path(folder) / "large", options.tracks, options.runs),
        ]


def _explain(options: argparse.Namespace) -> list[str]:
    how = f"{_describe_machine()}; medians of {options.runs} in one process, in turn."
    return compare_explain(options.tracks, options.runs, ["## Explaining", "", how, ""])


def _training(options: argparse.Namespace) -> list[str]:
    return ["## Training", "", f"{_describe_machine()}.", "", *compare_training(options.runs)]


def _drift(options: argparse.Namespace) -> list[str]:
    del options  # its sizes are part of what is claimed
    return ["## Drift", "", f"{_describe_machine()}.", "", *run_drift()]


def _gate(options: argparse.Namespace) -> list[str]:
    del options
    return ["## Gate", "", *compare_gate(RESULTS / "gate")]


def _describe_machine() -> str:
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def _orchestration(options: argparse.Namespace) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="songpop-bench-") as folder:
        heading = f"{_describe_machine()}; medians of {options.runs} after one uncounted, in turn."
        lines = compare_orchestration(Path(folder), options.runs)
    return ["## Orchestration", "", heading, "", *lines]


def _page(options: argparse.Namespace) -> list[str]:
    how = f"{_describe_machine()}; medians of {options.runs} in one process, after one uncounted."
    with tempfile.TemporaryDirectory(prefix="songpop-bench-") as folder:
        heading = ["## Weekly page", "", how, ""]
        return compare_page(Path(folder), options.tracks, options.runs, heading)


def _setlist(options: argparse.Namespace) -> list[str]:
    del options
    with tempfile.TemporaryDirectory(prefix="songpop-bench-") as folder:
        return ["## Set lists", "", *compare_setlist(Path(folder))]


def _history(options: argparse.Namespace) -> list[str]:
    how = f"{_describe_machine()}; medians of {options.runs} after one uncounted, in turn."
    with tempfile.TemporaryDirectory(prefix="songpop-bench-") as folder:
        lines = compare_history(Path(folder), min(options.tracks, 100_000), options.runs)
    return ["## History", "", how, "", *lines]


def _lake(options: argparse.Namespace) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="songpop-bench-") as folder:
        heading = f"{_describe_machine()}; medians of {options.runs} after one uncounted, in turn."
        lines = compare_lake(Path(folder), options.tracks, options.runs)
    return ["## In a lake", "", heading, "", *lines]


def _cluster(options: argparse.Namespace) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="songpop-bench-") as folder:
        lines = compare_cluster(Path(folder), options.tracks)
    return ["## On a cluster", "", f"{_describe_machine()}; one run each.", "", *lines]


def _curve(options: argparse.Namespace) -> list[str]:
    del options
    return ["## A learning curve", "", f"{_describe_machine()}.", "", *draw_curve()]


def _year(options: argparse.Namespace) -> list[str]:
    del options
    return ["## A year with nobody watching", "", f"{_describe_machine()}.", "", *show_year()]


_BENCHMARKS = {
    "cluster": _cluster,
    "curve": _curve,
    "drift": _drift,
    "explain": _explain,
    "gate": _gate,
    "history": _history,
    "lake": _lake,
    "orchestration": _orchestration,
    "page": _page,
    "setlist": _setlist,
    "training": _training,
    "weekly_run": _weekly_run,
    "year": _year,
}
_LONG = {"cluster", "curve", "drift", "gate", "history", "lake", "setlist", "year"}
"""Take long, read real data or need a Postgres, so they are run only where they are asked for."""


if __name__ == "__main__":
    main()
