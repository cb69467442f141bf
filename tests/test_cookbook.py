"""Every query and command of sql/README.md is run, so that it cannot drift.

DuckDB's command line is no Python package that songpop needs: what stands after its ``-c`` is run
through the Python client.
"""

import re
import runpy
import shlex
from pathlib import Path

import duckdb
import polars as pl
import pytest

from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.publish import publish
from songpop.warehouse.query import run_query
from songpop.warehouse.sqlfiles import SQL_ROOT
from tests.builders import week_number
from tests.commands import songpop
from tests.cookbook_label import make_label
from tests.songpop.warehouse.make_warehouse import rescore

TEXT = (SQL_ROOT / "README.md").read_text(encoding="utf-8")
OPENING, _, QUESTIONS = TEXT.partition("## A&R and artist teams")
ANSWERS: dict[int, list[tuple[object, ...]]] = {
    1: [("Xarito", "Allusa Ñolalis", 1, 0.9), ("Xarito", "Allusa Ñolalis", 1, 0.8)],
    2: [("Xarito", "Allusa Ñolalis", 2, 1, 1)],
    3: [("demo", "Song d", "Artist d", True, None, 0.6)],
    4: [("demo", "b", "Song b", "Artist b", 0.7), ("demo", "a", "Xarito", "Allusa Ñolalis", 0.6)],
    5: [("Allusa Ñolalis", 1, 1, 0.9), ("Artist b", 1, 1, 0.7)],
    6: [("a", "Xarito", 2, ["spotify_charts_gb", "spotify_charts_us"], [1, 2], ["high", "low"])],
    9: [(week_number(3), week_number(7), 2, 1), (week_number(5), week_number(9), 2, 1)],
    10: [(0.1, 1), (0.2, 2), (0.4, 1), (0.6, 3), (0.7, 3), (0.8, 1), (0.9, 1)],
    14: [
        (
            *("demo", "demo-1", "network", "first", "the first", "demo-2 is better"),
            *(week_number(2), week_number(6), 4),
        )
    ],
    16: [(week_number(7), "Xarito", "Allusa Ñolalis", 0.3, 0.7, "demo-1", "demo-2")],
    18: [("demo", week_number(4), "bad.csv", "refused", 1, 1, "implausible", "other units")],
    19: [("demo", week_number(9), "warn", "for one week", 1, "more gaps")],
    20: [("demo", week_number(4), "quarantine", ["other units"])],
    21: [("Song", "Artist", "spotify", "streams", week_number(2), 7.0, "streams")],
    22: [("Song", "Sóng", "Artist", "Artist", "written differently", None, "open", None)],
}
"""The first columns of the first rows, where the small label makes the answer plain."""


def find_questions() -> dict[int, str]:
    """Return the text below each numbered heading."""
    parts = re.split(r"^### (\d+)\. .*\?$", QUESTIONS, flags=re.MULTILINE)
    return {
        int(number): re.split(r"^##", body, flags=re.MULTILINE)[0]
        for number, body in zip(parts[1::2], parts[2::2], strict=True)
    }


def find_blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def find_shell_queries() -> list[str]:
    """Return what the commands of DuckDB's own shell ask."""
    lines = [shlex.split(line) for block in find_blocks(TEXT, "sh") for line in block.splitlines()]
    return [words[-1] for words in lines if words[0] == "duckdb" and "-c" in words]


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> WarehousePaths:
    return make_label(tmp_path_factory.mktemp("cookbook"))


@pytest.fixture
def folder(paths: WarehousePaths, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(paths.root.parent)
    return paths.root.parent


def test_twenty_two_questions_have_a_query_each() -> None:
    questions = find_questions()

    assert list(questions) == list(range(1, 23))
    assert {len(find_blocks(text, "sql")) for text in questions.values()} == {1}


@pytest.mark.parametrize("number", find_questions())
def test_question_is_answered(paths: WarehousePaths, number: int) -> None:
    (query,) = find_blocks(find_questions()[number], "sql")

    answer = run_query(paths, query)

    assert answer.height > 0
    wanted = ANSWERS.get(number, [])
    assert [row[: len(wanted[0])] for row in answer.rows()[: len(wanted)]] == wanted


@pytest.mark.parametrize("query", find_blocks(OPENING, "sql"))
def test_plain_duckdb_answers_what_is_shown(folder: Path, query: str) -> None:
    assert (folder / "warehouse").is_dir()
    with duckdb.connect() as con:
        answers = [con.execute(s.query).fetchall() for s in con.extract_statements(query)]

    assert any(answers)


@pytest.mark.parametrize("code", find_blocks(OPENING, "python"))
def test_python_of_the_cookbook_works(folder: Path, code: str) -> None:
    script = folder / "cell.py"
    script.write_text(code, encoding="utf-8")

    names = runpy.run_path(str(script))

    frames = [value for value in names.values() if isinstance(value, pl.DataFrame)]
    assert frames
    assert all(frame.height > 0 for frame in frames)


def test_commands_of_the_shell_work(folder: Path) -> None:
    listed = songpop(folder, "quarantine", "list", "--json")
    (folder / "quarantined.json").write_text(listed.stdout, encoding="utf-8")
    queries = find_shell_queries()

    assert len(queries) == 3
    with duckdb.connect("warehouse/songpop.duckdb", read_only=True) as con:
        assert all(con.execute(query).fetchall() for query in queries)


def test_commands_of_songpop_are_known() -> None:
    assert "songpop quarantine list --json > quarantined.json\n" in TEXT
    assert set(re.findall(r"`songpop ([a-z]+)", TEXT)) == {
        "backfill",
        "export",
        "maintain",
        "platforms",
        "quarantine",
        "sql",
    }


def test_open_connection_keeps_its_week_until_all_of_the_process_are_closed(
    tmp_path: Path,
) -> None:
    paths = make_label(tmp_path)
    query = "select distinct run_id from mart.weekly_scores where feed = 'demo' and week = ?"
    week = [week_number(10)]

    with duckdb.connect(str(paths.snapshot), read_only=True) as reader:
        with duckdb.connect(str(paths.private)) as con:
            rescore(con, 10, "new", "demo")
            publish(con, paths)
        assert reader.execute(query, week).fetchall() == [("run",)]
        with duckdb.connect(str(paths.snapshot), read_only=True) as beside:
            assert beside.execute(query, week).fetchall() == [("run",)]
    with duckdb.connect(str(paths.snapshot), read_only=True) as anew:
        assert anew.execute(query, week).fetchall() == [("new",)]
