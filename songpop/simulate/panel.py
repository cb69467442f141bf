"""The tracks of a simulated table in one week, as arrays with one column a track."""

from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from songpop.simulate.draws import Floats, Integers, Singles
from songpop.simulate.marginals import AGE_OFFSET_DAYS, FITS

Number = TypeVar("Number", bound=np.generic)

COUNTER_ROWS: Final = tuple(row for row, fit in enumerate(FITS) if fit.is_counter)
"""The rows of the metrics that are totals."""

COUNTER_SLOPES: Final = np.array([FITS[row].slope for row in COUNTER_ROWS])[:, np.newaxis]

ABSENCE_GROUPS: Final = tuple(dict.fromkeys(fit.absence.group for fit in FITS))
"""The groups of metrics that go missing together."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Every track of one week: n tracks, the same n every week.

    Attributes:
        week_ordinal: the day that ends the week, as a proleptic Gregorian ordinal.
        next_serial: the serial number of the next track that enters.
        serials: (n,) number of each track in order of first appearance, never used twice.
        releases: (n,) release dates as ordinals, before the week's end.
        levels: (20, n) what a metric's natural logarithm has beside its growth with age, for ever.
        absences: (groups, n) standard normal scores; a metric is absent where they are small.
        heat: (3, n) this week's momentum: general, social, broadcast (see ``heat``).
        counters: (12, n) totals since release.
        weekly: (12, n) what the totals gained this week.
    """

    week_ordinal: int
    next_serial: int
    serials: Integers
    releases: Integers
    levels: Singles
    absences: Singles
    heat: Singles
    counters: Floats
    weekly: Singles

    @property
    def ages_days(self) -> Integers:
        """(n,) days since release, at least 1."""
        return self.week_ordinal - self.releases

    @property
    def log_ages(self) -> Floats:
        """(n,) natural logarithms of the age in days plus seven."""
        return np.log(self.ages_days + AGE_OFFSET_DAYS)


def _merge(
    old: npt.NDArray[Number], slots: Integers, new: npt.NDArray[Number]
) -> npt.NDArray[Number]:
    merged = old.copy()
    merged[..., slots] = new
    return merged


def replace_tracks(panel: Panel, slots: Integers, newcomers: Panel) -> Panel:
    """Return *panel* with the tracks at *slots* (k,) replaced by the k *newcomers*, in order."""
    return Panel(
        week_ordinal=panel.week_ordinal,
        next_serial=newcomers.next_serial,
        serials=_merge(panel.serials, slots, newcomers.serials),
        releases=_merge(panel.releases, slots, newcomers.releases),
        levels=_merge(panel.levels, slots, newcomers.levels),
        absences=_merge(panel.absences, slots, newcomers.absences),
        heat=_merge(panel.heat, slots, newcomers.heat),
        counters=_merge(panel.counters, slots, newcomers.counters),
        weekly=_merge(panel.weekly, slots, newcomers.weekly),
    )
