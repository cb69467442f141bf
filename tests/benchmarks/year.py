"""A year with nobody watching: 52 scheduled weeks through a real server and worker, with trouble.

A feed of 300 tracks is scheduled week by week, each as if it were its Friday. One week's file comes
a week late, one never comes, one is corrected, one arrives in other units and is mended the week
after, and one platform doubles for good; five runs are killed: three alone, one with its worker,
one with worker and server. At the end the doctor has nothing to say but what is missing.

After each week what the server holds is made a week older, so that its retention is seen at work.
"""

import datetime as dt
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

import duckdb
from prefect.states import Scheduled

from songpop.warehouse.doctor import examine
from songpop.warehouse.paths import WarehousePaths
from tests.deployments.live import Live, wait_for

WEEKS: Final = 52
TRACKS: Final = 300
SEED: Final = 11

LATE, MISSING, CORRECTED, UNITS, SCALED = 10, 30, 16, 22, 36
"""Weeks by number: comes a week late, never comes, is corrected, is in other units, is doubled."""
KILLED: Final = {5: "run", 14: "worker", 25: "run", 33: "server", 44: "run"}
"""What is killed in which week."""

_EXPORTS: Final = "chartmetric-*.csv"
_VACUUM_SECONDS: Final = 10
"""How often the server drops what is too old: by default once an hour, which no week here lasts."""


@dataclass
class Year:
    """What was measured on the way.

    Attributes:
        server_mb: resident memory of the server after each week.
        database_mb: size of the server's database after each week.
        seconds: from scheduling a week's run to its end.
    """

    server_mb: list[float] = field(default_factory=list[float])
    database_mb: list[float] = field(default_factory=list[float])
    seconds: list[float] = field(default_factory=list[float])


def simulate(folder: Path, live: Live, *faults: str) -> list[Path]:
    """Write the year's exports with some faults; return them, oldest first."""
    command = [sys.executable, "-m", "songpop", "simulate", "--out", str(folder)]
    command += ["--weeks", str(WEEKS), "--tracks", str(TRACKS), "--seed", str(SEED)]
    command += [part for fault in faults for part in ("--fault", fault)]
    done = live.call(command)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return sorted(folder.glob(_EXPORTS))


@dataclass(frozen=True)
class Exports:
    """What will land.

    Attributes:
        sound: a file a week.
        doubled: the same with one platform twice as large from week ``SCALED`` on.
        units: that of week ``UNITS`` with one column a thousand times too large.
        corrected: another edition of week ``CORRECTED``.
    """

    sound: list[Path]
    doubled: list[Path]
    units: Path
    corrected: Path


def make_exports(live: Live) -> Exports:
    """Simulate the year four times over."""
    root = live.folder / "exports"
    corrected = simulate(root / "corrected", live, f"correct@{CORRECTED}")
    return Exports(
        sound=simulate(root / "sound", live),
        doubled=simulate(root / "doubled", live, f"scale:TikTok Views:2@{SCALED}"),
        units=simulate(root / "units", live, f"units:TikTok Views:1000@{UNITS}")[UNITS - 1],
        corrected=next(path for path in corrected if path.stem.endswith("-corrected")),
    )


def land(live: Live, export: Path, name: str | None = None) -> None:
    """Put an export into the landing folder."""
    live.landing.mkdir(parents=True, exist_ok=True)
    shutil.copy(export, live.landing / (name or export.name))


def day_of(export: Path) -> dt.date:
    """Return the day that ends an export's week."""
    return dt.date.fromisoformat(export.stem.removeprefix("chartmetric-"))


def land_week(live: Live, number: int, exports: "Exports") -> None:
    """Land what comes in a week."""
    sound = exports.sound
    files = exports.doubled if number >= SCALED else sound
    if number == UNITS:
        land(live, exports.units)
    elif number not in {LATE, MISSING}:
        land(live, files[number - 1])
    if number == LATE + 1:
        land(live, sound[LATE - 1])
    if number == UNITS + 1:
        land(live, sound[UNITS - 1], f"{sound[UNITS - 1].stem}-mended.csv")
    if number == CORRECTED + 1:
        land(live, exports.corrected)


def run_week(live: Live, day: dt.date, kill: str | None) -> float:
    """Schedule a week, kill what is to be killed, and wait until all is done; return seconds."""
    started = time.monotonic()
    at = dt.datetime.combine(day, dt.time(6), dt.UTC)
    with live.client() as client:
        deployment = client.read_deployment_by_name("weekly-scoring/weekly")
        run = client.create_flow_run_from_deployment(
            deployment.id, state=Scheduled(scheduled_time=at)
        )
    if kill is not None:
        _kill(live, run.id, kill)
        live.wait_until_ended(run.id, 600)
    live.wait_until_ended(run.id, 600)
    wait_for(lambda: not list(_unfinished(live)), 600, "the end of all runs")
    return time.monotonic() - started


