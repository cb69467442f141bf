"""songpop's detectors on a history, as the weekly run calls them, without a warehouse."""

import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Self

import polars as pl

import songpop
from songpop.drift.assess import assess_week
from songpop.drift.domain import DomainSample, judge_domain, sample_week
from songpop.drift.plausibility import judge_plausibility
from songpop.drift.policy import Decision, PolicyFacts, decide
from songpop.drift.profile import WeekProfile, profile_week
from songpop.drift.references import (
    FEWEST_WEEKS,
    MOST_TRAINING_WEEKS,
    RECENT_WEEKS,
    References,
)
from songpop.drift.verdict import Verdict
from songpop.formats.registry import load_formats
from songpop.settings import DriftSettings
from tests.benchmarks.drift.champion import Champion
from tests.benchmarks.drift.detector import Alarm
from tests.benchmarks.drift.fingerprint import fingerprint_code

_SPEC: Final = load_formats()["chartmetric"]
_FALLBACK_WEEKS: Final = 13
_YEAR: Final = dt.timedelta(weeks=52)
_SEASON_DAYS: Final = 10
_LOOK_BACK_WEEKS: Final = 26
_ROOT: Final = Path(songpop.__file__).parent
_CHECKS: Final = (
    "assess",
    "association",
    "bins",
    "columns",
    "distance",
    "domain",
    "joint",
    "performance",
    "plausibility",
    "policy",
    "profile",
    "references",
    "verdict",
)
_CODE: Final = (
    *(_ROOT / "drift" / f"{name}.py" for name in _CHECKS),
    _ROOT / "formats" / "chartmetric.toml",
    Path(__file__),
    Path(__file__).with_name("champion.py"),
)


def fingerprint_ours() -> str:
    """Return what songpop's answers depend on, beside the simulation: code and thresholds."""
    return fingerprint_code(_CODE, DriftSettings().model_dump_json())


@dataclass(frozen=True, eq=False)
class _Week:
    """A judged week.

    Attributes:
        profile: of the week.
        is_accepted: whether it was loaded.
        verdicts: on it.
        sample: what the domain classifier saw of it; null where it was kept out.
    """

    profile: WeekProfile
    is_accepted: bool
    verdicts: list[Verdict]
    sample: DomainSample | None


