"""What is judged: quiet weeks of three sorts, and every fault, at three sizes.

A history warms up for 12 weeks; from then on its weeks are judged, or faults branch off from it.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from songpop.simulate import Fault, parse_fault
from songpop.simulate.columns import COUNTERS, METRICS
from songpop.simulate.tracks import FIRST_WEEK_ORDINAL

SMALL, MEDIUM, LARGE = 4_000, 40_000, 400_000
"""Tracks a week."""

WARM_UP_WEEKS: Final = 12
ONSET: Final = WARM_UP_WEEKS + 1
"""The first week that is judged, and the first one that a fault spoils."""

POWER_WEEKS: Final = 2
"""A fault counts as found if a week up to this one of its weeks raises an alarm."""

PANEL_WEEKS: Final = 100
LATE_WEEKS: Final = 4
CONCEPT_WEEKS: Final = 8
SLOW_WEEKS: Final = 12

Sort = Literal["independent", "calibration", "panel", "december_first", "december_later"]
QUIET: Final[dict[Sort, str]] = {
    "independent": "independent histories, week 13",
    "panel": "consecutive weeks of long histories",
    "december_first": "December, the history's first",
    "december_later": "December, one a year before",
}
"""The sorts of quiet weeks that false alarms are counted on."""

# Where each sort's seeds begin, so that no two share a history.
_SEEDS: Final[dict[Sort, int]] = {
    "independent": 1,
    "calibration": 10_001,
    "panel": 20_001,
    "december_first": 30_001,
}

_SCALABLE: Final = tuple(name for name in METRICS if name != "Spotify Popularity")
"""An index up to 100 cannot be doubled: the loader would put its rows aside."""


@dataclass(frozen=True)
class FaultKind:
    """One fault of the benchmark; which column it spoils goes round with the history.

    Attributes:
        name: what it is called in records and tables.
        template: as ``songpop simulate --fault`` has it, with ``{column}`` and without the week.
        columns: the columns that take turns; none for a fault of everything.
        weeks: how many of its weeks are judged.
        is_claimed: whether its power is claimed, so that it is measured on more histories.
    """

    name: str
    template: str
    columns: tuple[str, ...] = ()
    weeks: int = LATE_WEEKS
    is_claimed: bool = False

    def for_seed(self, seed: int) -> Fault:
        """Return the fault of one history, from week ``ONSET`` on."""
        column = self.columns[seed % len(self.columns)] if self.columns else ""
        return parse_fault(f"{self.template.format(column=column)}@{ONSET}")


FAULTS: Final = (
    FaultKind("one column ×1.05", "scale:{column}:1.05", _SCALABLE),
    FaultKind("one column ×1.25", "scale:{column}:1.25", _SCALABLE),
    FaultKind("one column ×2", "scale:{column}:2", _SCALABLE, is_claimed=True),
    FaultKind("units ×1000", "units:{column}:1000", _SCALABLE),
    FaultKind("missing +5 points, at random", "missing:{column}:0.05", METRICS, is_claimed=True),
    FaultKind("missing +20 points, at random", "missing:{column}:0.2", METRICS),
    FaultKind("missing +5 points, smallest", "missing_small:{column}:0.05", METRICS),
    FaultKind("missing +20 points, smallest", "missing_small:{column}:0.2", METRICS),
    FaultKind("counter frozen", "frozen:{column}", COUNTERS),
    FaultKind("correlations broken, all metrics", "copula", is_claimed=True),
    FaultKind("correlations broken, one column", "copula:{column}", METRICS),
    FaultKind("segment mix", "mix"),
    FaultKind("concept flip", "concept", weeks=CONCEPT_WEEKS, is_claimed=True),
    FaultKind("slow drift, ×2 in 12 weeks", "slow:{column}:2", _SCALABLE, weeks=SLOW_WEEKS),
)


@dataclass(frozen=True)
class History:
    """One simulated history and what is judged of it.

    Attributes:
        tracks: rows a week.
        seed: tells histories apart.
        quiet: the sort of each quiet week that is judged, by the week's number.
        faults: what branches off after the warm-up.
    """

    tracks: int
    seed: int
    quiet: dict[int, Sort] = field(default_factory=dict)
    faults: tuple[FaultKind, ...] = ()

    @property
    def last_week(self) -> int:
        """The last week that the quiet history needs."""
        return max([WARM_UP_WEEKS, *self.quiet])


def is_december(week: int) -> bool:
    """Whether a week ends from 1 December to 14 January."""
    day = dt.date.fromordinal(FIRST_WEEK_ORDINAL + 7 * (week - 1))
    return day.month == 12 or (day.month == 1 and day.day <= 14)


def short_histories(
    tracks: int, sort: Sort, count: int, faults: tuple[FaultKind, ...] = (), skip: int = 0
) -> Iterator[History]:
    """Yield *count* histories whose first week after the warm-up is judged, and faults from it."""
    for place in range(skip, count):
        yield History(tracks, _SEEDS[sort] + place, {ONSET: sort}, faults)


def fault_histories(
    tracks: int, count: int, claimed_count: int, most_weeks: int = SLOW_WEEKS
) -> Iterator[History]:
    """Yield the histories that faults branch off from.

    Args:
        tracks: rows a week.
        count: how many have every fault.
        claimed_count: how many have those with a claim.
        most_weeks: how many weeks of a fault are judged, but for slow drift.
    """
    faults = tuple(_shorten(kind, most_weeks) for kind in FAULTS)
    yield from short_histories(tracks, "independent", count, faults)
    claimed = tuple(kind for kind in faults if kind.is_claimed)
    yield from short_histories(tracks, "independent", claimed_count, claimed, skip=count)


def _shorten(kind: FaultKind, most_weeks: int) -> FaultKind:
    return kind if kind.weeks == SLOW_WEEKS else replace(kind, weeks=min(kind.weeks, most_weeks))


def panel_histories(tracks: int, count: int, weeks: int = PANEL_WEEKS) -> Iterator[History]:
    """Yield *count* long histories, each with *weeks* judged weeks outside December."""
    judged: list[int] = []
    week = ONSET
    while len(judged) < weeks:
        if not is_december(week):
            judged.append(week)
        week += 1
    quiet: dict[int, Sort] = dict.fromkeys(judged, "panel")
    for place in range(count):
        yield History(tracks, _SEEDS["panel"] + place, quiet)


def december_histories(tracks: int, count: int) -> Iterator[History]:
    """Yield *count* histories of two Decembers; the six weeks of each are judged."""
    weeks = [week for week in range(ONSET, 2 * 52 + 6) if is_december(week)]
    half = len(weeks) // 2
    quiet: dict[int, Sort] = {
        week: "december_first" if place < half else "december_later"
        for place, week in enumerate(weeks)
    }
    for place in range(count):
        yield History(tracks, _SEEDS["december_first"] + place, quiet)
