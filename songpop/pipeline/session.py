"""What the steps of a run share."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import duckdb

from songpop.drift.gather import ProfileCache
from songpop.drift.policy import Decision
from songpop.drift.profile import WeekProfile
from songpop.drift.verdict import Verdict
from songpop.formats.spec import FormatSpec
from songpop.ingest.arrive import Arrival
from songpop.ingest.identity import Identity
from songpop.ingest.landing import LandedFile
from songpop.model.partition import ScoreParts, whole_batches
from songpop.model.scorer import Scorer
from songpop.model.train import Fitted
from songpop.registry import ModelVersion
from songpop.settings import Settings
from songpop.warehouse.parts import Parts
from songpop.warehouse.paths import WarehousePaths

Mode = Literal["new", "again", "replay"]
"""new: never scored before; again: scored with the model of its time; replay: as if in order."""

Facts = Mapping[str, object]
"""What a step counted, for logs."""

Outcome = Literal["scored", "no model yet", "refused"]


@dataclass(frozen=True)
class Session:
    """One process's hold on one warehouse."""

    settings: Settings
    formats: Mapping[str, FormatSpec]
    con: duckdb.DuckDBPyConnection
    run_id: str
    now: dt.datetime
    score_parts: ScoreParts | None = None
    """Who scores the parts of large weeks; null: this process."""
    scorers: dict[str, Scorer] = field(default_factory=dict[str, Scorer])
    """Loaded models by version, so that a backfill verifies and reads each once."""

    fitted: dict[str, Fitted] = field(default_factory=dict[str, "Fitted"])
    """The network that was fitted last, by the digest of its rows."""

    profiles: ProfileCache = field(default_factory=dict)
    """Profiles of weeks that were read or written, so that a backfill reads each once."""

    @property
    def paths(self) -> WarehousePaths:
        """Where the warehouse's files stand."""
        return WarehousePaths(self.settings.warehouse)


@dataclass(frozen=True)
class ArrivingExport:
    """A landed file that the warehouse does not know yet."""

    file: LandedFile
    identity: Identity
    sha256: str


@dataclass(frozen=True)
class PlannedWeek:
    """One (feed, week) to run."""

    feed: str
    week: dt.date
    exports: tuple[ArrivingExport, ...] = ()
    mode: Mode = "new"
    force_retrain: bool = False
    is_last: bool = True
    """Whether it is the last week of its feed in the run."""
    keeps_drift: bool = False
    """Whether what was found and decided about drift stays: the week is only scored again."""

    @property
    def name(self) -> str:
        """How messages call it."""
        return f"{self.feed} {self.week.isoformat()}"


@dataclass(frozen=True)
class Scored:
    """What the scores of a week come to."""

    count: int
    high: int
    """Tracks whose potential is high."""


@dataclass
class WeekRun:
    """The one mutable thing: what the steps of a week hand on to each other."""

    session: Session
    plan: PlannedWeek
    spec: FormatSpec
    arrivals: list[Arrival] = field(default_factory=list[Arrival])
    rows_count: int | None = None
    """Tracks that the week holds; null: none."""
    features: Parts | None = None
    """What the model asks for, in the order of track_id, until they are scored."""
    model: ModelVersion | None = None
    """That scores: first the champion of the week before, then the one that has the last word."""
    champion: ModelVersion | None = None
    """That has the last word on the week, once training was decided about."""
    scores: Parts | None = None
    """As scored, in the order of track_id, until they are written."""
    scored: Scored | None = None
    """What they come to."""
    matured_weeks: tuple[dt.date, ...] = ()
    profile: WeekProfile | None = None
    verdicts: list[Verdict] = field(default_factory=list[Verdict])
    drift: Decision | None = None
    drift_reasons: tuple[str, ...] = ()
    training: str | None = None
    untrained: str | None = None
    """Why a retraining that drift asked for did not come about in this run, in words."""
    stale_weeks: tuple[dt.date, ...] = ()
    problems: tuple[str, ...] = ()
    """Exports of the week that could not be read, each with its remedy."""
    outcome: Outcome = "scored"
    page: str | None = None
    """Where the week's page was written; null: it was not."""
    page_problem: str | None = None
    """Why its page could not be written, with the remedy."""

    @property
    def parts(self) -> Path:
        """Folder of what is too large for memory; emptied before a week, and after it."""
        return self.session.paths.scratch / "parts"

    @property
    def part_rows(self) -> int:
        """Rows that are worked on at a time."""
        return whole_batches(self.session.settings.scoring.part_rows)

    @property
    def key(self) -> dict[str, object]:
        """Parameters of the SQL files that concern this week."""
        return {"feed": self.plan.feed, "week": self.plan.week}