@dataclass
class Ours:
    """The checks of a weekly run: plausibility, columns, mixture, classifier, champion, policy.

    Attributes:
        settings: thresholds, the shipped ones.
        champion: stands in for the model.
        past: the weeks so far.
        before: TrackWeeks of the last accepted week.
        fingerprint: of the code.
    """

    settings: DriftSettings = field(default_factory=DriftSettings)
    champion: Champion = field(default_factory=Champion)
    past: list[_Week] = field(default_factory=list[_Week])
    before: pl.DataFrame | None = None
    fingerprint: str = field(default_factory=fingerprint_ours)

    name = "songpop"
    memory_weeks = None

    def begin(self) -> None:
        """Forget everything: a new history begins."""
        self.champion, self.past, self.before = Champion(), [], None

    def copy(self) -> Self:
        """Return a detector with the same past."""
        return replace(self, champion=self.champion.copy(), past=list(self.past))

    def take(self, week: pl.DataFrame, weeks_to_go: int) -> None:
        """Judge a week all the same: what it decides is its past.

        Checks are left out where nobody will look back so far.
        """
        self._judge(
            week,
            with_columns=weeks_to_go <= self.settings.persistence_weeks,
            with_domain=weeks_to_go <= _LOOK_BACK_WEEKS,
        )

    def end(self) -> None:
        """Let go of the frames."""
        self.begin()

    def judge(self, week: pl.DataFrame) -> Alarm:
        """Judge a week as the weekly run does, and take it in unless it is kept out."""
        return self._judge(week, with_columns=True, with_domain=True)

    def _judge(self, week: pl.DataFrame, *, with_columns: bool, with_domain: bool) -> Alarm:
        week = week.sort("track_id")  # as the warehouse gives it
        started = time.perf_counter()
        references = self._references(week.item(0, "week"))
        profile = self._profile(week, references)
        verdicts = judge_plausibility(profile, references, _SPEC, self.settings)
        is_accepted = not any(verdict.verdict == "quarantine" for verdict in verdicts)
        sample = None
        if is_accepted:
            sample = sample_week(week, self.before, _SPEC, self.settings.domain_rows)
            verdicts += assess_week(profile, references, self.settings) if with_columns else []
            verdicts += self._judge_domain(sample) if with_domain else []
        seconds = time.perf_counter() - started
        if is_accepted:
            verdicts += self.champion.judge(week, self.before, self.settings)
            self.before = week
        else:
            self.champion.skip()
        decision = self._decide(profile.week, verdicts)
        self.past.append(_Week(profile, is_accepted, verdicts, sample))
        self._forget()
        return _describe(decision, seconds)

    def _profile(self, week: pl.DataFrame, references: References) -> WeekProfile:
        last = references.last
        return profile_week(
            week,
            self.before,
            _SPEC,
            week=week.item(0, "week"),
            before_week=None if last is None else last.week,
        )

    def _references(self, week: dt.date) -> References:
        accepted = [one.profile for one in self.past if one.is_accepted]
        learned = set(self.champion.trained_on)
        training = [one for one in accepted if one.week in learned][-MOST_TRAINING_WEEKS:]
        if len(training) < FEWEST_WEEKS:
            training = accepted[-_FALLBACK_WEEKS:]
        target = week - _YEAR
        held = [one.profile for one in self.past[-1:] if not one.is_accepted]
        return References(
            training=tuple(training),
            recent=tuple(accepted[-RECENT_WEEKS:]),
            year_ago=tuple(
                one for one in accepted if abs((one.week - target).days) <= _SEASON_DAYS
            ),
            held=held[0] if held else None,
        )

    def _judge_domain(self, sample: DomainSample) -> list[Verdict]:
        trained_on = set(self.champion.trained_on)
        known = [
            one
            for one in self.past
            if one.sample is not None and one.profile.before_week is not None
        ]
        chosen = [one for one in known if one.profile.week in trained_on] or known
        if self.before is None or not chosen or chosen[-1].sample is None:
            return []
        usual = [
            verdict.statistic
            for one in self.past[-_LOOK_BACK_WEEKS:]
            for verdict in one.verdicts
            if verdict.check_name == "domain"
        ]
        found = judge_domain(sample, chosen[-1].sample, usual, self.settings)
        return [] if found is None else [found]

    def _decide(self, week: dt.date, verdicts: Sequence[Verdict]) -> Decision:
        earlier = [one.verdicts for one in reversed(self.past) if one.is_accepted]
        facts = PolicyFacts(
            week=week,
            earlier=earlier[: self.settings.persistence_weeks],
            weights={},
            metrics=[metric.name for metric in _SPEC.metrics],
            last_trained_week=None,
        )
        return decide(verdicts, facts, self.settings)

    def _forget(self) -> None:
        """Keep the samples that a classifier may still be shown, and no others."""
        trained_on = set(self.champion.trained_on)
        for place, one in enumerate(self.past[:-_FALLBACK_WEEKS]):
            if one.sample is not None and one.profile.week not in trained_on:
                self.past[place] = replace(one, sample=None)


def _describe(decision: Decision, seconds: float) -> Alarm:
    columns = [one.column_name for one in decision.leading if one.column_name is not None]
    return Alarm(
        decision.decision,
        tuple(dict.fromkeys(columns)),
        seconds,
        {
            "because": decision.because,
            "leading": [
                [
                    one.check_name,
                    one.column_name,
                    one.verdict,
                    round(one.statistic, 4),
                    round(one.threshold, 4),
                ]
                for one in decision.leading[:6]
            ],
        },
    )
