"""The other tools with thresholds of their own making: as many false alarms as songpop has.

Each statistic is divided by its usual size on quiet weeks (its 90 % quantile), so that every column
has a threshold of its own; a week alarms where the largest of these ratios exceeds one factor. The
factor is an order statistic of the quiet calibration weeks, none of which is judged elsewhere: with
n of them and the (k + 1)-th largest ratio, a further quiet week alarms with probability
(k + 1) / (n + 1) (Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World, 2005, 2.2).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

import numpy as np

from tests.benchmarks.drift.intervals import Share
from tests.benchmarks.drift.rules import Rule, Statistic, read_statistics
from tests.benchmarks.drift.store import Record

USUAL_QUANTILE: Final = 0.9
LEAST_SIZE: Final = 1e-6
"""A statistic that is always 0 on quiet weeks alarms from here on."""


@dataclass(frozen=True)
class Peer:
    """What of a tool is calibrated together.

    Attributes:
        title: what the tables call it.
        detector: whose records it reads.
        families: which of its figures.
    """

    title: str
    detector: str
    families: tuple[str, ...]


PEERS: Final = (
    Peer("Evidently", "evidently", ("drift",)),
    Peer("NannyML, univariate", "nannyml", ("drift",)),
    Peer("NannyML, all but classifier", "nannyml", ("drift", "missing", "reconstruction")),
    Peer("NannyML, domain classifier", "nannyml_classifier", ("auc",)),
)


@dataclass(frozen=True)
class Usual:
    """What a tool's statistics are on quiet weeks.

    Attributes:
        families: which of its figures.
        centres: where a statistic lies; 0 for all but the AUC, whose median is taken.
        sizes: how far from there it usually is.
    """

    families: tuple[str, ...]
    centres: Mapping[Statistic, float]
    sizes: Mapping[Statistic, float]

    @classmethod
    def of(cls, families: tuple[str, ...], quiet: Sequence[Record]) -> "Usual":
        """Measure quiet weeks."""
        weeks = [read_statistics(record, families) for record in quiet]
        centres = {
            one: median(week[one] for week in weeks) if one.family == "auc" else 0.0
            for one in weeks[0]
        }
        sizes = {
            one: _usual_size([abs(week[one] - centre) for week in weeks])
            for one, centre in centres.items()
        }
        return cls(families, centres, sizes)

    def ratios(self, record: Record) -> dict[Statistic, float]:
        """Return how many times its usual size each statistic of a week is."""
        return {
            one: abs(value - self.centres[one]) / self.sizes[one]
            for one, value in read_statistics(record, self.families).items()
        }

    def largest(self, record: Record) -> float:
        """Return the largest of them."""
        return max(self.ratios(record).values())


def _usual_size(distances: Sequence[float]) -> float:
    size = float(np.quantile(distances, USUAL_QUANTILE, method="higher"))
    return max(LEAST_SIZE, size)


def calibrate(peer: Peer, quiet: Sequence[Record], wanted: Share) -> Rule:
    """Return the rule that alarms on quiet weeks about as often as *wanted*.

    Args:
        peer: the tool.
        quiet: its records of the calibration weeks, at least one.
        wanted: the false alarms to match.
    """
    usual = Usual.of(peer.families, quiet)
    largest = sorted(map(usual.largest, quiet), reverse=True)
    allowed = round(wanted.count / wanted.total * len(quiet)) if wanted.total else 0
    factor = largest[min(allowed, len(largest) - 1)]
    return Rule(
        f"{peer.title}, calibrated",
        peer.detector,
        lambda record: usual.largest(record) > factor,
        lambda record: _by_column(usual.ratios(record)),
    )


def _by_column(ratios: Mapping[Statistic, float]) -> tuple[str, ...]:
    best: dict[str, float] = {}
    for statistic, ratio in ratios.items():
        if statistic.column:
            best[statistic.column] = max(ratio, best.get(statistic.column, 0.0))
    return tuple(sorted(best, key=lambda column: (-best[column], column)))
