"""``make bench``: run the benchmarks, print their tables, and keep them in ``results/``."""

import argparse
import os
import platform
import tempfile
from pathlib import Path

from tests.benchmarks.explain import compare_explain
from tests.benchmarks.weekly_run import compare_large, compare_quiet

RESULTS = Path(__file__).resolve().parent / "results"


def main() -> None:
    """Measure at the given size and write ``results/weekly_run.md``."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--tracks", type=int, default=1_000_000, help="tracks of the large week")
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each process")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="songpop-bench-") as folder:
        lines = [
            "## Weekly run",
            "",
            (
                f"{platform.machine()}, {os.cpu_count()} cores, "
                f"Python {platform.python_version()}; medians of {options.runs} whole "
                "processes after one uncounted, run in turn."
            ),
            "",
            *compare_quiet(Path(folder) / "quiet", options.runs),
            *compare_large(Path(folder) / "large", options.tracks, options.runs),
            *compare_explain(options.tracks, options.runs),
        ]
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "weekly_run.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))  # noqa: T201 - a command line prints


if __name__ == "__main__":
    main()
