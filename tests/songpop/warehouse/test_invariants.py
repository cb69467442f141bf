import re
from functools import cache
from pathlib import Path
from typing import get_args

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from songpop.drift.verdict import Check, Level
from songpop.errors import CheckError
from songpop.warehouse import checks
from songpop.warehouse.checks import assert_checks, assert_tables, run_checks
from songpop.warehouse.sqlfiles import list_sql, read_sql
from tests.builders import make_warehouse, week_number
from tests.songpop.warehouse.make_warehouse import add_scores, make_healthy

WEEK_6 = {"feed": "us", "week": week_number(6)}
SCORES = "mart.weekly_scores"
EARLIER = "mart.superseded_scores"
AT_6 = f"where feed = 'us' and week = date '{week_number(6)}'"

BACKTEST = (
    "insert into ml.backtests values ('b', 'us', ['us'], 'level', 4, date '2024-01-04', "
    "date '2024-01-11', 13, 4, 1, 10, '{}', now());"
)
FIGURE = (
    f"{BACKTEST} insert into ml.backtest_figures values ('b', 'us', null, 'network', 'all rows', "
    "10, 0.5, 0.4, 0.1, 0.1, 0.9, 0.9, 0.9, 0.9, 0.9, 1.8, 1.8);"
)
DIFFERENCE = (
    f"{BACKTEST} insert into ml.backtest_differences values ('b', 'us', null, 'boosting', "
    "-0.1, -0.2, 0.1, 0.01, 0.0, 0.02);"
)
INTERVAL = (
    f"{BACKTEST} insert into ml.backtest_intervals values "
    "('b', 'us', 'slice', 'all rows', 10, 0.8, 0.4);"
)

ACCEPTED = "insert into core.accepted_weeks values ('us', date '2024-01-04', ['s'], 'true', now());"

MORE_LINES = (
    "insert into core.platform_facts select * replace (99 as line) from core.platform_facts limit 1"
)
REFUSED_AND_JOINED = (
    "update core.own_tracks set same_as = 'own:1'; update core.track_matches set verdict = "
    "'refused', decided_by = 'me', decided_at = now()"
)
UNLOADED = "update raw.platform_exports set status = 'unloaded', reason = 'r'"

