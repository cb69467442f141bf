"""The tables of the drift benchmark, made from its records alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tests.benchmarks.drift.calibrate import PEERS, calibrate
from tests.benchmarks.drift.cases import FAULTS, LARGE, MEDIUM, POWER_WEEKS, QUIET, SMALL
from tests.benchmarks.drift.intervals import Share
from tests.benchmarks.drift.power import Power, count_alarms, measure_power
from tests.benchmarks.drift.rules import DEFAULTS, OURS, OURS_ACTS, Rule
from tests.benchmarks.drift.store import Record

Records = Mapping[str, Sequence[Record]]
"""The records of one size, by detector."""

COMPARED: Final = (
    "songpop",
    "Evidently, any column",
    "Evidently, calibrated",
    "NannyML, univariate, calibrated",
    "NannyML, all but classifier, calibrated",
    "NannyML, domain classifier, calibrated",
)
"""The rules whose power stands side by side. NannyML's defaults alarm in most quiet weeks, so what
they find on faults says nothing."""


@dataclass(frozen=True)
class Size:
    """What was recorded at one size, and how it is read.

    Attributes:
        tracks: rows a week.
        records: by detector.
        rules: songpop's, the other tools' defaults, and these calibrated; only those with records.
    """

    tracks: int
    records: Records
    rules: tuple[Rule, ...]

    @classmethod
    def read(cls, tracks: int, records: Records) -> "Size":
        """Calibrate the other tools on their calibration weeks and keep what has records."""
        present = {name: found for name, found in records.items() if found}
        rules = [rule for rule in (OURS, OURS_ACTS, *DEFAULTS) if rule.detector in present]
        wanted = count_alarms(OURS, present.get(OURS.detector, ()), "independent")
        for peer in PEERS:
            quiet = [
                record
                for record in present.get(peer.detector, ())
                if record.key.kind == "calibration"
            ]
            if quiet and wanted.total:
                rules.append(calibrate(peer, quiet, wanted))
        return cls(tracks, present, tuple(rules))

    def alarms(self, rule: Rule, kind: str) -> Share:
        """Return how many quiet weeks of one sort alarm."""
        return count_alarms(rule, self.records[rule.detector], kind)

    def power(self, rule: Rule, kind: str) -> Power:
        """Return how well one fault is found."""
        return measure_power(rule, self.records[rule.detector], kind)


def write_tables(sizes: Sequence[Size]) -> list[str]:
    """Return the lines of all tables that there are records for."""
    lines: list[str] = []
    for size in sizes:
        if not size.rules:
            continue
        lines += [f"#### {size.tracks:,} tracks a week", ""]
        lines += _write_quiet(size)
        lines += _write_ours(size)
        lines += _write_compared(size)
    return lines


def _write_quiet(size: Size) -> list[str]:
    lines = [
        "False alarms: share of quiet weeks, with its 95 % Wilson interval and the counts.",
        "",
        "| detector | " + " | ".join(QUIET.values()) + " |",
        "|---|" + "---|" * len(QUIET),
    ]
    for rule in size.rules:
        cells = [str(size.alarms(rule, sort)) for sort in QUIET]
        lines.append(f"| {rule.title} | " + " | ".join(cells) + " |")
    return [*lines, ""]


def _write_ours(size: Size) -> list[str]:
    if OURS not in size.rules:
        return []
    lines = [
        f"What songpop finds: a fault is found if a week up to its {_ordinal(POWER_WEEKS)} is not",
        "quiet, acted on if it is retrained or quarantined; the delay is the median of those found",
        "at all, 0 for the fault's own week; named is whether the spoilt column is among the first",
        "three at the first alarm.",
        "",
        "| fault | found in 2 weeks | acted on in 2 weeks | found at all | delay, weeks | named |",
        "|---|---|---|---|---:|---|",
    ]
    for kind in FAULTS:
        power, acts = size.power(OURS, kind.name), size.power(OURS_ACTS, kind.name)
        if not power.found.total:
            continue
        delay = "–" if power.delay_weeks is None else f"{power.delay_weeks:g}"
        lines.append(
            f"| {kind.name} | {power.found} | {acts.found} | "
            f"{_brief(power.ever)} in {kind.weeks} weeks | {delay} | {_brief(power.named)} |"
        )
    return [*lines, ""]


def _write_compared(size: Size) -> list[str]:
    rules = [rule for rule in size.rules if rule.title in COMPARED]
    if len(rules) < 2:  # nothing to compare
        return []
    lines = [
        "Side by side: faults found in two weeks, and, after the semicolon, how many of these have",
        "the spoilt column among the first three.",
        "",
        "| fault | " + " | ".join(rule.title for rule in rules) + " |",
        "|---|" + "---|" * len(rules),
    ]
    for kind in FAULTS:
        powers = [size.power(rule, kind.name) for rule in rules]
        if any(power.found.total for power in powers):
            lines.append(f"| {kind.name} | " + " | ".join(map(_pair, powers)) + " |")
    return [*lines, ""]


def _pair(power: Power) -> str:
    if not power.found.total:
        return "–"
    named = f"; {power.named.count}/{power.named.total}" if power.named.total else ""
    return f"{_brief(power.found)}{named}"


def _brief(share: Share) -> str:
    if not share.total:
        return "–"
    return f"{100 * share.count / share.total:.0f} % ({share.count}/{share.total})"


def _ordinal(number: int) -> str:
    return {1: "first", 2: "second", 3: "third"}.get(number, f"{number}th")


SIZES: Final = (SMALL, MEDIUM, LARGE)
"""In the order of the tables."""
