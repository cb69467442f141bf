"""A warehouse into which mutants of exports are loaded, each row of them accounted for."""

import datetime as dt
import shutil
import signal
import traceback
from collections import Counter
from collections.abc import Collection, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Final

import duckdb

from songpop.errors import InputError
from songpop.formats.registry import load_formats
from songpop.ingest.arrive import Arrival
from songpop.pipeline.discover import Discovery, Hints, discover
from songpop.pipeline.loading import load_exports, stage_exports
from songpop.pipeline.plan import Selection, plan_arriving
from songpop.pipeline.platforms import load_platform_exports
from songpop.pipeline.plausible import keep_out
from songpop.pipeline.runner import Caller, run_weeks
from songpop.pipeline.session import PlannedWeek, Session, WeekRun
from songpop.pipeline.weeks import read_week_state
from songpop.platforms.load import forget
from songpop.platforms.outcome import LoadedFile, PlatformFile
from songpop.platforms.unload import unload_export
from songpop.settings import PlatformSettings, Settings
from songpop.warehouse.checks import assert_checks
from songpop.warehouse.fingerprint import Fingerprints, compare, fingerprint
from songpop.warehouse.transaction import transaction
from songpop.warehouse.writer import open_writer
from tests.crash.mutate import Mutant
from tests.real_data import ROOT

NOW: Final = dt.datetime(2026, 1, 5, 6, 0, tzinfo=dt.UTC)
"""After all that the real exports are about."""
MOST_SECONDS: Final = 30.0
OUTCOMES: Final = ("loaded", "refused", "named", "ignored", "known")
_PLATFORM_EXPORT: Final = "export_samples/s4a_label_portal_tiktok_LDV/PunchingBag.csv"
_BY_WEEK: Final = (
    "core.track_weeks",
    "core.falling_counters",
    "raw.exports",
    "mart.weekly_scores",
)
_BY_EXPORT: Final = (
    "core.platform_facts",
    "core.own_spellings",
    "raw.quarantine",
    "raw.platform_exports",
    "raw.platform_quarantine",
)


class TooSlowError(Exception):
    """A mutant took longer than it may."""


@dataclass
class Tally:
    """What became of mutants; each has one outcome."""

    mutants: int = 0
    loaded: int = 0
    refused: int = 0
    """Exports that were refused whole, recorded as such."""
    named: int = 0
    """Files that could not be placed or read, or wait, or have a format that is not loaded."""
    ignored: int = 0
    known: int = 0
    """Files whose very bytes came before."""
    rows: Counter[str] = field(default_factory=Counter[str])
    findings: list[str] = field(default_factory=list[str])


