"""What a week is compared with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from songpop.drift.bins import Counts
from songpop.drift.distance import Distance, compare_counts
from songpop.drift.profile import ColumnProfile, WeekProfile

MOST_TRAINING_WEEKS: Final = 26
"""Newest weeks of the champion's training that are looked at: half a year."""
RECENT_WEEKS: Final = 8
"""Weeks that say what is usual for an export's volume, gaps and standstills."""
FEWEST_WEEKS: Final = 3
"""Fewer reference weeks cannot say how much weeks differ by themselves."""

USUAL_QUANTILE: Final = 0.9
"""One odd week among ten does not widen what is usual."""


@dataclass(frozen=True, eq=False)
class References:
    """Profiles of accepted weeks before the one that is judged.

    Attributes:
        training: weeks that the champion learned from, or without a champion the newest ones;
            oldest first, at most 26.
        recent: the newest accepted weeks, oldest first, at most 8.
        year_ago: weeks 51 to 53 weeks before, where there are some.
        held: the week before, if it was quarantined; its level may repeat.
    """

    training: tuple[WeekProfile, ...] = ()
    recent: tuple[WeekProfile, ...] = ()
    year_ago: tuple[WeekProfile, ...] = ()
    held: WeekProfile | None = None

    @property
    def last(self) -> WeekProfile | None:
        """The last accepted week."""
        return self.recent[-1] if self.recent else None


@dataclass(frozen=True)
class Comparison:
    """A week's distance from its training weeks, beside what is usual among these.

    Attributes:
        distance: from all of them together.
        usual: the distance of such a week from the others that one in ten exceeds; 0 for none.
        year_ago: the smallest distance from a week a year before; null without one.
    """

    distance: Distance
    usual: float
    year_ago: float | None


Pick = Callable[[WeekProfile], Counts | None]
"""What of a profile is compared: (groups, bins), null where the week lacks it."""


def compare_with(now: WeekProfile, references: References, pick: Pick) -> Comparison | None:
    """Compare a week with its references; null where it or three training weeks lack the counts."""
    own = pick(now)
    known = _pick_all(pick, references.training)
    if own is None or not own.any() or len(known) < FEWEST_WEEKS:
        return None
    pooled = np.sum(known, axis=0)
    rows = max(float(counts.sum()) for counts in known)
    alone = [compare_counts(counts, pooled - counts, rows).statistic for counts in known]
    seasonal = [
        compare_counts(own, counts, float(counts.sum())).statistic
        for counts in _pick_all(pick, references.year_ago)
    ]
    return Comparison(
        distance=compare_counts(own, pooled, rows),
        usual=float(np.quantile(alone, USUAL_QUANTILE)),
        year_ago=min(seasonal, default=None),
    )


def _pick_all(pick: Pick, weeks: Sequence[WeekProfile]) -> list[Counts]:
    return [counts for week in weeks if (counts := pick(week)) is not None and counts.any()]


def columns_of(
    profiles: Sequence[WeekProfile], name: str
) -> list[tuple[WeekProfile, ColumnProfile]]:
    """Return each week that has the metric, with its profile of it."""
    return [(week, week.columns[name]) for week in profiles if name in week.columns]
