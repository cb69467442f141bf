"""One week checked in a process of its own: seconds, and how much memory.

``python -m tests.benchmarks.drift.check load|check FOLDER [TURNS]`` reads the weeks' Parquet files
in the order of their names. ``load`` reads the last one and nothing else; ``check`` makes profiles
of the earlier ones, of which it reads no more tracks than a profile is made from, as the weekly run
does, then checks the last one as often as told.
"""

import datetime as dt
import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Final

import polars as pl

from songpop.drift.assess import assess_week
from songpop.drift.domain import judge_domain, sample_week
from songpop.drift.plausibility import judge_plausibility
from songpop.drift.policy import Decision, PolicyFacts, decide
from songpop.drift.profile import MOST_TRACKS, WeekProfile, profile_week
from songpop.drift.references import FEWEST_WEEKS, References
from songpop.formats.registry import load_formats
from songpop.settings import DriftSettings

SPEC: Final = load_formats()["chartmetric"]
METRICS: Final = tuple(metric.name for metric in SPEC.metrics)
_USUAL_AUC: Final = (0.5, 0.5, 0.5)
_RUSAGE_UNIT_BYTES: Final = 1 if sys.platform == "darwin" else 1024
_WEEK: Final = dt.timedelta(weeks=1)


@dataclass(frozen=True, eq=False)
class Weeks:
    """What a week is checked against.

    Attributes:
        rows: TrackWeeks of the week.
        before: TrackWeeks of the week before it.
        earlier: TrackWeeks of the one before that; null where it was not kept.
        references: profiles of the weeks before.
    """

    rows: pl.DataFrame
    before: pl.DataFrame
    earlier: pl.DataFrame | None
    references: References


def read_week(path: Path) -> pl.DataFrame:
    """Return TrackWeeks without names: keys, release dates and metrics."""
    return pl.read_parquet(path, columns=["week", "track_id", "release_date", *METRICS])


def read_thinned(path: Path) -> pl.DataFrame:
    """Return the tracks of a week that a profile is made from, the same ones in any week."""
    weeks = pl.scan_parquet(path).select("week", "track_id", "release_date", *METRICS)
    every = -(-weeks.select(pl.len()).collect().item() // MOST_TRACKS)
    kept = weeks.filter(pl.col("track_id").hash(seed=0) % every == 0)
    return kept.collect(engine="streaming")


def check_week(weeks: Weeks, settings: DriftSettings) -> Decision:
    """Check one week as the weekly run does: profile, plausibility, columns, mixture, classifier.

    Both samples of the classifier are drawn here, as the weekly run draws them.
    """
    day, day_before = weeks.rows.item(0, "week"), weeks.before.item(0, "week")
    profile = profile_week(weeks.rows, weeks.before, SPEC, week=day, before_week=day_before)
    verdicts = judge_plausibility(profile, weeks.references, SPEC, settings)
    verdicts += assess_week(profile, weeks.references, settings)
    now = sample_week(weeks.rows, weeks.before, SPEC, settings.domain_rows)
    then = sample_week(weeks.before, weeks.earlier, SPEC, settings.domain_rows)
    found = judge_domain(now, then, _USUAL_AUC, settings)
    verdicts += [] if found is None else [found]
    facts = PolicyFacts(day, (), {}, METRICS, None)
    return decide(verdicts, facts, settings)


def read_weeks(
    paths: Sequence[Path], read_earlier: Callable[[Path], pl.DataFrame] = read_week
) -> Weeks:
    """Read the last week, and profile those before it.

    Where there are fewer than three of these, the first one stands for them: what a check costs
    does not depend on what the profiles say.

    Args:
        paths: Parquet files of weeks, at least two, oldest first.
        read_earlier: reads all but the last.
    """
    profiles: list[WeekProfile] = []
    before: pl.DataFrame | None = None
    earlier: pl.DataFrame | None = None
    for path in paths[:-1]:
        rows = read_earlier(path)
        profiles.append(_profile(rows, before))
        before, earlier = rows, before
    if before is None:
        raise ValueError("weeks: expected at least two Parquet files")
    while len(profiles) < FEWEST_WEEKS:
        profiles.insert(0, replace(profiles[0], week=profiles[0].week - _WEEK))
    references = References(training=tuple(profiles), recent=tuple(profiles))
    return Weeks(read_week(paths[-1]), before, earlier, references)


def _profile(rows: pl.DataFrame, before: pl.DataFrame | None) -> WeekProfile:
    day_before = None if before is None else before.item(0, "week")
    return profile_week(rows, before, SPEC, week=rows.item(0, "week"), before_week=day_before)


def time_checks(weeks: Weeks, turns: int) -> list[tuple[float, float]]:
    """Return the wall and CPU seconds of each of *turns* checks."""
    seconds: list[tuple[float, float]] = []
    for _ in range(turns):
        wall, cpu = time.perf_counter(), time.process_time()
        check_week(weeks, DriftSettings())
        seconds.append((time.perf_counter() - wall, time.process_time() - cpu))
    return seconds


def main() -> None:
    """Do as told and print the seconds (median) and the largest resident set, as JSON."""
    what, folder = sys.argv[1], Path(sys.argv[2])
    turns = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    paths = sorted(folder.glob("*.parquet"))
    seconds = [(0.0, 0.0)]
    if what == "load":
        frame = read_week(paths[-1])
        rows = frame.height
    else:
        weeks = read_weeks(paths, read_thinned)
        rows = weeks.rows.height
        # The first check of several loads what later ones find loaded.
        seconds = time_checks(weeks, turns + 1)[1:] if turns > 1 else time_checks(weeks, turns)
    peak_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RUSAGE_UNIT_BYTES
    answer = {
        "rows": rows,
        "seconds": median(wall for wall, _ in seconds),
        "cpu_seconds": median(cpu for _, cpu in seconds),
        "peak_bytes": peak_bytes,
    }
    print(json.dumps(answer))  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
