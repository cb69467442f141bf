"""A simulated history, its warehouse damaged and restored, as a user would."""

import re
import shutil
from pathlib import Path

import duckdb
import pytest

from tests.songpop.cli.test_main import songpop
from tests.songpop.maintenance.states import read_files, read_state


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with six scored weeks of dirty exports, and a backup of them."""
    folder = tmp_path_factory.mktemp("history")
    simulated = ("--weeks", "6", "--tracks", "100", "--seed", "1", "--fault", "dirty@3")
    done = songpop(folder, "simulate", *simulated, "--out", "warehouse/landing")
    assert done.returncode == 0, done.stderr
    for command in ("run", "backup"):
        done = songpop(folder, command)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["deleted", "truncated", "altered"])
def test_every_table_and_page_is_as_it_was_and_a_run_goes_on(
    history: Path, tmp_path: Path, damage: str
) -> None:
    root = tmp_path / "warehouse"
    shutil.copytree(history / "warehouse", root)
    private = root / "private" / "songpop.duckdb"
    before, models = read_state(private), read_files(root / "models")
    readers = read_state(root / "songpop.duckdb")
    content = private.read_bytes()
    if damage == "deleted":
        for name in ("private", "models", "published"):
            shutil.rmtree(root / name)
        (root / "songpop.duckdb").unlink()
    elif damage == "truncated":
        private.write_bytes(content[: len(content) // 3])
    else:
        private.write_bytes(content[:300_000] + bytes(200_000) + content[500_000:])

    restored = songpop(tmp_path, "restore", "latest")
    again = songpop(tmp_path, "run")

    assert restored.returncode == 0, restored.stderr
    assert "0 errors" in restored.stdout
    assert "nothing new: 6 known exports" in again.stdout
    assert read_state(private) == before
    assert read_files(root / "models") == models
    assert read_state(root / "songpop.duckdb") == readers
    assert songpop(tmp_path, "doctor").returncode == 0


@pytest.mark.slow
def test_retention_leaves_the_quarantine_countable(history: Path, tmp_path: Path) -> None:
    root = tmp_path / "warehouse"
    shutil.copytree(history / "warehouse", root)
    with duckdb.connect(str(root / "private" / "songpop.duckdb")) as con:
        con.execute("update raw.exports set loaded_at = loaded_at - interval 10 year")

    done = songpop(tmp_path, "maintain")
    listed = songpop(tmp_path, "quarantine", "list")

    assert re.search(r"^quarantine:  [1-9]\d* texts", done.stdout, re.MULTILINE)
    assert "unreadable_number" in listed.stdout
    assert (done.returncode, listed.returncode) == (0, 0)
