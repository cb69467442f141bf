"""``songpop models`` on a published registry of two versions, one of them from before cards."""

import json
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from songpop.cli.main import app
from songpop.errors import InputError
from songpop.registry import ModelVersion, Registration, register
from songpop.warehouse.paths import WarehousePaths
from tests.builders import NOW, make_warehouse, week_number
from tests.songpop.card.builders import make_evaluation, make_manifest, make_test


def add(con: duckdb.DuckDBPyConnection, version: str, week: int, card: str | None) -> None:
    tested = make_manifest(make_evaluation(), test=make_test())
    metrics = (tested if card else make_manifest()).metrics.model_dump(mode="json")
    model = ModelVersion(
        version,
        "f",
        "network",
        "level",
        4,
        week_number(week),
        week_number(1),
        "0" * 64,
        "is \x1bnew",
    )
    entry = Registration(
        model, "first", "promoted: \x1b[31mred", (week_number(1),), ("a",), 9, {}, metrics, {}, card
    )
    register(con, entry, "run", NOW)


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """The registry alone, where the snapshot stands."""
    con = make_warehouse()
    add(con, "old", 8, None)
    add(con, "new", 9, "# new\n\n**It loses to boosting**\n\x1b[31m\n")
    snapshot = WarehousePaths(tmp_path).snapshot
    con.execute(f"attach '{snapshot}' as published")
    con.execute("create schema published.ml")
    con.execute(
        "insert into ml.champions values ('f', date '2024-02-22', 'old', 'first', 'gate'), "
        "('f', date '2024-02-29', 'old', 'seen', 'hand')"
    )
    con.execute(
        "insert into ml.hand_decisions values "
        "('f', date '2024-02-29', 'old', 'new', 'seen', timestamptz '2024-03-01 06:00:00+00'), "
        "('f', date '2024-02-22', 'old', null, 'hunch', timestamptz '2024-02-23 06:00:00+00')"
    )
    for table in ("models", "champions", "hand_decisions"):
        con.execute(f"create table published.ml.{table} as from ml.{table}")
    con.close()
    return tmp_path


def songpop(warehouse: Path, *arguments: str) -> str:
    result = CliRunner().invoke(app, ["models", *arguments, "--warehouse", str(warehouse)])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_show_prints_the_card_for_people(warehouse: Path) -> None:
    shown = songpop(warehouse, "show", "new")

    assert shown.startswith("# new\n\n**It loses to boosting**\n\\x1b[31m\n")
    assert shown.rstrip().endswith(
        "Now: challenger; registered 2024-07-01 06:00 UTC.\nWarning: is \\x1bnew."
    )


def test_show_of_a_version_without_a_card_lists_what_is_registered(warehouse: Path) -> None:
    shown = songpop(warehouse, "show", "old")

    assert "version:             old" in shown
    assert "decision:            promoted: \\x1b[31mred" in shown
    assert "\x1b" not in shown


def test_show_as_json_holds_everything_and_the_card(warehouse: Path) -> None:
    entry = json.loads(songpop(warehouse, "show", "new", "--json"))

    assert entry["card"].startswith("# new")
    assert entry["metrics"]["test"]["rows_count"] == 6_000
    assert json.loads(songpop(warehouse, "show", "old", "--json"))["card"] is None


def test_list_sets_each_model_beside_its_best_baseline(warehouse: Path) -> None:
    rows = json.loads(songpop(warehouse, "list", "--json"))

    names = ("version", "test_log_loss", "baseline_log_loss", "best_baseline")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("new", 0.3, 0.31, "boosting"),
        ("old", None, None, None),
    ]
    assert {row["warning"] for row in rows} == {"is \x1bnew"}
    assert songpop(warehouse, "list").split("\n")[1].endswith("is \\x1bnew  promoted: \\x1b[31mred")


def test_list_and_show_say_who_decided_and_why_also_what_was_overruled(warehouse: Path) -> None:
    rows = json.loads(songpop(warehouse, "list", "--json"))

    told = ["from 2024-02-22: hunch", "from 2024-02-29: seen"]
    assert [(row["decided_by"], row["by_hand"]) for row in rows] == [(None, None), ("hand", told)]
    assert "; ".join(told) in songpop(warehouse, "list")


def test_show_ends_with_the_decisions_by_hand(tmp_path: Path) -> None:
    con = make_warehouse()
    add(con, "only", 8, "# only")
    con.execute(
        "insert into ml.hand_decisions values "
        "('f', date '2024-02-29', 'only', 'other', 'seen', null)"
    )
    con.execute(f"attach '{WarehousePaths(tmp_path).snapshot}' as published")
    con.execute("create schema published.ml")
    for table in ("models", "champions", "hand_decisions"):
        con.execute(f"create table published.ml.{table} as from ml.{table}")
    con.close()

    shown = songpop(tmp_path, "show", "only")

    assert shown.endswith("By hand: scores from 2024-02-29 on instead of other: seen.\n")


def test_list_of_one_feed_leaves_out_the_others(warehouse: Path) -> None:
    assert json.loads(songpop(warehouse, "list", "--feed", "g", "--json")) == []


def test_snapshot_of_an_older_songpop_is_named_with_the_way_out(tmp_path: Path) -> None:
    con = make_warehouse()
    con.execute(f"attach '{WarehousePaths(tmp_path).snapshot}' as published")
    con.execute("create schema published.ml")
    con.execute("create table published.ml.models as from ml.models")
    con.close()

    result = CliRunner().invoke(app, ["models", "list", "--warehouse", str(tmp_path)])

    assert isinstance(result.exception, InputError)
    assert "expected the tables of this songpop, got " in str(result.exception)
    assert "run `songpop run`, which brings an older warehouse up to date" in str(result.exception)
