"""SIGKILL before one call after another that changes files: the warehouse stays one that serves."""

import subprocess
import sys
from pathlib import Path

import pytest

from songpop.maintenance.backup import back_up
from songpop.maintenance.maintain import maintain
from songpop.maintenance.manifest import read_manifest, verify_files
from songpop.maintenance.restore import restore
from songpop.settings import Settings
from songpop.warehouse.paths import WarehousePaths
from tests.builders import NOW
from tests.songpop.maintenance.states import (
    LATER,
    change_scores,
    errors_of,
    make_closed,
    read_state,
)

ROOT = Path(__file__).resolve().parents[3]
PUBLISHES = "run `songpop run`, which publishes"


def kill_everywhere(
    operation: str, template: Path, out: Path, stride: int, backup: Path
) -> list[WarehousePaths]:
    words = [operation, str(template), str(out), str(stride), str(backup)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.songpop.maintenance.kill_points", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    return [WarehousePaths(folder / "warehouse") for folder in sorted(out.iterdir())]


@pytest.mark.slow
@pytest.mark.parametrize("operation", ["backup", "maintain"])
def test_kill_leaves_a_healthy_warehouse_and_the_next_call_clears_up(
    tmp_path: Path, operation: str
) -> None:
    settings, paths = make_closed(tmp_path)
    backup = back_up(settings, NOW).folder
    state = read_state(paths.private)
    warehouses = kill_everywhere(operation, paths.root, tmp_path / "out", 13, backup)

    assert len(warehouses) > 4
    for killed in warehouses:
        assert (errors_of(killed), read_state(killed.private)) == ([], state)
        maintain(Settings(warehouse=killed.root), LATER)
        assert errors_of(killed) == []
        assert not [path.name for path in killed.root.rglob(".*")]
        for folder in (killed.root / "backups").iterdir():
            verify_files(folder, read_manifest(folder))


@pytest.mark.slow
def test_kill_of_a_restore_leaves_the_old_or_the_new_state_and_the_next_one_settles(
    tmp_path: Path,
) -> None:
    settings, paths = make_closed(tmp_path)
    backup = back_up(settings, NOW).folder
    new = read_state(paths.private)
    change_scores(paths, "later")
    old = read_state(paths.private)
    seen: set[bool] = set()
    for killed in kill_everywhere("restore", paths.root, tmp_path / "out", 11, backup):
        found, errors = read_state(killed.private), errors_of(killed)
        assert found in (old, new)
        assert not errors or (found == new and PUBLISHES in errors[0])
        seen.add(found == new)

        restore(Settings(warehouse=killed.root), backup, LATER)

        assert (read_state(killed.private), errors_of(killed)) == (new, [])
        assert not [path.name for path in killed.root.rglob(".*")]
        kept = sorted(killed.replaced.iterdir())
        for folder in kept:
            verify_files(folder, read_manifest(folder))
        assert read_state(kept[0] / "songpop.duckdb") == old
    assert seen == {True, False}
