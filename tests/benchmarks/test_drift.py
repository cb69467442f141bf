"""The drift benchmark's own machinery: what it counts, keeps and calls."""

import datetime as dt
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from songpop.pipeline.plan import Selection
from songpop.pipeline.runner import Caller, run_weeks
from songpop.settings import Settings, TrainingSettings
from songpop.simulate import parse_fault, simulate, simulate_weeks
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.reader import open_private
from tests.benchmarks.drift.calibrate import Peer, calibrate
from tests.benchmarks.drift.cases import (
    FAULTS,
    ONSET,
    FaultKind,
    History,
    december_histories,
    fault_histories,
    panel_histories,
)
from tests.benchmarks.drift.detector import Alarm
from tests.benchmarks.drift.fingerprint import fingerprint_code
from tests.benchmarks.drift.intervals import Share
from tests.benchmarks.drift.ours import Ours
from tests.benchmarks.drift.peers.adapter import COLUMNS
from tests.benchmarks.drift.play import fault_keys, play
from tests.benchmarks.drift.power import measure_power
from tests.benchmarks.drift.rules import EVIDENTLY_ANY, NANNYML_COLUMNS, OURS
from tests.benchmarks.drift.store import Key, Record, Store
from tests.builders import NOW

DOUBLED = FaultKind("doubled", "scale:{column}:2", ("TikTok Views", "Shazam Counts"), weeks=2)
HISTORY = History(50, 1, {ONSET: "independent"}, (DOUBLED,))


@dataclass
class Watcher:
    """Says ``warn`` of every week, and remembers which ones it was shown."""

    seen: list[dt.date] = field(default_factory=list[dt.date])
    judged: list[dt.date] = field(default_factory=list[dt.date])
    name: str = "watcher"
    fingerprint: str = "1"
    memory_weeks: int | None = 3

    def begin(self) -> None:
        self.seen.clear()

    def copy(self) -> "Watcher":
        return Watcher(list(self.seen), self.judged)

    def take(self, week: pl.DataFrame, weeks_to_go: int) -> None:
        del weeks_to_go
        self.seen.append(week.item(0, "week"))

    def judge(self, week: pl.DataFrame) -> Alarm:
        self.judged.append(week.item(0, "week"))
        self.seen.append(self.judged[-1])
        return Alarm("warn", ("tiktok_views_count",), 0.5, {"seen": len(self.seen)})

    def end(self) -> None:
        pass


def make_record(
    week: int,
    *,
    seed: int = 1,
    decision: str = "quiet",
    top_columns: tuple[str, ...] = (),
    figures: dict[str, Any] | None = None,
    column: str | None = None,
) -> Record:
    key = Key("doubled", 50, seed, week)
    return Record(key, decision, top_columns, 0.0, figures or {}, column)


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(0, 400, 0.0, 0.0095), (5, 20, 0.1119, 0.4687), (20, 20, 0.8389, 1.0)],
)
def test_wilson_intervals_are_those_of_the_textbook(
    count: int, total: int, low: float, high: float
) -> None:
    assert Share(count, total).interval == pytest.approx((low, high), abs=1e-4)


def test_share_of_nothing_is_said_to_be_nothing() -> None:
    assert str(Share(0, 0)) == "–"


def test_every_quiet_week_is_of_its_sort() -> None:
    (panel,) = panel_histories(50, 1)
    (december,) = december_histories(50, 1)

    assert len(panel.quiet) == 100
    assert not set(panel.quiet) & set(december.quiet)
    assert sorted(december.quiet.values()) == ["december_first"] * 6 + ["december_later"] * 6


def test_columns_take_turns_and_claims_have_more_histories() -> None:
    histories = list(fault_histories(50, 2, 5))
    spoilt = {FAULTS[0].for_seed(history.seed).column for history in histories}

    assert len(histories) == len(spoilt) == 5
    assert [len(history.faults) for history in histories] == [14, 14, 4, 4, 4]


def test_what_was_judged_is_not_judged_again(tmp_path: Path) -> None:
    first, second = Watcher(), Watcher()

    assert play(HISTORY, first, Store(tmp_path / "records", "1")) == 3
    assert play(HISTORY, second, Store(tmp_path / "records", "1")) == 0
    assert second.judged == []


def test_a_fault_that_was_not_judged_to_its_end_is_judged_anew(tmp_path: Path) -> None:
    path = tmp_path / "records"
    play(HISTORY, Watcher(), Store(path, "1"))
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:1]) + lines[1][:20], "utf-8")
    store = Store(path, "1")

    assert [record.key for record in store.records] == fault_keys(HISTORY, DOUBLED)[:1]
    assert play(HISTORY, Watcher(), store) == 3
    assert len(Store(path, "1").records) == 3


def test_weeks_before_those_that_a_detector_needs_do_not_reach_it(tmp_path: Path) -> None:
    watcher = Watcher()
    play(HISTORY, watcher, Store(tmp_path / "records", "1"))
    store = Store(tmp_path / "records", "1")

    assert [record.figures["seen"] for record in store.records] == [4, 5, 4]


