"""``songpop export`` as a user types it, on a label whose titles mean harm."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from songpop.cli.export import print_written
from songpop.export.csv import Written
from tests.builders import week_number
from tests.commands import songpop
from tests.songpop.hostile import HOSTILE, make_hostile

WEEK = str(week_number(7))


@pytest.fixture(scope="module")
def label(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_hostile(tmp_path_factory.mktemp("export"))


def test_file_holds_hostile_titles_harmlessly_and_numbers_as_numbers(label: Path) -> None:
    done = songpop(label, "export", "--out", "scores.csv")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{len(HOSTILE)} rows of mart.weekly_scores: scores.csv\n"
    with (label / "scores.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    assert [row["title"] for row in rows] == list(HOSTILE.values())
    assert {row["week"] for row in rows} == {WEEK}
    assert {row["reason_1_contribution"] for row in rows} == {"-0.5"}


def test_standard_output_is_the_same_rows_without_a_byte_order_mark(label: Path) -> None:
    songpop(label, "export", "--out", "same.csv")

    done = songpop(label, "export", "--feed", "us", "--week", WEEK)

    assert (done.returncode, done.stderr) == (0, "")
    text = (label / "same.csv").read_text(encoding="utf-8-sig")
    assert done.stdout == text


def test_table_without_rows_is_a_header_and_said_to_be_empty(label: Path) -> None:
    done = songpop(label, "export", "--feed", "gb")

    assert done.returncode == 0
    assert done.stdout.startswith("feed,week,track_id,title,")
    assert done.stdout.count("\n") == 1
    assert done.stderr == "0 rows of mart.weekly_scores\n"


def test_file_is_replaced_with_force_alone(label: Path) -> None:
    (label / "kept.csv").write_text("kept", encoding="utf-8")

    refused = songpop(label, "export", "--out", "kept.csv")

    assert refused.returncode == 2
    assert "--out kept.csv: expected a new file, got one that exists; pass --force" in (
        refused.stderr
    )
    assert (label / "kept.csv").read_text(encoding="utf-8") == "kept"
    assert songpop(label, "export", "--out", "kept.csv", "--force").returncode == 0
    assert (label / "kept.csv").stat().st_size > len("kept")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--table", "nosuch"], "table nosuch: expected a published table or view"),
        (["--feed", "nosuch"], "feed nosuch: expected a feed, got none of that name; there are 2"),
        (["--week", "2031-01-02"], "week 2031-01-02: expected a week that an export came for"),
        (["--week", "soon"], "--week: expected a date like 2024-06-13, got 'soon'"),
        (["--out", "."], "--out .: expected a file, got a folder"),
        (["--warehouse", "none"], "none/songpop.duckdb: expected a published warehouse, got none"),
    ],
)
def test_mistake_is_one_message_and_exit_code_two(
    label: Path, arguments: list[str], message: str
) -> None:
    done = songpop(label, "export", *arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_reader_that_has_seen_enough_is_no_error(label: Path) -> None:
    arguments = [sys.executable, "-m", "songpop", "export", "--table", "raw.exports"]
    with subprocess.Popen(
        arguments, cwd=label, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as done:
        assert done.stdout is not None
        done.stdout.close()
        _, told = done.communicate()

    assert told == b""


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (Written(2, 0), ""),
        (Written(2, 1), "cells cut to what a spreadsheet holds: 1\n"),
        (Written(1_048_575, 0), ""),
        (Written(1_048_580, 0), "rows beyond what a spreadsheet opens: 5\n"),
    ],
)
def test_what_a_spreadsheet_would_not_show_is_said(
    written: Written, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    print_written(written, "ml.models", Path("models.csv"))

    printed = capsys.readouterr()
    assert printed.out == f"{written.rows_count} rows of ml.models: models.csv\n"
    assert printed.err == told
