"""What a rule finds: false alarms on quiet weeks; power, delay and attribution on faults."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from songpop.formats.registry import load_formats
from tests.benchmarks.drift.cases import ONSET, POWER_WEEKS
from tests.benchmarks.drift.intervals import Share
from tests.benchmarks.drift.rules import Rule
from tests.benchmarks.drift.store import Record

TOP_COUNT: Final = 3
_NAMES: Final = {c.headers[0]: c.name for c in load_formats()["chartmetric"].columns}


@dataclass(frozen=True)
class Power:
    """How well one fault is found.

    Attributes:
        found: histories with an alarm within two weeks.
        ever: histories with one in any judged week.
        delay_weeks: median weeks from the fault's first to the alarm's, of those found at all.
        named: histories whose spoilt column is among the first three named at the first alarm, of
            those found within two weeks; of none for faults of everything.
    """

    found: Share
    ever: Share
    delay_weeks: float | None
    named: Share


def count_alarms(rule: Rule, records: Iterable[Record], kind: str) -> Share:
    """Return how many quiet weeks of one sort alarm."""
    fired = [rule.fires(record) for record in records if record.key.kind == kind]
    return Share(sum(fired), len(fired))


def measure_power(rule: Rule, records: Iterable[Record], kind: str) -> Power:
    """Return how well a rule finds the fault *kind*."""
    histories: dict[int, list[Record]] = defaultdict(list)
    for record in records:
        if record.key.kind == kind:
            histories[record.key.seed].append(record)
    first = [_first_alarm(rule, weeks) for _, weeks in sorted(histories.items())]
    alarms = [alarm for alarm in first if alarm is not None]
    prompt = [alarm for alarm in alarms if alarm.key.week < ONSET + POWER_WEEKS]
    pointed = [alarm for alarm in prompt if alarm.column is not None]
    named = sum(_NAMES[str(one.column)] in rule.ranks(one)[:TOP_COUNT] for one in pointed)
    return Power(
        found=Share(len(prompt), len(first)),
        ever=Share(len(alarms), len(first)),
        delay_weeks=median(one.key.week - ONSET for one in alarms) if alarms else None,
        named=Share(named, len(pointed)),
    )


def _first_alarm(rule: Rule, weeks: Sequence[Record]) -> Record | None:
    in_order = sorted(weeks, key=lambda record: record.key.week)
    return next((record for record in in_order if rule.fires(record)), None)