BREAKS = {
    "core.accepted_weeks.keys": ACCEPTED + ACCEPTED,
    "core.own_spellings.exports": UNLOADED,
    "core.own_tracks.keys": "update core.own_tracks set same_as = 'own:3'",
    "core.platform_facts.exports": "update core.platform_facts set combined = 'product'",
    "core.track_matches.keys": "update core.track_matches set verdict = 'confirmed'",
    "core.column_profiles.counts": "update core.column_profiles set missing_count = 2",
    "core.falling_counters.cells": "update core.falling_counters set after = before",
    "core.matured_losses.keys": "update core.matured_losses set week = matured_week",
    "core.score_profiles.keys": "update core.score_profiles set model_version = 'us-1'",
    "core.week_profiles.keys": "update core.week_profiles set is_accepted = false",
    "core.metric_facets.keys": (
        "insert into core.metric_facets values ('chart', 'streams', 'mood', 'streams', 1)"
    ),
    "core.track_history.first_seen": "delete from core.track_history where track_id = 'b'",
    "core.track_weeks.exports": "update raw.exports set status = 'unloaded' where feed = 'gb'",
    "core.track_weeks.keys": f"update core.track_weeks set track_id = 'a' {AT_6}",
    "core.weeks.keys": "insert into core.weeks select * from core.weeks where feed = 'gb'",
    "core.weeks.rows": f"update core.weeks set rows_count = 4 {AT_6}",
    "core.weeks.scored": f"update core.weeks set model_version = 'us-1' {AT_6}",
    "main.schema_migrations.keys": (
        "insert into schema_migrations select * from schema_migrations limit 1"
    ),
    "mart.publication.row": "insert into mart.publication (revision) values (7)",
    "mart.publication_weeks.counts": "delete from mart.publication_weeks",
    f"{SCORES}.interval": f"update {SCORES} set outcome_low = 0.9, outcome_high = 0.1 {AT_6}",
    f"{SCORES}.keys": f"update {SCORES} set track_id = 'a' {AT_6}",
    f"{SCORES}.model": f"update {SCORES} set model_version = 'us-3' {AT_6}",
    f"{SCORES}.rank": f"update {SCORES} set rank = rank + 1 {AT_6}",
    f"{SCORES}.tracks": f"delete from {SCORES} {AT_6} and track_id = 'c'",
    f"{SCORES}.values": f"update {SCORES} set potential = 'high' {AT_6}",
    f"{EARLIER}.keys": f"insert into {EARLIER} select * from {EARLIER}",
    f"{EARLIER}.model": f"update {EARLIER} set model_version = 'us-3'",
    f"{EARLIER}.values": f"update {EARLIER} set potential = 'low'",
    "ml.champions.decided": "update ml.champions set decided_by = 'nobody'",
    "ml.champions.keys": "insert into ml.champions select * from ml.champions limit 1",
    "ml.backtest_differences.keys": DIFFERENCE + DIFFERENCE,
    "ml.backtest_differences.values": DIFFERENCE.replace("-0.2", "0.3"),
    "ml.backtest_figures.keys": FIGURE + FIGURE,
    "ml.backtest_figures.values": FIGURE.replace("0.4", "-0.4"),
    "ml.backtest_intervals.keys": INTERVAL + INTERVAL,
    "ml.backtest_intervals.values": INTERVAL.replace("0.8", "1.8"),
    "ml.backtests.keys": BACKTEST + BACKTEST,
    "ml.backtests.values": BACKTEST.replace("13, 4", "13, 3"),
    "ml.champions.models": "update ml.champions set version = 'gone' where from_week = "
    "(select min(from_week) from ml.champions)",
    "ml.hand_decisions.kept": "update ml.hand_decisions set because = ' '",
    "ml.drift.keys": "insert into ml.drift select * from ml.drift",
    "ml.drift.words": "update ml.drift set check_name = 'hunch'",
    "ml.drift.decided": "delete from ml.drift_weeks",
    "ml.drift_weeks.decisions": "update ml.drift_weeks set decision = 'perhaps'",
    "ml.labels.keys": "insert into ml.labels select * from ml.labels",
    "ml.labels.tracks": "update ml.labels set track_id = 'z'",
    "ml.labels.values": "update ml.labels set outcome_percentile = 1.5",
    "ml.models.card": "update ml.models set card = 'the card of another'",
    "ml.models.keys": "insert into ml.models select * from ml.models where version = 'us-1'",
    "ml.models.status": "update ml.models set status = 'champion'",
    "ml.models.weeks": "update ml.models set seen_until_week = trained_week + 7",
    "ml.runs.keys": "insert into ml.runs select * from ml.runs",
    "raw.differences.exports": "insert into raw.differences values ('x', 'y', 'a', 'b', 'c', 'd')",
    "raw.exports.counts": "update raw.exports set loaded = loaded + 1 where feed = 'us'",
    "raw.exports.loaded": "update raw.exports set damaged_text_count = 7 where feed = 'us'",
    "raw.exports.keys": "insert into raw.exports select * from raw.exports where feed = 'gb'",
    "raw.exports.status": "update raw.exports set reason = null where status = 'refused'",
    "raw.landing_files.keys": ("insert into raw.landing_files select 'p', 1, 1, 's' from range(2)"),
    "raw.platform_exports.counts": "update raw.platform_exports set loaded = 6",
    "raw.platform_quarantine.lines": "delete from raw.platform_quarantine",
    "raw.quarantine.lines": "insert into raw.quarantine values ('bad', 4, null, 'r', 't')",
}
"""For each check, a statement after which it does not hold."""


def names_of(con: duckdb.DuckDBPyConnection, scope: checks.Scope) -> set[str]:
    params = WEEK_6 if scope == "week" else None
    return {finding.check for finding in run_checks(con, scope, params)}


def test_every_check_is_shown_to_fail() -> None:
    assert {f"checks/{name}" for name in BREAKS} == set(list_sql("checks"))


def test_every_table_has_a_check() -> None:
    con = make_warehouse()
    tables = con.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
    checked = {name.removeprefix("checks/").rpartition(".")[0] for name in list_sql("checks")}

    assert {table for (table,) in tables} == checked