def test_records_of_other_code_are_passed_over(tmp_path: Path) -> None:
    Store(tmp_path / "records", "1").add(make_record(13))

    assert Store(tmp_path / "records", "2").records == []
    assert Store(tmp_path / "records", "1").records == [make_record(13)]


def test_comments_and_docstrings_are_no_code(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text('def one() -> int:\n    """Say one."""\n    return 1\n', "utf-8")
    before = fingerprint_code([path])
    path.write_text("def one() -> int:\n    # A number.\n    return 1\n", "utf-8")
    commented = fingerprint_code([path])
    path.write_text("def one() -> int:\n    return 2\n", "utf-8")

    assert before == commented != fingerprint_code([path])


def test_power_counts_alarms_within_two_weeks_and_the_delay_of_all() -> None:
    views, other = ("tiktok_views_count",), ("shazam_count",)
    records = [
        make_record(13, seed=1, decision="warn", top_columns=views, column="TikTok Views"),
        make_record(13, seed=2, column="TikTok Views"),
        make_record(14, seed=2, decision="retrain", top_columns=other, column="TikTok Views"),
        make_record(15, seed=3, decision="warn", top_columns=views, column="TikTok Views"),
        make_record(13, seed=4, column="TikTok Views"),
    ]
    power = measure_power(OURS, records, "doubled")

    assert power.found == Share(2, 4)
    assert power.ever == Share(3, 4)
    assert power.delay_weeks == 1
    assert power.named == Share(1, 2)


def test_defaults_of_the_other_tools_are_theirs() -> None:
    drift = dict.fromkeys(COLUMNS, 0.02)
    deviations = {name: [0.03, 0.02, 0.004] for name in COLUMNS}

    assert not EVIDENTLY_ANY.fires(make_record(13, figures={"drift": drift}))
    assert EVIDENTLY_ANY.fires(make_record(13, figures={"drift": {**drift, "shazam_count": 0.1}}))
    assert not NANNYML_COLUMNS.fires(make_record(13, figures={"drift": deviations}))
    deviations["shazam_count"] = [0.0321, 0.02, 0.004]
    assert NANNYML_COLUMNS.fires(make_record(13, figures={"drift": deviations}))
    assert NANNYML_COLUMNS.ranks(make_record(13, figures={"drift": deviations}))[0] == (
        "shazam_count"
    )


@pytest.mark.parametrize("alarms", [0, 5, 40])
def test_calibrated_tools_alarm_as_often_as_songpop_on_calibration_weeks(alarms: int) -> None:
    quiet = [
        make_record(13, seed=seed, figures={"drift": {"a": math.sin(seed) ** 2, "b": 1 / seed}})
        for seed in range(1, 201)
    ]
    rule = calibrate(Peer("Tool", "tool", ("drift",)), quiet, Share(alarms, 400))

    assert sum(rule.fires(record) for record in quiet) == alarms / 2 // 1


def test_calibrated_tools_weigh_each_column_by_its_own_quiet_weeks() -> None:
    quiet = [
        make_record(13, seed=seed, figures={"drift": {"wild": seed / 10, "calm": 0.001}})
        for seed in range(1, 101)
    ]
    rule = calibrate(Peer("Tool", "tool", ("drift",)), quiet, Share(0, 400))

    assert rule.fires(make_record(13, figures={"drift": {"wild": 1.0, "calm": 0.02}}))
    assert rule.ranks(make_record(13, figures={"drift": {"wild": 1.0, "calm": 0.02}})) == (
        "calm",
        "wild",
    )


@pytest.mark.slow
def test_our_detectors_say_what_the_weekly_run_stores(tmp_path: Path) -> None:
    """Of the checks that need no champion, in weeks before the stand-in has learned."""
    faults = [parse_fault("scale:TikTok Views:2@6"), parse_fault("frozen:YouTube Views@8")]
    settings = Settings(
        warehouse=tmp_path / "warehouse",
        training=TrainingSettings(max_epochs=2, l2_grid=(0.001,), network_matured_rows=10**9),
    )
    simulate(9, 400, 7, tmp_path / "warehouse" / "landing", faults)
    run_weeks(settings, "backfill", Selection(), Caller(run_id="run", now=NOW))
    ours = Ours()
    for week in simulate_weeks(9, 400, 7, faults):
        ours.judge(week)

    stored = _read_verdicts(settings)
    found = {
        (str(one.profile.week), verdict.check_name, verdict.column_name): (
            verdict.verdict,
            pytest.approx(verdict.statistic, abs=1e-12),
        )
        for one in ours.past
        for verdict in one.verdicts
    }
    assert {key[1] for key in found} >= {"frozen", "change", "association", "domain", "ages"}
    assert "quarantine" in {verdict for verdict, _ in stored.values()}
    assert stored == found


def _read_verdicts(settings: Settings) -> dict[tuple[str, str, str | None], tuple[str, float]]:
    with open_private(WarehousePaths(settings.warehouse), "a test", 0.0) as con:
        rows = con.execute(
            """
            select week::varchar, check_name, column_name, verdict, statistic from ml.drift
            where check_name not in ('scores', 'estimated_loss', 'realised_loss')
            """
        ).fetchall()
    return {
        (week, check, column): (verdict, statistic)
        for week, check, column, verdict, statistic in rows
    }
