"""``songpop backup``, ``restore`` and ``maintain`` as a user types them."""

import json
from pathlib import Path

import duckdb
import pytest

from songpop.warehouse.lock import writer_lock
from songpop.warehouse.paths import WarehousePaths
from tests.commands import songpop
from tests.songpop.maintenance.states import make_closed, read_state


def test_backup_maintain_and_restore_say_what_they_did(tmp_path: Path) -> None:
    _, paths = make_closed(tmp_path)
    backed = songpop(tmp_path, "backup")
    maintained = songpop(tmp_path, "maintain")
    before = read_state(paths.private)
    paths.private.unlink()
    doctor = songpop(tmp_path, "doctor")
    restored = songpop(tmp_path, "restore", "latest")

    assert (backed.returncode, maintained.returncode, restored.returncode) == (0, 0, 0)
    assert "verified by restoring it" in backed.stdout
    assert "raw.exports 8, core.weeks 7" in backed.stdout
    assert "vacuum:      left as it is: smaller than 16 MB (" in maintained.stdout
    assert (doctor.returncode, "expected the writer's database" in doctor.stdout) == (1, True)
    assert "0 errors, 1 notes: healthy" in restored.stdout
    assert read_state(paths.private) == before


def test_doctor_is_not_content_with_a_damaged_backup(tmp_path: Path) -> None:
    make_closed(tmp_path)
    folder = Path(json.loads(songpop(tmp_path, "backup", "--json").stdout)["folder"])
    (tmp_path / folder / "songpop.duckdb").unlink()

    doctor = songpop(tmp_path, "doctor")

    assert doctor.returncode == 1
    assert f"error: backup {folder}: expected every file as it was written" in doctor.stdout
    assert "songpop.duckdb missing; move it away, and run `songpop backup`" in doctor.stdout


def test_json_is_alone_on_standard_output(tmp_path: Path) -> None:
    _, paths = make_closed(tmp_path)
    backed = json.loads(songpop(tmp_path, "backup", "--keep", "3", "--json").stdout)
    maintained = json.loads(songpop(tmp_path, "maintain", "--json").stdout)
    restored = json.loads(songpop(tmp_path, "restore", backed["folder"], "--json").stdout)

    assert backed["tables"]["mart.weekly_scores"] == 9
    assert maintained["retention"].keys() == {"texts", "runs_count", "artefacts"}
    assert (tmp_path / maintained["backup"]["folder"]).parent == paths.root / "backups"
    assert (restored["healthy"], restored["revision"]) == (True, 1)
    assert Path(restored["replaced"]).parent.name == "replaced"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["backup", "--to", "file"], 2, "file: expected a usable path, got file exists"),
        (["backup", "--to", "file/below"], 2, "file: expected a usable path, got file exists"),
        (["backup", "--keep", "0"], 2, "greater than or equal to 1"),
        (["backup", "--warehouse", "none"], 2, "warehouse none: expected a warehouse, got none"),
        (["maintain", "--warehouse", "none"], 2, "warehouse none: expected a warehouse, got"),
        (["restore", "latest", "--warehouse", "none"], 2, "expected a backup, got none"),
        (["restore", "file"], 2, "file: expected a backup, got no folder"),
        (["restore", "."], 2, ".: expected a backup, got no manifest.json"),
    ],
)
def test_mistake_ends_in_one_line_with_the_remedy(
    tmp_path: Path, arguments: list[str], code: int, message: str
) -> None:
    make_closed(tmp_path)
    (tmp_path / "file").write_text("")
    done = songpop(tmp_path, *arguments)

    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_running_writer_is_named_with_exit_code_1(tmp_path: Path) -> None:
    _, paths = make_closed(tmp_path)
    with writer_lock(WarehousePaths(paths.root).lock, "songpop run", 0):
        done = songpop(tmp_path, "backup")

    assert done.returncode == 1
    assert "warehouse warehouse: expected no other writer, got songpop run (process" in done.stderr


def test_restore_of_a_state_that_is_unwell_ends_with_exit_code_1(tmp_path: Path) -> None:
    _, paths = make_closed(tmp_path)
    assert songpop(tmp_path, "backup").returncode == 0
    with duckdb.connect(str(paths.private)) as con:
        con.execute("update raw.exports set loaded = 9 where feed = 'gb'")
    assert songpop(tmp_path, "restore", "latest").returncode == 0
    (replaced,) = paths.replaced.iterdir()

    done = songpop(tmp_path, "restore", str(replaced))

    assert done.returncode == 1
    assert "error: check raw.exports.counts: " in done.stdout
