"""``songpop accept`` from a chart's quarantined week to its published scores."""

import json
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner, Result

from songpop.cli.main import app
from songpop.errors import InputError
from tests.builders import week_number
from tests.songpop.pipeline.drift_history import DriftLabel, chart_rows
from tests.songpop.pipeline.test_runner import FEED

HELD = str(week_number(9))


@pytest.fixture(scope="module")
def charts(tmp_path_factory: pytest.TempPathFactory) -> DriftLabel:
    """Nine weeks of a chart, the eighth of which trained a model; the ninth was kept out."""
    label = DriftLabel(tmp_path_factory.mktemp("accept"))
    for week in range(1, 10):
        label.land(week, rows={week: chart_rows(week, 1_000 if week == 9 else 1)})
    label.run()
    return label


def accept(label: DriftLabel, *arguments: str) -> Result:
    warehouse = str(label.settings.warehouse)
    return CliRunner().invoke(app, ["accept", *arguments, "--warehouse", warehouse])


def test_accepted_week_is_scored_and_reported_as_json(charts: DriftLabel, tmp_path: Path) -> None:
    label = charts.copy_to(tmp_path)

    result = accept(label, FEED, HELD, "--because", "the chart counts in thousandths", "--json")

    assert result.exit_code == 0, result.output
    (week,) = json.loads(result.stdout)["weeks"]
    assert (week["week"], week["outcome"], week["scored"]) == (HELD, "scored", 120)
    scored = label.query(f"select count(*) from mart.weekly_scores where week = '{HELD}'")
    assert scored == [(120,)]
    for path in (label.paths.private, label.paths.snapshot):
        with duckdb.connect(str(path), read_only=True) as con:
            kept = con.execute("select feed, week::varchar, because from mart.accepted_weeks")
            assert kept.fetchall() == [(FEED, HELD, "the chart counts in thousandths")]


def test_quarantine_list_says_which_check_of_which_column_kept_a_file_out(
    charts: DriftLabel,
) -> None:
    command = ["quarantine", "list", "--warehouse", str(charts.settings.warehouse)]
    cause = "streams this week: the median track has 1,"

    told = CliRunner().invoke(app, command).stdout
    rows = json.loads(CliRunner().invoke(app, [*command, "--json"]).stdout)

    assert told.startswith(f"refused: {FEED} {HELD} regional-us-weekly-{HELD}.csv: {cause}")
    assert {row["refused_because"].partition(cause)[0] for row in rows} == {""}


def test_week_that_was_not_kept_out_is_an_input_error(charts: DriftLabel) -> None:
    result = accept(charts, FEED, str(week_number(8)))

    assert isinstance(result.exception, InputError)
    assert f"{FEED} {week_number(8)}: expected a week that is quarantined" in str(result.exception)


def test_other_landing_folder_without_the_file_is_an_input_error(
    charts: DriftLabel, tmp_path: Path
) -> None:
    result = accept(charts, FEED, HELD, "--landing", str(tmp_path))

    assert isinstance(result.exception, InputError)
    assert f"expected regional-us-weekly-{HELD}.csv in {tmp_path}" in str(result.exception)
    assert "put it back or pass --landing" in str(result.exception)


def test_week_that_is_no_date_is_an_input_error(charts: DriftLabel) -> None:
    result = accept(charts, FEED, "soon")

    assert isinstance(result.exception, InputError)
    assert "WEEK: expected a date like 2024-06-13, got 'soon'" in str(result.exception)
