"""``python -m tests.benchmarks.drift DETECTOR [--tracks N]``: one detector at one size."""

import argparse

from tests.benchmarks.drift.cases import LARGE, MEDIUM, QUIET, SMALL
from tests.benchmarks.drift.run import HISTORIES, open_detector, run_size


def main() -> None:
    """Judge what is missing; it may be stopped at any time and called again."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.drift", description=__doc__)
    parser.add_argument("detector", choices=list(HISTORIES))
    parser.add_argument("--tracks", type=int, choices=[SMALL, MEDIUM, LARGE], default=SMALL)
    parser.add_argument("--sort", choices=["calibration", *QUIET], help="only histories with these")
    parser.add_argument("--histories", type=int, help="only the first so many")
    options = parser.parse_args()
    with open_detector(options.detector) as detector:
        run_size(detector, options.tracks, options.sort, options.histories)


if __name__ == "__main__":
    main()