def test_every_check_says_what_holds_and_what_to_do() -> None:
    for name in list_sql("checks"):
        holds, remedy = checks.read_header(name)

        assert len(holds) > 10
        assert len(remedy) > 10


def test_healthy_warehouse_has_no_findings(tmp_path: Path) -> None:
    _, con = make_healthy(tmp_path)

    assert run_checks(con, "warehouse") == []
    assert run_checks(con, "week", WEEK_6) == []
    con.close()


@pytest.mark.parametrize("check", sorted(BREAKS))
def test_check_finds_what_breaks_it(tmp_path: Path, check: str) -> None:
    _, con = make_healthy(tmp_path)
    con.execute(BREAKS[check])

    found = [finding for finding in run_checks(con, "warehouse") if finding.check == check]

    assert len(found) == 1
    assert found[0].severity == "error"
    assert found[0].subject == check.rpartition(".")[0]
    assert found[0].message.startswith(f"check {check}: expected ")
    con.close()


@pytest.mark.parametrize(
    "check", [name for name in sorted(BREAKS) if "$week" in read_sql(f"checks/{name}")]
)
def test_check_of_a_week_leaves_other_weeks_alone(tmp_path: Path, check: str) -> None:
    _, con = make_healthy(tmp_path)
    con.execute(BREAKS[check])

    elsewhere = run_checks(con, "week", {"feed": "kr", "week": week_number(6)})

    assert elsewhere == []
    con.close()


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ("score = 'nan'::double", f"{SCORES}.values"),
        ("score = 1.01", f"{SCORES}.values"),
        ("score = -0.01", f"{SCORES}.values"),
        ("percentile = 2", f"{SCORES}.values"),
        ("potential = 'low'", f"{SCORES}.values"),
        ("outcome_low = null", f"{SCORES}.interval"),
        ("outcome_low = 'nan'::double", f"{SCORES}.interval"),
        ("outcome_high = 1.2", f"{SCORES}.interval"),
        ("outcome_low = -0.1", f"{SCORES}.interval"),
        ("score = 1 - score", f"{SCORES}.rank"),
        ("rank = 1", f"{SCORES}.rank"),
        ("rank = rank - 1", f"{SCORES}.rank"),
        ("track_id = track_id || 'x'", f"{SCORES}.tracks"),
    ],
)
def test_week_is_refused_for_a_broken_score(tmp_path: Path, change: str, check: str) -> None:
    _, con = make_healthy(tmp_path)
    con.execute(f"update {SCORES} set {change} {AT_6}")

    assert check in names_of(con, "week")
    con.close()


def test_tables_are_checked_by_their_own_checks_alone(tmp_path: Path) -> None:
    _, con = make_healthy(tmp_path)
    assert_tables(con, [SCORES])
    con.execute(f"update {SCORES} set score = 2 {AT_6}")

    assert_tables(con, ["core.tracks", "raw.exports"])
    with pytest.raises(CheckError, match=re.escape(f"check {SCORES}.values: ")):
        assert_tables(con, ["raw.exports", SCORES])
    con.close()


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (
            "insert into raw.platform_exports from raw.platform_exports",
            "raw.platform_exports.counts",
        ),
        ("update raw.platform_exports set status = 'lost'", "raw.platform_exports.counts"),
        ("update raw.platform_exports set reason = 'r'", "raw.platform_exports.counts"),
        (
            MORE_LINES,
            "core.platform_facts.exports",
        ),
        ("update core.platform_facts set value = 'nan'::double", "core.platform_facts.exports"),
        ("update core.platform_facts set week = null", "core.platform_facts.exports"),
        ("update core.platform_facts set sha256 = 'gone'", "core.platform_facts.exports"),
        ("insert into core.own_spellings from core.own_spellings", "core.own_spellings.exports"),
        ("update core.own_spellings set isrc = 'USRC17607839'", "core.own_spellings.exports"),
        ("delete from core.own_tracks where own_track_id = 'own:1'", "core.own_tracks.keys"),
        ("insert into core.own_tracks from core.own_tracks", "core.own_tracks.keys"),
        ("insert into core.track_matches from core.track_matches", "core.track_matches.keys"),
        ("update core.track_matches set decided_by = 'me'", "core.track_matches.keys"),
        (
            REFUSED_AND_JOINED,
            "core.track_matches.keys",
        ),
    ],
)
def test_platforms_rows_are_held_against_each_other(
    tmp_path: Path, change: str, check: str
) -> None:
    _, con = make_healthy(tmp_path)
    con.execute(change)

    assert check in names_of(con, "warehouse")
    con.close()