def _unfinished(live: Live) -> Iterator[str]:
    """Yield the runs that go on or are about to, the schedule's own of later weeks left out."""
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    with live.client() as client:
        for run in client.read_flow_runs(limit=200):
            is_due = run.expected_start_time is None or run.expected_start_time <= soon
            if run.state is not None and not run.state.is_final() and is_due:
                yield run.name


def _kill(live: Live, run_id: object, what: str) -> None:
    def is_running() -> bool:
        with live.client() as client:
            state = client.read_flow_run(run_id).state  # type: ignore[arg-type] - a UUID
        return state is not None and state.is_running()

    wait_for(is_running, 300, "a running run")
    time.sleep(0.7)  # somewhere in its midst
    if what == "run":
        live.kill_runs()
        return
    live.kill_workers()
    if what == "server":
        live.kill_server()
        _start_server(live)
    live.start_worker()


def _start_server(live: Live) -> None:
    seconds = str(_VACUUM_SECONDS)
    live.start_server({"PREFECT_SERVER_SERVICES_DB_VACUUM_LOOP_SECONDS": seconds})


def measure(live: Live, year: Year) -> None:
    """Note how large the server and its database are."""
    status = Path(f"/proc/{live.server_pid}/status").read_text("utf-8")
    (rss,) = [line for line in status.splitlines() if line.startswith("VmRSS")]
    year.server_mb.append(int(rss.split()[1]) / 1024)
    files = (live.folder / "prefect").glob("prefect.db*")
    year.database_mb.append(sum(path.stat().st_size for path in files) / 2**20)


def age(live: Live) -> None:
    """Make the runs that ended and the events on the server a week older."""
    columns = (("flow_run", "end_time"), ("events", "occurred"), ("event_resources", "occurred"))
    for table, column in columns:
        older = f"strftime('%Y-%m-%d %H:%M:%f', {column}, '-7 days') || '000'"
        with closing(sqlite3.connect(live.folder / "prefect" / "prefect.db", timeout=60)) as con:
            con.execute(f"update {table} set {column} = {older} where {column} is not null")
            con.commit()


def play_year(live: Live) -> tuple[Year, list[str]]:
    """Play the year; return what was measured and what does not hold."""
    exports = make_exports(live)
    days = [day_of(path) for path in exports.sound]
    _start_server(live)
    live.deploy()
    live.start_worker()
    year = Year()
    for number in range(1, WEEKS + 1):
        land_week(live, number, exports)
        year.seconds.append(run_week(live, days[number - 1], KILLED.get(number)))
        age(live)
        measure(live, year)
        print(f"week {number}: {year.seconds[-1]:.0f} s", file=sys.stderr, flush=True)  # noqa: T201
    return year, list(_find_faults(live, days))


def _find_faults(live: Live, days: list[dt.date]) -> Iterator[str]:
    paths = WarehousePaths(live.warehouse)
    with duckdb.connect(str(paths.snapshot), read_only=True) as con:
        published = {
            row[0] for row in con.execute("select distinct week from mart.weekly_scores").fetchall()
        }
    expected = {day for number, day in enumerate(days, start=1) if number != MISSING}
    if published != expected:
        yield f"published weeks: {sorted(published ^ expected)} differ"
    findings = examine(paths)
    yield from (f"doctor: {one.message}" for one in findings if one.severity == "error")
    if not any(one.check == "freshness" for one in findings):
        yield "doctor: the missing week is not reported"
    yield from (f"still going on: {name}" for name in _unfinished(live))


def show_year() -> list[str]:
    """Play the year and return its table.

    Raises:
        RuntimeError: something does not hold.
    """
    with tempfile.TemporaryDirectory(prefix="songpop-year-") as folder:
        live = Live(Path(folder))
        try:
            year, faults = play_year(live)
        finally:
            live.close()
    if faults:
        raise RuntimeError("; ".join(faults))
    return write_table(year)


def write_table(year: Year) -> list[str]:
    """Return what was measured as Markdown."""
    moments = (3, WEEKS // 4 - 1, WEEKS // 2 - 1, WEEKS * 3 // 4 - 1, WEEKS - 1)
    server = " | ".join(f"{year.server_mb[week]:.0f}" for week in moments)
    database = " | ".join(f"{year.database_mb[week]:.1f}" for week in moments)
    waiting = "the worker's poll and the start of a process included"
    return [
        "| | after 4 weeks | 13 | 26 | 39 | 52 |",
        "|---|---:|---:|---:|---:|---:|",
        f"| server, resident MB | {server} |",
        f"| server's database, MB | {database} |",
        "",
        f"Median week: {median(year.seconds):.0f} s from its schedule to its end, {waiting}.",
        "",
        f"{WEEKS - 1} weeks are published, the missing one is reported, nothing is left running,",
        "and the doctor finds no error.",
    ]