class Fuzzer:
    """A warehouse with two real weeks and a platform's export, into which mutants are loaded.

    Each is taken out again, so that none meets what another one left.
    """

    def __init__(self, folder: Path, con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
        """Take an open writer's connection."""
        self._landing = folder / "warehouse" / "landing"
        self._session = Session(settings, load_formats(), con, "fuzz", NOW)
        self._before = _read(con)
        self.tally = Tally()

    def try_mutant(self, mutant: Mutant, seed: int) -> None:
        """Load a mutant; add what became of it, and what is wrong with that."""
        shutil.rmtree(self._landing, ignore_errors=True)
        self._landing.mkdir(parents=True)
        (self._landing / mutant.name.replace("/", "_")[:250]).write_bytes(mutant.content)
        tally = self.tally
        tally.mutants += 1
        told, found = _count_outcomes(tally), len(tally.findings)
        try:
            with _within(MOST_SECONDS):
                self._load(discover(self._session, Hints(None, None)))
        except InputError as error:
            self._check_told(str(error), mutant, seed)
        except BaseException:  # noqa: BLE001 - that is what is looked for
            self._find(mutant, seed, traceback.format_exc(limit=-4))
        told = _count_outcomes(tally) - told
        if told != 1 and len(tally.findings) == found:
            self._find(mutant, seed, f"{told} outcomes, not one")
        try:
            if changed := _list_changed(self._before, _read(self._session.con)):
                self._find(mutant, seed, f"something was left: {'; '.join(changed)}")
        except duckdb.Error as error:
            self._find(mutant, seed, f"the warehouse cannot be read: {error}")

    def _load(self, found: Discovery) -> None:
        con, tally = self._session.con, self.tally
        tally.ignored += len(found.ignored)
        tally.named += len(found.problems)
        tally.known += found.known_count
        for problem in found.problems:
            _require("expected" in problem, f"no remedy: {problem}")
        con.begin()
        try:
            for plan in plan_arriving(con, found.arriving):
                self._load_week(plan)
        finally:
            con.rollback()
            _drop_staged(con)
        self._load_platforms(found.platforms)

    def _load_week(self, plan: PlannedWeek) -> None:
        con, tally = self._session.con, self.tally
        spec = self._session.formats[plan.exports[0].identity.format_name]
        run = WeekRun(self._session, plan, spec)
        staged = keep_out(run, stage_exports(run))
        load_exports(run, staged)
        tally.named += len(run.problems)
        for export, arrival in zip(staged, run.arrivals, strict=True):
            tally.refused += arrival.kind == "refused"
            tally.loaded += arrival.kind != "refused"
            self._count(arrival)
            self._check_stored(export.sha256, arrival)
        self._check_others({(plan.feed, plan.week)}, {one.sha256 for one in plan.exports})
        if read_week_state(con, plan.feed, plan.week) is not None:
            assert_checks(con, "week", run.key)

    def _load_platforms(self, found: Sequence[PlatformFile]) -> None:
        if not found:
            return
        con, tally = self._session.con, self.tally
        shas = {one.sha256 for one in found}
        try:
            result = load_platform_exports(self._session, found, None)
            tally.named += len(result.problems) + len(result.waiting)
            for file in result.files:
                tally.refused += file.status == "refused"
                tally.loaded += file.status == "loaded"
                tally.named += file.status == "not loaded"
                self._count(file)
            for sha256 in shas if result.files else ():
                self._check_facts(sha256, sum(file.loaded for file in result.files))
            self._check_others(set(), shas)
        finally:
            _forget_platforms(con, shas)

    def _check_stored(self, sha256: str, arrival: Arrival) -> None:
        """Compare what stands in the tables with what the loader counted."""
        for table, counted, wanted in (
            ("core.track_weeks", "count(*)", arrival.loaded),
            ("raw.quarantine", "count(distinct line)", arrival.quarantined),
        ):
            stored = self._ask(table, counted, sha256)
            _require(stored == wanted, f"{wanted} rows for {table}, stored are {stored}")

    def _check_facts(self, sha256: str, loaded: int) -> None:
        # A row without a number makes no facts; how many lines are quarantined, a check knows.
        stored = self._ask("core.platform_facts", "count(distinct line)", sha256)
        _require(stored <= loaded, f"{loaded} rows loaded, facts of {stored}")

    def _ask(self, table: str, counted: str, sha256: str) -> int:
        rows = self._session.con.execute(
            f"select {counted} from {table} where sha256 = $sha256",
            {"sha256": sha256},
        ).fetchall()
        return int(rows[0][0])

    def _check_others(self, weeks: set[tuple[str, dt.date]], shas: set[str]) -> None:
        """Find what was changed beside the weeks and exports that a mutant is about."""
        changed = _list_changed(self._before, _read(self._session.con), {*weeks, *zip(shas)})
        _require(not changed, f"something else changed: {'; '.join(changed)}")

    def _count(self, file: Arrival | LoadedFile) -> None:
        _require(
            file.loaded + file.duplicate + file.quarantined == file.rows_read,
            f"{file.loaded} + {file.duplicate} + {file.quarantined} is not {file.rows_read}",
        )
        self.tally.rows.update(
            read=file.rows_read,
            loaded=file.loaded,
            duplicate=file.duplicate,
            quarantined=file.quarantined,
        )

    def _check_told(self, message: str, mutant: Mutant, seed: int) -> None:
        self.tally.named += 1
        if "expected" not in message:
            self._find(mutant, seed, f"no remedy: {message}")

    def _find(self, mutant: Mutant, seed: int, what: str) -> None:
        told = f"seed {seed}, {mutant.parent}, {', '.join(mutant.mutations)}: {what}"
        self.tally.findings.append(told)


def _count_outcomes(tally: Tally) -> int:
    return sum(getattr(tally, name) for name in OUTCOMES)


def _read(con: duckdb.DuckDBPyConnection) -> dict[str, Fingerprints]:
    """Return the fingerprints of every week and export, by table."""
    # That a later week is stale is what the load of an earlier one says.
    weeks = con.table("core.weeks").select("* exclude (is_stale, stale_because)")
    return {
        "core.weeks": fingerprint(weeks, "feed", "week"),
        **{name: fingerprint(con.table(name), "feed", "week") for name in _BY_WEEK},
        **{name: fingerprint(con.table(name), "sha256") for name in _BY_EXPORT},
    }


def _list_changed(
    before: dict[str, Fingerprints],
    after: dict[str, Fingerprints],
    expected: Collection[tuple[object, ...]] = (),
) -> list[str]:
    """Return each table and key, beside the *expected* ones, whose rows differ."""
    return [
        f"{name} {key}: {was}, {got}"
        for name, wanted in before.items()
        for key, was, got in compare(wanted, after[name])
        if key not in expected
    ]


def _drop_staged(con: duckdb.DuckDBPyConnection) -> None:
    """Drop the temporary tables of exports, which a roll-back brought back."""
    for (name,) in con.execute(
        "select table_name from duckdb_tables() where temporary and table_name like 'staged_%'"
    ).fetchall():
        con.execute(f'drop table "{name}"')


def _forget_platforms(con: duckdb.DuckDBPyConnection, shas: Collection[str]) -> None:
    """Take exports out as a person would, and then forget that they came."""
    for (sha256,) in con.execute(
        "select sha256 from raw.platform_exports where status = 'loaded'"
    ).fetchall():
        if sha256 in shas:
            unload_export(con, sha256, NOW)
    with transaction(con):
        for sha256 in shas:
            forget(con, sha256)


def _require(condition: bool, what: str) -> None:  # noqa: FBT001 - as an assert
    if not condition:
        raise AssertionError(what)


@contextmanager
def _within(seconds: float) -> Generator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise TooSlowError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def open_fuzzer(folder: Path) -> Generator[Fuzzer]:
    """Make a warehouse below *folder* that has two real weeks and a platform's export."""
    settings = Settings(
        warehouse=folder / "warehouse", platforms=PlatformSettings(artist="Lady Vengeance")
    )
    landing = folder / "warehouse" / "landing"
    landing.mkdir(parents=True)
    for path in [*sorted((ROOT / "spotify_charts" / "us").glob("*.csv"))[:2], _PLATFORM_EXPORT]:
        shutil.copy(ROOT / path, landing)
    run_weeks(settings, "run", Selection(), Caller("before", NOW))
    with open_writer(settings, load_formats(), "a test", NOW) as con:
        yield Fuzzer(folder, con, settings)