@pytest.mark.parametrize(
    "change",
    [
        "update ml.labels set matured_week = week",
        "update ml.labels set matured_week = week - 7",
        "update ml.labels set label = 'mood'",
        "update ml.labels set size_percentile = 0",
        "update ml.labels set size_percentile = 'nan'::double",
        "update ml.labels set outcome_percentile = 'nan'::double",
    ],
)
def test_labels_that_matured_this_week_are_checked_with_it(tmp_path: Path, change: str) -> None:
    _, con = make_healthy(tmp_path)
    con.execute(change)

    assert "ml.labels.values" in names_of(con, "warehouse")
    con.close()


def test_labels_are_checked_with_the_week_they_matured_in(tmp_path: Path) -> None:
    _, con = make_healthy(tmp_path)
    con.execute("insert into ml.labels select * from ml.labels")

    assert names_of(con, "week") == {"ml.labels.keys"}
    con.close()


def test_week_without_scores_needs_none_but_accepts_no_leftovers(tmp_path: Path) -> None:
    _, con = make_healthy(tmp_path)
    params = {"feed": "gb", "week": week_number(6)}

    assert run_checks(con, "week", params) == []

    add_scores(con, "gb", 6, {"a": 0.5, "b": 0.4})

    found = {finding.check for finding in run_checks(con, "week", params)}
    assert {"core.weeks.scored", f"{SCORES}.model", f"{SCORES}.tracks"} <= found
    con.close()


def test_refused_export_lists_every_line(tmp_path: Path) -> None:
    _, con = make_healthy(tmp_path)
    con.execute("delete from raw.quarantine where line = 3")

    assert names_of(con, "warehouse") == {"raw.quarantine.lines"}
    con.close()


@pytest.mark.parametrize(
    "statement",
    [
        "insert into ml.drift_weeks select * from ml.drift_weeks",
        "update ml.drift_weeks set reasons = []",
        "update ml.drift_weeks set reasons = ['moved', '']",
        "update ml.drift_weeks set decision = 'retrain'",
        "update ml.drift_weeks set decision = 'warn'",
        "update ml.drift_weeks set decision = 'quarantine', because = 'implausible'",
        "update ml.drift set verdict = 'fail'",
        "delete from ml.drift",
    ],
)
def test_decision_that_nothing_bears_out_is_found(tmp_path: Path, statement: str) -> None:
    _, con = make_healthy(tmp_path)
    con.execute(statement)

    for scope in ("week", "warehouse"):
        assert "ml.drift_weeks.decisions" in names_of(con, scope)
    con.close()


@pytest.mark.parametrize(
    "statement",
    [
        "update ml.drift_weeks set decision = 'warn'; update ml.drift set verdict = 'fail'",
        "update ml.drift_weeks set decision = 'retrain'; update ml.drift set verdict = 'fail'",
        "update ml.drift_weeks set decision = 'quarantine', because = 'refused'",
        "update ml.drift_weeks set reasons = ['not judged: no weeks']; delete from ml.drift",
    ],
)
def test_decision_that_its_verdicts_bear_out_is_none(tmp_path: Path, statement: str) -> None:
    _, con = make_healthy(tmp_path)
    con.execute(statement)

    assert "ml.drift_weeks.decisions" not in names_of(con, "warehouse")
    con.close()


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("update ml.drift set statistic = null", "ml.drift.keys"),
        ("update ml.drift set threshold = 0", "ml.drift.keys"),
        ("update ml.drift set p_value = 2", "ml.drift.keys"),
        ("update ml.drift set verdict = 'perhaps'", "ml.drift.words"),
        ("update ml.drift set direction = 2", "ml.drift.words"),
    ],
)
def test_verdict_without_numbers_or_in_unknown_words_is_found(
    tmp_path: Path, statement: str, check: str
) -> None:
    _, con = make_healthy(tmp_path)
    con.execute(statement)

    assert check in names_of(con, "week")
    con.close()


