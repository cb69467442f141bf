"""``songpop report`` as a user types it."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.builders import week_number
from tests.commands import songpop
from tests.songpop.warehouse.make_warehouse import make_healthy


def report(cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return songpop(cwd, "report", *arguments)


@pytest.fixture
def label(tmp_path: Path) -> Path:
    _, con = make_healthy(tmp_path)
    con.close()
    return tmp_path


def test_report_names_the_pages_that_it_wrote(label: Path) -> None:
    done = report(label)

    assert (done.returncode, done.stderr) == (0, "")
    assert f"page:  warehouse/reports/us/{week_number(6)}.html" in done.stdout
    assert "index: warehouse/reports/index.html" in done.stdout


def test_doctor_notes_a_missing_page_and_names_what_writes_it(label: Path) -> None:
    before = songpop(label, "doctor")
    report(label)
    after = songpop(label, "doctor")

    remedy = f"run `songpop report --feed us --week {week_number(6)}`"
    assert (before.returncode, after.returncode) == (0, 0)
    assert remedy in before.stdout
    assert remedy not in after.stdout


def test_json_lists_the_pages(label: Path) -> None:
    done = report(label, "--feed", "us", "--week", str(week_number(2)), "--json")

    page = f"warehouse/reports/us/{week_number(2)}.html"
    assert json.loads(done.stdout) == {
        "pages": [page],
        "index": "warehouse/reports/index.html",
    }
    assert (label / page).exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--week", "soon"], "--week: expected a date like 2024-06-13, got 'soon'"),
        (["--feed", "none"], "report none: expected a feed and week that were loaded"),
        (["--warehouse", "none"], "none/songpop.duckdb: expected a published warehouse, got none"),
    ],
)
def test_mistake_is_one_message_and_exit_code_two(
    label: Path, arguments: list[str], message: str
) -> None:
    done = report(label, *arguments)

    assert done.returncode == 2
    assert message in done.stderr
    assert not (label / "none").exists()
