"""Whole runs on small charts: a feed of forty tracks whose streams persist."""

import datetime as dt
import gzip
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import duckdb
import numpy as np
import pytest

from songpop.errors import InputError
from songpop.formats.registry import load_formats
from songpop.pipeline.plan import Selection
from songpop.pipeline.runner import Caller, Command, RunReport, run_weeks
from songpop.pipeline.session import Session
from songpop.pipeline.unload import remove_feed, unload_week
from songpop.settings import Settings, TrainingSettings
from songpop.warehouse.doctor import examine
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.writer import open_writer
from tests.builders import NOW, ChartRow, week_number, write_chart

FEED = "spotify_charts_us"
QUICK = TrainingSettings(
    max_epochs=2, l2_grid=(0.001,), network_matured_rows=10**9, refresh_weeks=13
)
TIMES_AND_RUNS = {
    "run_id",
    "loaded_at",
    "scored_at",
    "superseded_at",
    "created_at",
    "started_at",
    "ended_at",
}
SCORES = "mart.weekly_scores"


def make_rows(week: int, count: int = 40) -> list[ChartRow]:
    levels = np.linspace(12, 8, count)
    noise = np.random.default_rng(week).normal(0, 0.3, count)
    names = [f"{chr(97 + i % 26)}{i}" for i in range(count)]
    return [(name, int(np.exp(x))) for name, x in zip(names, levels + noise, strict=True)]