def test_check_of_drift_knows_every_check_and_level() -> None:
    text = read_sql("checks/ml.drift.words")

    for word in (*get_args(Check), *get_args(Level)):
        assert f"'{word}'" in text


def test_rows_that_left_a_week_unseen_are_found(tmp_path: Path) -> None:
    _, con = make_healthy(tmp_path)
    con.execute("delete from core.track_weeks where feed = 'us' and line = 3")
    con.execute("update core.weeks set rows_count = rows_count - 1 where feed = 'us'")

    assert "raw.exports.loaded" in names_of(con, "warehouse")
    con.close()


def test_quarantine_of_an_unknown_export_is_found(tmp_path: Path) -> None:
    _, con = make_healthy(tmp_path)
    con.execute("insert into raw.quarantine values ('gone', 4, null, 'r', 't')")

    assert names_of(con, "warehouse") == {"raw.quarantine.lines"}
    assert names_of(con, "week") == set()
    con.close()


def test_feed_that_was_promoted_needs_a_champion(tmp_path: Path) -> None:
    _, con = make_healthy(tmp_path)
    con.execute("update ml.models set status = 'retired'")

    assert names_of(con, "warehouse") == {"ml.models.status"}

    con.execute("delete from ml.models where version = 'us-2'")

    assert {"ml.models.status", f"{SCORES}.model"} <= names_of(con, "warehouse")
    con.close()


def test_error_names_check_count_and_five_offenders_at_most(tmp_path: Path) -> None:
    _, con = make_healthy(tmp_path)
    con.execute(f"delete from {SCORES} {AT_6}")
    con.execute(
        "insert into core.track_weeks by name "
        "select w.* replace (w.track_id || r.n as track_id) "
        "from core.track_weeks as w, range(20_000) as r (n)"
    )
    pattern = (
        r"(?s)check core\.weeks\.rows: .*"
        r"check mart\.weekly_scores\.tracks: expected exactly the week's accepted tracks scored, "
        r"where it is scored at all, got 60003 offending: feed=us week_end=2024-02-08 track_id=a "
        r"is_scored=False; (feed=us [^;]*; ){4}…; run the week again with `songpop run"
    )

    with pytest.raises(CheckError, match=pattern):
        assert_checks(con, "week", WEEK_6)
    con.close()


def test_checks_that_hold_raise_nothing(tmp_path: Path) -> None:
    _, con = make_healthy(tmp_path)

    assert_checks(con, "week", WEEK_6)
    con.close()


def test_hostile_text_is_shown_escaped_and_short(tmp_path: Path) -> None:
    _, con = make_healthy(tmp_path)
    con.execute(
        f"update {SCORES} set track_id = $track {AT_6}", {"track": "\x1b[2J\u202e" + "x" * 500}
    )

    message = run_checks(con, "week", WEEK_6)[0].message

    assert message.isprintable()
    assert "\\x1b[2J\\u202e" in message
    (cell,) = {word for word in message.split() if word.startswith("track_id=")}
    assert cell.endswith("x…")
    assert len(cell) == len("track_id=") + 60
    con.close()


def test_check_without_a_header_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def list_headless(folder: str) -> list[str]:
        del folder
        return ["marts/read_revision"]

    monkeypatch.setattr(checks, "list_sql", list_headless)
    con = make_warehouse()

    with pytest.raises(
        CheckError, match=r"sql/marts/read_revision\.sql: expected holds: and remedy: in its header"
    ):
        run_checks(con, "warehouse")


@cache
def shared_warehouse() -> duckdb.DuckDBPyConnection:
    return make_warehouse()


@settings(deadline=None, max_examples=50)
@given(scores=st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_rank_holds_for_any_scores_in_their_order(scores: list[float]) -> None:
    con = shared_warehouse()
    con.execute("delete from mart.weekly_scores")
    add_scores(con, "us", 6, {f"t{n}": score for n, score in enumerate(scores)})

    assert con.execute(read_sql(f"checks/{SCORES}.rank"), WEEK_6).fetchall() == []
    assert con.execute(read_sql(f"checks/{SCORES}.values"), WEEK_6).fetchall() == []
