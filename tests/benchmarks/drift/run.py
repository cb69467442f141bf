"""Judge the benchmark's weeks with each detector; what was judged before is not judged again."""

import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, cast

from tests.benchmarks.drift.cases import (
    POWER_WEEKS,
    SMALL,
    History,
    december_histories,
    fault_histories,
    panel_histories,
    short_histories,
)
from tests.benchmarks.drift.detector import Detector
from tests.benchmarks.drift.fingerprint import fingerprint_weeks
from tests.benchmarks.drift.ours import Ours
from tests.benchmarks.drift.peers.adapter import TOOLS, Peer, Tool, Worker
from tests.benchmarks.drift.play import count_missing, play
from tests.benchmarks.drift.store import RECORDS, Store

REPORT_S: Final = 60.0
"""Seconds between two lines about the progress."""


def our_histories(tracks: int) -> Iterator[History]:
    """Yield what songpop's detectors judge: of faults more weeks, to see how late they are found.

    At 4,000 tracks 400 quiet weeks of each sort and every fault 50 times, claimed ones 100 times;
    of larger tables 20 each.
    """
    is_small = tracks == SMALL
    yield from fault_histories(tracks, *((50, 100) if is_small else (20, 20)))
    yield from short_histories(tracks, "independent", 400 if is_small else 20)
    yield from panel_histories(tracks, *((4,) if is_small else (1, 20)))
    yield from december_histories(tracks, 67 if is_small else 4)


def peer_histories(tracks: int) -> Iterator[History]:
    """Yield what the other tools judge: the quiet weeks twice, since they are calibrated on some.

    Of faults the first two weeks, which power is counted on.
    """
    is_small = tracks == SMALL
    for sort in ("calibration", "independent"):
        yield from short_histories(tracks, sort, 400 if is_small else 20)
    yield from fault_histories(tracks, 20, 50 if is_small else 20, POWER_WEEKS)
    yield from panel_histories(tracks, *((4,) if is_small else (1, 20)))
    yield from december_histories(tracks, 67 if is_small else 4)


def classifier_histories(tracks: int) -> Iterator[History]:
    """Yield fewer of the same for a classifier that is trained anew for every week."""
    count = 100 if tracks == SMALL else 20
    for sort in ("calibration", "independent"):
        yield from short_histories(tracks, sort, count)
    yield from fault_histories(tracks, 20, 20, POWER_WEEKS)


def report_histories(tracks: int) -> Iterator[History]:
    """Yield a few weeks on which whole reports are compared with their tests alone."""
    yield from short_histories(tracks, "independent", 20)


HISTORIES: Final[dict[str, Callable[[int], Iterator[History]]]] = {
    "songpop": our_histories,
    "evidently": peer_histories,
    "evidently_report": report_histories,
    "nannyml": peer_histories,
    "nannyml_classifier": classifier_histories,
}
"""What each detector judges."""


@contextmanager
def open_detector(name: str) -> Generator[Detector]:
    """Start the detector of a name and end it afterwards."""
    if name == "songpop":
        yield Ours()
        return
    worker = Worker(TOOLS[TOOLS.index(cast("Tool", name))])
    try:
        with tempfile.TemporaryDirectory(prefix="songpop-drift-") as folder:
            yield Peer(worker, Path(folder))
    finally:
        worker.close()


def open_store(detector: str, fingerprint: str, weeks_fingerprint: str, tracks: int) -> Store:
    """Return the records of one detector at one size."""
    path = RECORDS / f"{detector}-{tracks}.jsonl"
    return Store(path, f"{fingerprint}-{weeks_fingerprint}")


def run_size(
    detector: Detector, tracks: int, sort: str | None = None, most: int | None = None
) -> None:
    """Judge everything of one size that is not judged yet.

    Args:
        detector: who judges.
        tracks: rows a week.
        sort: only histories with quiet weeks of this sort.
        most: only the first so many of them.
    """
    store = open_store(detector.name, detector.fingerprint, fingerprint_weeks(), tracks)
    histories: Sequence[History] = [
        history
        for history in HISTORIES[detector.name](tracks)
        if sort is None or sort in history.quiet.values()
    ][:most]
    missing, started, said = count_missing(histories, store), time.monotonic(), 0.0
    done = 0
    for history in histories:
        done += play(history, detector, store)
        elapsed = time.monotonic() - started
        if done and elapsed - said >= REPORT_S:
            said = elapsed
            _say(
                f"{detector.name}, {tracks:,} tracks: {done:,} of {missing:,} weeks judged, "
                f"about {elapsed / done * (missing - done) / 60:.0f} minutes to go"
            )


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201 - a command line prints