@dataclass(frozen=True)
class Label:
    """A label's machine: its landing folder and its warehouse."""

    root: Path

    @property
    def landing(self) -> Path:
        """Where exports arrive."""
        return self.root / "warehouse" / "landing"

    @property
    def settings(self) -> Settings:
        """Settings under which training takes a second."""
        return Settings(warehouse=self.root / "warehouse", training=QUICK)

    @property
    def paths(self) -> WarehousePaths:
        """Where the warehouse's files stand."""
        return WarehousePaths(self.settings.warehouse)

    def copy_to(self, root: Path) -> Self:
        """Return a copy of the label's machine below *root*, to be changed."""
        shutil.copytree(self.root, root, dirs_exist_ok=True)
        return replace(self, root=root)

    def land(self, *weeks: int, rows: Mapping[int, Sequence[ChartRow]] | None = None) -> None:
        for week in weeks:
            given = (rows or {}).get(week, make_rows(week))
            write_chart(
                self.landing / f"drop{len(list(self.landing.glob('*')))}", week_number(week), given
            )

    def run(self, command: Command = "run", **selection: object) -> RunReport:
        caller = Caller(run_id=f"run {dt.datetime.now(dt.UTC)}", now=NOW)
        return run_weeks(self.settings, command, Selection(**selection), caller)  # type: ignore[arg-type] - fields of Selection

    def query(self, sql: str) -> list[tuple[object, ...]]:
        with duckdb.connect(str(self.paths.snapshot), read_only=True) as con:
            return con.execute(sql).fetchall()

    def open(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        return open_writer(self.settings, load_formats(), "a test", NOW)

    def tables(self) -> dict[str, list[tuple[object, ...]]]:
        """Every table of the private file, without run ids and times."""
        with duckdb.connect(str(self.paths.private), read_only=True) as con:
            names = con.execute(
                "select schema_name || '.' || table_name from duckdb_tables() "
                "where schema_name in ('raw', 'core', 'ml', 'mart') "
                "and table_name not in "
                "('landing_files', 'publication', 'publication_weeks', 'runs')"
            ).fetchall()
            return {
                name: con.execute(
                    f"select columns(c -> c not in $out) from {name} order by all",
                    {"out": sorted(TIMES_AND_RUNS)},
                ).fetchall()
                for (name,) in names
            }

    def standing(self) -> dict[str, list[tuple[object, ...]]]:
        """The same without what was published before, and the models of it."""
        tables = self.tables()
        del tables["raw.exports"], tables["mart.superseded_scores"]
        models = [row for row in tables["ml.models"] if "replaced" not in row]
        return {**tables, "ml.models": models}

    def errors(self) -> list[str]:
        return [f.message for f in examine(self.paths) if f.severity == "error"]


@pytest.fixture(scope="module")
def in_order(tmp_path_factory: pytest.TempPathFactory) -> Label:
    """Ten weeks, each landed and run in its own week."""
    label = Label(tmp_path_factory.mktemp("in-order"))
    for week in range(1, 11):
        label.land(week)
        label.run()
    return label


@pytest.fixture(scope="module")
def nine(tmp_path_factory: pytest.TempPathFactory) -> Label:
    """Nine weeks that were run at once; to be copied, not changed."""
    label = Label(tmp_path_factory.mktemp("nine"))
    label.land(*range(1, 10))
    label.run()
    return label


@pytest.fixture(scope="module")
def without_week_4(tmp_path_factory: pytest.TempPathFactory) -> Label:
    """Ten weeks without the fourth, run at once; to be copied, not changed."""
    label = Label(tmp_path_factory.mktemp("without-week-4"))
    label.land(1, 2, 3, 5, 6, 7, 8, 9, 10)
    label.run()
    return label


def test_chart_is_published_without_scores_until_four_weeks_have_matured(in_order: Label) -> None:
    scored = in_order.query("select distinct week from mart.weekly_scores order by week")

    assert scored == [(week_number(week),) for week in (8, 9, 10)]


def test_scored_week_has_exactly_its_tracks_and_is_provisional(in_order: Label) -> None:
    rows = in_order.query(
        "select count(*), count(distinct track_id), bool_and(is_provisional) "
        "from mart.weekly_scores group by week"
    )

    assert rows == [(40, 40, True)] * 3


@pytest.mark.parametrize("table", [SCORES, "mart.current_scores", "mart.movers"])
def test_a_model_that_was_not_compared_is_warned_of_beside_its_scores(
    in_order: Label, table: str
) -> None:
    warning = "not yet compared with baselines: nothing was left to test it on"

    assert in_order.query(f"select distinct model_warning from {table}") == [(warning,)]
    candidates = in_order.query("select distinct model_warning from mart.tour_candidates")
    assert candidates == [(warning,)]
    assert in_order.query("select warning from ml.models") == [(warning,)]


def test_reasons_of_published_scores_are_in_words(in_order: Label) -> None:
    texts = in_order.query(
        "select distinct unnest([reason_1_text, reason_2_text, reason_3_text]) "
        "from mart.current_scores"
    )

    assert len(texts) > 10
    # A chart has no release dates.
    pattern = re.compile(r"(raises|lowers|neutral): .*")
    assert all(pattern.fullmatch(str(text)) for (text,) in texts)
    assert any("this week's tracks" in str(text) for (text,) in texts)
    assert not any("its age" in str(text) for (text,) in texts)


def test_labels_mature_for_all_but_the_last_four_weeks(in_order: Label) -> None:
    labelled = in_order.query("select distinct week from ml.labels order by week")

    assert labelled == [(week_number(week),) for week in range(1, 7)]


def test_warehouse_is_healthy_after_ten_weeks(in_order: Label) -> None:
    assert in_order.errors() == []


def test_backfill_from_empty_equals_weekly_runs(in_order: Label, tmp_path: Path) -> None:
    at_once = Label(tmp_path)
    at_once.land(*range(1, 11))
    at_once.run("backfill")

    assert at_once.tables() == in_order.tables()


def test_running_again_changes_nothing(in_order: Label) -> None:
    before = in_order.tables()

    assert in_order.run().weeks == ()
    in_order.run(week=week_number(9))
    in_order.run("backfill")

    assert in_order.tables() == before
    assert in_order.errors() == []


def test_week_that_comes_late_makes_later_weeks_stale_until_the_backfill(
    in_order: Label, without_week_4: Label, tmp_path: Path
) -> None:
    label = without_week_4.copy_to(tmp_path)
    label.land(4)

    late = label.run()

    stale = [week_number(week).isoformat() for week in range(5, 11)]
    assert late.stale == {FEED: stale}
    assert late.weeks[0].stale_weeks == tuple(stale)
    renewed = label.run("backfill", from_week=week_number(4))
    assert renewed.stale == {}
    assert label.standing() == in_order.standing()
    assert label.errors() == []


def test_earlier_scores_stay_readable_with_their_version(
    without_week_4: Label, tmp_path: Path
) -> None:
    label = without_week_4.copy_to(tmp_path)
    before = label.query(f"select week, track_id, score, model_version from {SCORES} order by all")
    label.land(4)
    label.run()
    label.run("backfill", from_week=week_number(4))

    kept = "select week, track_id, score, model_version from mart.superseded_scores order by all"
    assert label.query(kept) == before
    assert label.query("select distinct because from mart.superseded_scores") == [
        ("the feed's first model",)
    ]
    (version,) = {row[3] for row in before}
    assert label.query(f"select status from ml.models where version = '{version}'") == [
        ("replaced",)
    ]
    assert (label.paths.models / FEED / str(version) / "manifest.json").exists()
    assert label.errors() == []


def test_corrected_past_week_is_scored_by_the_model_of_its_time(
    nine: Label, tmp_path: Path
) -> None:
    label = nine.copy_to(tmp_path)
    version = "select distinct model_version from mart.weekly_scores where week = "
    before = label.query(f"{version} '{week_number(8)}'")
    label.land(8, rows={8: [(name, count + 7) for name, count in make_rows(8)]})

    report = label.run()

    assert [(week.mode, week.week) for week in report.weeks] == [("again", str(week_number(8)))]
    # Week 8 trained the model from rows that it no longer has, so it is stale as well.
    assert report.stale == {FEED: [str(week_number(8)), str(week_number(9))]}
    assert label.query(f"{version} '{week_number(8)}'") == before
    assert label.errors() == []


def test_correction_of_text_alone_changes_no_score_and_makes_nothing_stale(
    nine: Label, tmp_path: Path
) -> None:
    label = nine.copy_to(tmp_path)
    scores = "select track_id, score, rank from mart.weekly_scores order by all"
    before = label.query(scores)
    label.land(8)
    newest = max(label.landing.rglob("*.csv"), key=lambda path: path.stat().st_mtime_ns)
    newest.write_text(newest.read_text(encoding="utf-8").replace("Song", "Tune"), encoding="utf-8")

    report = label.run()

    assert report.stale == {}
    assert label.query(scores) == before
    titles = label.query(
        "select count(*) from mart.weekly_scores "
        f"where title like 'Tune%' and week = '{week_number(8)}'"
    )
    assert titles == [(40,)]


def test_same_bytes_under_another_name_add_nothing(tmp_path: Path) -> None:
    label = Label(tmp_path)
    label.land(1)
    label.run()
    label.land(1)

    assert label.run().weeks == ()


def test_file_that_cannot_be_placed_does_not_stop_the_others(tmp_path: Path) -> None:
    label = Label(tmp_path)
    label.land(1)
    (label.landing / "notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")

    report = label.run()

    assert [week.outcome for week in report.weeks] == ["no model yet"]
    assert len(report.problems) == 1
    assert "notes.csv" in report.problems[0]


def test_week_that_neither_landed_nor_is_loaded_is_named(tmp_path: Path) -> None:
    label = Label(tmp_path)
    label.land(1)

    with pytest.raises(InputError, match="week 2030-01-03: expected 1 export, got 0"):
        label.run(week=dt.date(2030, 1, 3))


def test_feed_selects_among_what_landed(tmp_path: Path) -> None:
    label = Label(tmp_path)
    label.land(1)
    write_chart(label.landing, week_number(1), make_rows(2), region="gb")

    first = label.run(feed="spotify_charts_gb")
    second = label.run()

    assert [week.feed for week in first.weeks] == ["spotify_charts_gb"]
    assert [week.feed for week in second.weeks] == [FEED]


def test_unloaded_week_is_gone_and_does_not_come_back_by_itself(
    nine: Label, tmp_path: Path
) -> None:
    label = nine.copy_to(tmp_path)

    with label.open() as con:
        session = Session(label.settings, load_formats(), con, "run", NOW)
        stale = unload_week(session, FEED, week_number(8))

    # Week 8 trained the first model, which goes with it.
    assert stale == (week_number(9),)
    assert label.run().weeks == ()
    assert label.query(f"select * from mart.weekly_scores where week = '{week_number(8)}'") == []
    assert label.query("select distinct week, because from mart.superseded_scores") == [
        (week_number(8), f"week {week_number(8)} was unloaded")
    ]
    assert label.errors() == []
    assert [week.week for week in label.run("retry").weeks] == [week_number(8).isoformat()]
    assert label.errors() == []


def test_unloading_a_week_that_is_not_there_names_it(tmp_path: Path) -> None:
    label = Label(tmp_path)
    label.land(1)
    label.run()

    with (
        label.open() as con,
        pytest.raises(InputError, match="nosuch 2024-01-04: expected a loaded week, got none"),
    ):
        unload_week(
            Session(label.settings, load_formats(), con, "r", NOW), "nosuch", week_number(1)
        )


def test_removed_feed_leaves_nothing_behind(nine: Label, tmp_path: Path) -> None:
    label = nine.copy_to(tmp_path)

    with label.open() as con:
        con.execute(
            "insert into ml.backtests by name select 'b' as backtest_id, $feed as feed, "
            "[$feed] as tested_feeds, 'level' as label, 4 as horizon_weeks, "
            "current_date as from_week, current_date as to_week, 1 as block_weeks, "
            "4 as embargo_weeks, 1 as origins_count, 1 as rows_count, '{}' as settings, "
            "now() as created_at",
            {"feed": FEED},
        )
        con.execute(
            "insert into ml.backtest_intervals by name select 'b' as backtest_id, 'all' as feed, "
            "'slice' as scope, 'all rows' as title, 1 as rows_count, 1 as coverage, 1 as width"
        )
        removed = remove_feed(Session(label.settings, load_formats(), con, "run", NOW), FEED)

    assert removed == 9
    assert not list(label.paths.published.rglob("*.parquet"))
    assert not list(label.paths.models.rglob("manifest.json"))
    assert all(
        rows == []
        for name, rows in label.tables().items()
        if not name.startswith("mart.public") and not name.endswith(".metric_facets")
    )
    assert label.errors() == []


def test_every_registered_model_has_a_card_that_names_its_artefact(in_order: Label) -> None:
    rows = in_order.query("select version, artefact_sha256, card from ml.models")

    assert rows
    for version, sha256, card in rows:
        assert str(card).startswith(f"# {version}\n\n**Not tested**")
        assert f"{sha256}\n" in str(card)
        assert "**provisional**" in str(card)
        assert "from 4 exports" in str(card)


def test_forced_challenger_without_unseen_weeks_is_refused_with_the_reason(
    nine: Label, tmp_path: Path
) -> None:
    label = nine.copy_to(tmp_path)

    report = label.run(week=week_number(9), force_retrain=True)

    assert report.weeks[0].training is not None
    assert "insufficient evidence" in report.weeks[0].training
    decisions = label.query("select status, decision from ml.models order by trained_week")
    assert [status for status, _ in decisions] == ["champion", "retired"]


def test_week_that_gets_another_model_makes_later_weeks_stale(
    in_order: Label, tmp_path: Path
) -> None:
    label = in_order.copy_to(tmp_path)
    training = QUICK.model_copy(update={"seed": QUICK.seed + 1})
    settings = label.settings.model_copy(update={"training": training})

    week = week_number(8)  # of the first model
    report = run_weeks(
        settings, "backfill", Selection(from_week=week, to_week=week), Caller("other", NOW)
    )

    later = (week_number(9).isoformat(), week_number(10).isoformat())
    assert report.weeks[0].stale_weeks == later
    assert label.query("select distinct stale_because from mart.weeks where is_stale") == [
        (f"week {week} has another model",)
    ]
    label.run("backfill", from_week=week)
    assert label.query("select count(*) from mart.weeks where is_stale") == [(0,)]


def test_backfill_repeats_a_forced_training(in_order: Label, tmp_path: Path) -> None:
    label = in_order.copy_to(tmp_path)
    label.run(week=week_number(10), force_retrain=True)
    before = label.tables()

    label.run("backfill")

    assert label.query("select count(*) from ml.models where trained_because = 'forced'") == [(1,)]
    assert label.tables() == before


def test_failing_step_writes_nothing_of_its_week(tmp_path: Path) -> None:
    label = Label(tmp_path)
    label.land(1)
    label.run()
    before = label.tables()
    label.land(2)

    def fail_at_write(step: object, run: object) -> dict[str, object]:
        if step.name == "write":  # type: ignore[attr-defined] - a Step
            raise RuntimeError("power cut")
        return step.run(run)  # type: ignore[attr-defined] - a Step

    caller = Caller(run_id="run", now=NOW, call=fail_at_write)  # type: ignore[arg-type] - as above
    with pytest.raises(RuntimeError, match="power cut"):
        run_weeks(label.settings, "run", Selection(), caller)

    assert label.tables() == before
    assert [week.week for week in label.run().weeks] == [week_number(2).isoformat()]


def test_export_that_cannot_be_read_does_not_keep_its_week_from_being_loaded(
    tmp_path: Path,
) -> None:
    label = Label(tmp_path)
    label.land(1)
    whole = gzip.compress(write_chart(tmp_path / "more", week_number(1), [("z", 5)]).read_bytes())
    name = f"regional-us-weekly-{week_number(1)}-b.csv.gz"
    (label.landing / name).write_bytes(whole[:-12])

    report = label.run()

    assert [week.rows for week in report.weeks] == [40]
    assert len(report.problems) == 1
    assert name in report.problems[0]
    assert "a whole .gz stream" in report.problems[0]


def test_retry_brings_a_correction_back_after_what_it_corrects(tmp_path: Path) -> None:
    label = Label(tmp_path)
    first = write_chart(label.landing / "z", week_number(1), make_rows(1))
    os.utime(first, (1, 1))
    second = write_chart(label.landing / "a", week_number(1), make_rows(2))
    second.rename(second.with_name(f"regional-us-weekly-{week_number(1)}-0.csv"))
    label.run()
    streams = "select sum(streams_week_count) from core.track_weeks"
    with label.open() as con:
        wanted = con.execute(streams).fetchall()
        session = Session(label.settings, load_formats(), con, "run", NOW)
        unload_week(session, FEED, week_number(1))

    label.run("retry")

    with label.open() as con:
        assert con.execute(streams).fetchall() == wanted
    statuses = "select status from raw.exports order by arrival_number"
    assert label.query(statuses) == [("superseded",), ("loaded",)]
