"""Eight readers through weeks of publication, and two writers at once."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from songpop.pipeline.runner import Caller
from songpop.warehouse.paths import WarehousePaths
from tests.builders import week_number, write_chart
from tests.crash.label import NOW, WEEKS_AFTER, draw_rows, prepare, run_label
from tests.crash.readers import READERS_COUNT, ROOT, read_through

WEEKS_COUNT = 3
WRITERS = (
    ["run"],
    ["backfill", "--from", str(week_number(WEEKS_AFTER))],
    ["maintain"],
    ["repair"],
    ["restore", "latest"],
    ["unload", "spotify_charts_us", str(week_number(1))],
)


@pytest.fixture(scope="module")
def label(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("label")
    prepare(root)
    run_label(root, Caller("first", NOW))
    return root


def test_readers_see_whole_weeks_of_one_run_each_and_never_an_earlier_state(label: Path) -> None:
    told = read_through(label, WEEKS_COUNT)

    assert [seen.errors for seen in told] == [[]] * READERS_COUNT
    assert [seen.mixed for seen in told] == [[]] * READERS_COUNT
    assert [seen.backwards for seen in told] == [[]] * READERS_COUNT
    assert sum(seen.answers for seen in told) > READERS_COUNT * WEEKS_COUNT
    assert max(seen.revisions for seen in told) > 1


def songpop(warehouse: Path, words: list[str], wait_seconds: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "songpop", *words, "--warehouse", str(warehouse)]
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "SONGPOP_WAIT_SECONDS": str(wait_seconds),
    }
    return subprocess.Popen(
        command,
        cwd=warehouse.parent,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("words", WRITERS, ids=lambda words: words[0])
def test_second_writer_is_refused_by_name_whatever_it_would_do(
    label: Path, tmp_path: Path, words: list[str]
) -> None:
    paths = WarehousePaths(shutil.copytree(label / "warehouse", tmp_path / "warehouse"))
    held = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(paths.lock)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert held.stdout is not None
    assert held.stdout.readline() == "held\n"
    if words[0] == "restore":
        words = ["restore", str(make_backup(label))]

    second = songpop(paths.root, words, 0)
    _, told = second.communicate(timeout=120)
    third = songpop(paths.root, words, 60)
    with pytest.raises(subprocess.TimeoutExpired):
        third.wait(timeout=2)
    held.communicate("end\n", timeout=60)
    out, told_later = third.communicate(timeout=120)

    assert second.returncode == 1
    assert f"expected no other writer, got a test (process {held.pid})" in told
    assert third.returncode == 0, out + told_later


HOLDER = """
import sys
from pathlib import Path
from songpop.warehouse.lock import writer_lock
with writer_lock(Path(sys.argv[1]), "a test", 0):
    print("held", flush=True)
    sys.stdin.readline()
"""


def make_backup(label: Path) -> Path:
    done = songpop(label / "warehouse", ["backup", "--json"], 0)
    out, errors = done.communicate(timeout=120)
    assert done.returncode == 0, out + errors
    return Path(json.loads(out)["folder"])


@pytest.mark.parametrize("beside", [["run"], ["backfill"], ["restore"]], ids=lambda words: words[0])
def test_two_writers_that_begin_at_once_come_one_after_the_other(
    label: Path, tmp_path: Path, beside: list[str]
) -> None:
    number = WEEKS_AFTER + WEEKS_COUNT + 1
    backup = make_backup(label)
    paths = WarehousePaths(shutil.copytree(label / "warehouse", tmp_path / "warehouse"))
    write_chart(paths.root / "landing", week_number(number), draw_rows(number))
    words = [*beside, str(backup)] if beside[0] == "restore" else beside

    together = [songpop(paths.root, one, 120) for one in (["run"], words)]
    told = [process.communicate(timeout=240) for process in together]

    assert [process.returncode for process in together] == [0, 0], told
    for command in (["run"], ["doctor"]):
        process = songpop(paths.root, command, 0)
        told_after = process.communicate(timeout=240)
        assert process.returncode == 0, told_after
    weeks = songpop(paths.root, ["sql", "--json", "select max(week) as week from mart.weeks"], 0)
    newest, _ = weeks.communicate(timeout=120)
    assert json.loads(newest) == [{"week": str(week_number(number))}]
