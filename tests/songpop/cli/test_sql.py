"""``songpop sql`` on a label whose titles mean harm: nothing of them acts on the terminal."""

import json
import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from songpop.cli.main import main
from tests.builders import week_number
from tests.commands import songpop
from tests.songpop.hostile import HOSTILE, make_hostile

WEEK = str(week_number(7))


LONG = "select sum(a.range * b.range) from range(1000000) as a, range(100000) as b"
"""Takes a minute of two cores, and ends."""


def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


@pytest.fixture(scope="module")
def label(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_hostile(tmp_path_factory.mktemp("sql"))


def test_hostile_titles_are_shown_harmlessly_in_the_terminal(label: Path) -> None:
    done = songpop(label, "sql", f"select title from mart.weekly_scores where week = '{WEEK}'")

    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == len(HOSTILE) + 1
    assert all(sign.isprintable() for sign in done.stdout.replace("\n", ""))
    assert max(len(line) for line in done.stdout.splitlines()) <= 72
    assert "<script>alert(1)</script>" in done.stdout
    assert "a\\x1b[31mred\\x9b0m" in done.stdout
    assert "\\u202egnp.exe" in done.stdout
    assert "x" * 71 + "…" in done.stdout


def test_json_keeps_hostile_titles_whole_and_harmless(label: Path) -> None:
    query = f"select title from mart.weekly_scores where week = '{WEEK}' order by rank"

    done = songpop(label, "sql", query, "--json")

    assert [row["title"] for row in json.loads(done.stdout)] == list(HOSTILE)
    assert all(sign.isprintable() for sign in done.stdout.replace("\n", ""))


def test_message_that_quotes_a_title_is_harmless_too(label: Path) -> None:
    done = songpop(
        label, "sql", "select cast(title as int) from mart.weekly_scores where title like 'a%'"
    )

    assert done.returncode == 2
    assert "a\\x1b[31mred\\x9b0m" in done.stderr
    assert all(sign.isprintable() for sign in done.stderr.replace("\n", ""))


def test_titles_as_names_of_columns_are_harmless_too(label: Path) -> None:
    pivot = (
        "from (pivot (from mart.weekly_scores where starts_with(title, 'a')) "
        "on title in ('a\x1b[31mred\x9b0m') using max(score) group by week)"
    )

    done = songpop(label, "sql", pivot)

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("week        a\\x1b[31mred\\x9b0m\n")


def test_interrupt_within_a_statement_ends_the_command_without_a_trace(
    label: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        sys, "argv", ["songpop", "sql", LONG, "--warehouse", str(label / "warehouse")]
    )
    timer = threading.Timer(1, interrupt)
    # Where a shell begins something in the background, nobody can interrupt it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        timer.start()
        with pytest.raises(SystemExit) as ended:
            main()
        timer.join()
    finally:
        signal.signal(signal.SIGINT, before)

    assert ended.value.code == 130
    assert capsys.readouterr() == ("", "")


def test_other_errors_of_a_statement_are_not_taken_for_an_interrupt(
    label: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("something else")

    monkeypatch.setattr("songpop.warehouse.query.run_query", fail)
    monkeypatch.setattr(sys, "argv", ["songpop", "sql", LONG, "--warehouse", str(label)])

    with pytest.raises(RuntimeError, match="something else"):
        main()


def test_interrupted_run_says_that_the_weeks_before_are_committed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr("songpop.pipeline.runner.run_weeks", fail)
    monkeypatch.setattr(sys, "argv", ["songpop", "run", "--warehouse", str(tmp_path), "--json"])
    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 130
    message = "songpop: interrupted; the weeks before are committed, run it again to go on\n"
    assert capsys.readouterr() == ("", message)
