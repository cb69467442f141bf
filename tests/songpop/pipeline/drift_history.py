"""Histories for the tests of drift in whole runs: simulated tracks, and charts that get models."""

import datetime as dt
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from songpop.formats.registry import load_formats
from songpop.pipeline.execute import call_plainly
from songpop.pipeline.plan import Selection
from songpop.pipeline.runner import Caller, Command, RunReport, run_weeks
from songpop.pipeline.session import Session, WeekRun
from songpop.pipeline.steps import Facts, Step
from songpop.settings import DriftSettings, IngestSettings, Settings
from songpop.simulate import parse_fault, simulate
from songpop.warehouse.writer import open_writer
from tests.builders import NOW, ChartRow
from tests.songpop.pipeline.test_runner import QUICK, Label

TRACKS = 400
FIRST_WEEK = dt.date(2024, 1, 5)


def sim_week(number: int) -> dt.date:
    """Return the last day of a simulated week, counted from 1."""
    return FIRST_WEEK + dt.timedelta(weeks=number - 1)


def simulate_into(folder: Path, weeks: int, *faults: str) -> list[Path]:
    """Write a history of 400 tracks; the same tracks and weeks whatever the faults."""
    return simulate(weeks, TRACKS, 7, folder, [parse_fault(fault) for fault in faults])


def skip_training(step: Step, run: WeekRun) -> Facts:
    """Run a step, but train no model: these tests are about drift."""
    return {} if step.name == "train" else call_plainly(step, run)


@dataclass(frozen=True)
class DriftLabel(Label):
    """A label whose settings of drift and ingest can be set."""

    drift: DriftSettings = field(default_factory=DriftSettings)
    ingest: IngestSettings = field(default_factory=IngestSettings)

    @property
    def settings(self) -> Settings:
        """Settings under which training takes a second."""
        return Settings(
            warehouse=self.root / "warehouse",
            ingest=self.ingest,
            training=QUICK,
            drift=self.drift,
        )

    def put(self, *exports: Path) -> None:
        """Put copies of exports into the landing folder."""
        self.landing.mkdir(parents=True, exist_ok=True)
        for path in exports:
            shutil.copy2(path, self.landing)

    def run_untrained(self, command: Command = "run", **selection: object) -> RunReport:
        """Run without training."""
        caller = Caller(f"run {dt.datetime.now(dt.UTC)}", NOW, skip_training)
        return run_weeks(self.settings, command, Selection(**selection), caller)  # type: ignore[arg-type] - fields of Selection

    def with_session(self, act: Callable[[Session], object]) -> object:
        """Do something with the warehouse open for writing."""
        with open_writer(self.settings, load_formats(), "a test", NOW) as con:
            return act(Session(self.settings, load_formats(), con, "a test", NOW))

    def decisions(self) -> list[tuple[object, ...]]:
        """Return week and decision, oldest first."""
        return self.query("select week, decision from ml.drift_weeks order by week")


def chart_rows(week: int, times: float = 1.0, count: int = 120) -> Sequence[ChartRow]:
    """Return a chart whose streams persist; *times* multiplies them all."""
    levels = np.linspace(11, 9, count)
    noise = np.random.default_rng(week).normal(0, 0.2, count)
    streams = np.exp(levels + noise) * times
    return [(f"{chr(97 + i % 26)}{i}", int(one)) for i, one in enumerate(streams)]
