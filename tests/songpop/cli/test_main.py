"""The commands as a user types them: real processes, exit codes, standard output and error."""

import json
from pathlib import Path

import pytest
import typer

from songpop.cli.main import app
from tests.builders import week_number, write_chart
from tests.commands import songpop

ROWS = [("a", 400), ("b", 300), ("c", 200)]


@pytest.fixture(scope="module")
def label(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with two loaded weeks of a small chart."""
    folder = tmp_path_factory.mktemp("label")
    for week in (1, 2):
        write_chart(folder / "warehouse" / "landing", week_number(week), ROWS)
    done = songpop(folder, "run")
    assert done.returncode == 0, done.stderr
    return folder


def test_run_says_what_was_scored_and_where_it_is(label: Path) -> None:
    done = songpop(label, "backfill")

    assert done.returncode == 0
    assert "spotify_charts_us: 0 of 2 weeks scored; 2 loaded without scores" in done.stdout
    assert "quarantined: nothing" in done.stdout
    assert "warehouse/songpop.duckdb" in done.stdout
    page = f"warehouse/reports/spotify_charts_us/{week_number(2)}.html"
    assert f"page:    {page}" in done.stdout
    assert (label / page).exists()


def test_nothing_new_is_a_success_that_says_so(label: Path) -> None:
    done = songpop(label, "run")

    assert (done.returncode, done.stderr) == (0, "")
    assert "nothing new: 2 known exports" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["run"],
        ["backfill"],
        ["models", "list"],
        ["sql", "from raw.exports"],
        ["doctor"],
        ["quarantine", "list"],
    ],
)
def test_json_is_alone_on_standard_output(label: Path, arguments: list[str]) -> None:
    done = songpop(label, *arguments, "--json")

    assert done.returncode == 0, done.stderr
    assert isinstance(json.loads(done.stdout), dict | list)


def test_run_accounts_for_every_row_in_json(label: Path) -> None:
    exports = json.loads(songpop(label, "sql", "from raw.exports", "--json").stdout)

    assert [(e["rows_read"], e["loaded"], e["duplicate"], e["quarantined"]) for e in exports] == [
        (3, 3, 0, 0)
    ] * 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "--week", "soon"], "--week: expected a date like 2024-06-13, got 'soon'"),
        (["run", "--week", "2031-01-02"], "week 2031-01-02: expected 1 export, got 0"),
        (["backfill", "--from", "x"], "--from: expected a date"),
        (["sql", "select from"], "query: expected valid SQL"),
        (["sql", "drop table raw.exports"], "query: expected one that reads"),
        (["models", "show", "nosuch"], "model nosuch: expected a registered version, got none"),
        (["unload", "nosuch", "2024-01-04"], "nosuch 2024-01-04: expected a loaded week"),
        (["simulate", "--weeks", "2", "--out", "x", "--fault", "rain@1"], "rain"),
    ],
)
def test_mistake_is_one_message_and_exit_code_two(
    label: Path, arguments: list[str], message: str
) -> None:
    done = songpop(label, *arguments)

    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_unknown_setting_is_named(label: Path, tmp_path: Path) -> None:
    (tmp_path / "songpop.toml").write_text("[ingest]\nmax_bad_shares = 0.1\n", encoding="utf-8")

    done = songpop(tmp_path, "run", "--warehouse", str(label / "warehouse"))

    assert done.returncode == 2
    assert "setting ingest.max_bad_shares" in done.stderr


def test_environment_overrides_the_file(tmp_path: Path) -> None:
    (tmp_path / "songpop.toml").write_text('warehouse = "one"\n', encoding="utf-8")
    write_chart(tmp_path / "two" / "landing", week_number(1), ROWS)

    done = songpop(tmp_path, "run", SONGPOP_WAREHOUSE="two")

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "two" / "songpop.duckdb").exists()
    assert not (tmp_path / "one").exists()


def test_quarantined_rows_are_counted_by_reason_and_listed_with_their_text(tmp_path: Path) -> None:
    rows = [(f"t{number}", 1000 - number) for number in range(40)]
    path = write_chart(tmp_path / "warehouse" / "landing", week_number(1), rows)
    path.write_text(path.read_text(encoding="utf-8").replace(",1000,", ",1e3,"), encoding="utf-8")

    done = songpop(tmp_path, "run")
    listed = json.loads(songpop(tmp_path, "quarantine", "list", "--json").stdout)

    assert done.returncode == 0, done.stderr
    assert "quarantined rows" in done.stdout
    assert [(row["line"], row["column_name"]) for row in listed] == [(2, "streams_week_count")]
    assert ",1e3," in listed[0]["raw_text"]


def test_refused_export_can_be_tried_again_under_other_settings(tmp_path: Path) -> None:
    path = write_chart(tmp_path / "warehouse" / "landing", week_number(1), ROWS)
    path.write_text(path.read_text(encoding="utf-8").replace(",400,", ",4e2,"), encoding="utf-8")
    refused = songpop(tmp_path, "run")
    (tmp_path / "songpop.toml").write_text("[ingest]\nmax_bad_share = 0.5\n", encoding="utf-8")

    again = songpop(tmp_path, "quarantine", "retry")

    assert refused.returncode == 0
    assert "nothing accepted for 2024-01-04" in refused.stdout
    assert again.returncode == 0, again.stderr
    counts = songpop(
        tmp_path, "sql", "select status, loaded, quarantined from raw.exports", "--json"
    )
    assert json.loads(counts.stdout) == [{"status": "loaded", "loaded": 2, "quarantined": 1}]


def test_every_command_has_help_with_an_example() -> None:
    group = typer.main.get_command(app)
    commands = {
        name: command
        for name, command in group.commands.items()  # type: ignore[attr-defined] - a group
        if not hasattr(command, "commands")
    }

    assert commands
    for name, command in commands.items():
        assert "Example" in (command.help or ""), name
        assert f"songpop {name}" in (command.help or ""), name


def test_version_is_that_of_the_package(tmp_path: Path) -> None:
    assert songpop(tmp_path, "--version").stdout.startswith("songpop 0.")
