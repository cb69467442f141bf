"""``songpop drift`` on a chart that drifted."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from songpop.cli.drift import read_overrides
from songpop.cli.main import app
from songpop.errors import InputError
from songpop.settings import DriftSettings
from tests.builders import week_number
from tests.songpop.pipeline.drift_history import DriftLabel, chart_rows
from tests.songpop.pipeline.test_runner import FEED


@pytest.fixture(scope="module")
def charts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of six weeks of a chart; the last came in other units."""
    label = DriftLabel(tmp_path_factory.mktemp("cli"))
    for week in range(1, 7):
        label.land(week, rows={week: chart_rows(week, 1_000 if week == 6 else 1)})
    label.run()
    return label.settings.warehouse


def invoke(warehouse: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["drift", *arguments, "--warehouse", str(warehouse)])


def songpop(warehouse: Path, *arguments: str) -> str:
    result = invoke(warehouse, *arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_list_shows_each_week_newest_first_with_its_main_reason(charts: Path) -> None:
    lines = songpop(charts, "list").splitlines()

    assert lines[0].split() == ["feed", "week", "decision", "because", "main", "reason"]
    assert len(lines) == 7
    assert f"{week_number(6)}  quarantine  implausible" in lines[1]
    assert "streams this week: the median track has" in lines[1]
    assert str(week_number(1)) in lines[-1]


def test_list_as_json_holds_all_reasons(charts: Path) -> None:
    rows = json.loads(songpop(charts, "list", "--json"))

    assert [row["week"] for row in rows] == [str(week_number(week)) for week in range(6, 0, -1)]
    assert rows[0]["decision"] == "quarantine"
    assert rows[0]["reasons"][-1] == "therefore quarantine: implausible"


def test_list_is_narrowed_by_feed_and_weeks(charts: Path) -> None:
    span = ("--from", str(week_number(2)), "--to", str(week_number(3)), "--json")

    rows = json.loads(songpop(charts, "list", "--feed", FEED, *span))

    assert [row["week"] for row in rows] == [str(week_number(week)) for week in (3, 2)]
    assert songpop(charts, "list", "--feed", FEED, "--to", "2020-01-02") == (
        "no week was judged between --from and --to\n"
    )


def test_replay_with_the_same_settings_changes_nothing(charts: Path) -> None:
    last = songpop(charts, "replay", FEED).splitlines()[-1]

    assert last.startswith("6 weeks: ")
    assert last.endswith("1 quarantine; 0 decided otherwise than recorded")


def test_replay_under_other_settings_says_what_differs(charts: Path) -> None:
    arguments = ("replay", FEED, "--set", "units_factor=1e9", "--set", "level_factor=1e8")

    entries = json.loads(songpop(charts, *arguments, "--json"))
    last = songpop(charts, *arguments).splitlines()[-1]

    assert entries[-1]["recorded"] == "quarantine"
    assert entries[-1]["replayed"] != "quarantine"
    assert set(entries[0]) == {"week", "recorded", "replayed", "reasons"}
    assert last.endswith("0 quarantine; 1 decided otherwise than recorded")


def test_settings_that_are_named_replace_those_of_the_base() -> None:
    base = DriftSettings(column_share=0.5)

    found = read_overrides(base, ["distance=0.2", "cool_down_weeks=8", "distance=0.3"])

    assert found == DriftSettings(column_share=0.5, distance=0.3, cool_down_weeks=8)
    assert read_overrides(base, []) == base


@pytest.mark.parametrize("text", ["distance", "nosuch=1", "=1", ""])
def test_override_of_no_setting_names_the_keys(text: str) -> None:
    message = f"--set {text}: expected KEY=VALUE of .drift., got .*; keys are .*"
    with pytest.raises(InputError, match=message):
        read_overrides(DriftSettings(), [text])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("distance=2", "--set distance: expected less than or equal to 1, got '2'"),
        ("distance=far", "--set distance: expected a valid number"),
        ("persistence_weeks=0", "--set persistence_weeks: expected greater than or equal to 1"),
    ],
)
def test_impossible_value_is_refused_with_its_bound(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_overrides(DriftSettings(), [text])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["list", "--from", "soon"], "--from: expected a date like 2024-06-13, got 'soon'"),
        (["replay", FEED, "--to", "x"], "--to: expected a date like 2024-06-13, got 'x'"),
        (["replay", "nosuch"], "feed nosuch: expected a feed that is loaded"),
        (
            ["list", "--feed", "nosuch"],
            f"feed nosuch: expected a feed that is loaded, got none; feeds are 1: {FEED}",
        ),
        (["replay", FEED, "--from", "2030-01-03"], "expected weeks between --from and --to"),
    ],
)
def test_mistake_is_an_input_error(charts: Path, arguments: list[str], message: str) -> None:
    result = invoke(charts, *arguments)

    assert isinstance(result.exception, InputError)
    assert message in str(result.exception)
