import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from songpop.errors import BusyError, CheckError, InputError
from songpop.maintenance.backup import back_up
from songpop.maintenance.folders import find_backup
from songpop.maintenance.manifest import read_manifest, verify_files, write_manifest
from songpop.maintenance.replaced import keep_present, settle_replaced
from songpop.maintenance.restore import restore
from songpop.settings import Settings
from songpop.warehouse.lock import writer_lock
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.publish import publish
from songpop.warehouse.query import open_snapshot, run_query
from tests.builders import NOW
from tests.songpop.maintenance.states import (
    LATER,
    change_scores,
    errors_of,
    make_closed,
    read_files,
    read_state,
)


def scored_by(paths: WarehousePaths) -> str:
    """Return which run readers are told scored week 6."""
    query = "select max(run_id) as run_id from mart.weekly_scores where week = '2024-02-08'"
    return run_query(paths, query).item()


def _truncate(paths: WarehousePaths) -> None:
    with paths.private.open("r+b") as file:
        file.truncate(paths.private.stat().st_size // 2)


def _flip(paths: WarehousePaths) -> None:
    content = bytearray(paths.private.read_bytes())
    for place in range(4_000, len(content), 40_000):
        content[place] ^= 255
    paths.private.write_bytes(content)


DAMAGES: dict[str, Callable[[WarehousePaths], object]] = {
    "nothing": lambda _: None,
    "private file gone": lambda paths: paths.private.unlink(),
    "private file cut": _truncate,
    "private file altered": _flip,
    "private file of noise, with a log": lambda paths: [
        paths.private.write_bytes(b"noise" * 9_000),
        paths.private.with_name("songpop.duckdb.wal").write_bytes(b"log" * 99),
    ],
    "models gone": lambda paths: shutil.rmtree(paths.models),
    "a model altered": lambda paths: (paths.models / "us" / "us-1" / "member_0.bin").write_bytes(
        b"x"
    ),
    "snapshot gone": lambda paths: paths.snapshot.unlink(),
    "all gone": lambda paths: shutil.rmtree(paths.root),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_restored_warehouse_is_healthy_and_holds_what_was_backed_up(
    tmp_path: Path, damage: str
) -> None:
    settings, paths = make_closed(tmp_path)
    backup = back_up(settings, NOW, to=tmp_path / "backups").folder
    wanted, models = read_state(paths.private), read_files(paths.models)
    change_scores(paths, "later")
    DAMAGES[damage](paths)

    report = restore(settings, backup, LATER)

    assert [finding.check for finding in report.findings] == ["refused exports"]
    assert read_state(paths.private) == wanted
    assert read_files(paths.models) == models
    assert (scored_by(paths), errors_of(paths)) == ("run", [])
    assert not [path for path in paths.root.rglob(".*") if path.exists()]
    assert not paths.publish_anew.exists()
    assert not list(paths.scratch.iterdir())


def test_private_file_behind_a_link_is_kept_itself(tmp_path: Path) -> None:
    settings, paths = make_closed(tmp_path)
    backup = back_up(settings, NOW).folder
    change_scores(paths, "later")
    wanted = read_state(paths.private)
    paths.private.rename(tmp_path / "elsewhere.duckdb")
    paths.private.symlink_to("../../elsewhere.duckdb")

    replaced = restore(settings, backup, LATER).replaced

    assert replaced is not None
    assert not (replaced / "songpop.duckdb").is_symlink()
    assert read_state(replaced / "songpop.duckdb") == wanted
    assert (scored_by(paths), errors_of(paths)) == ("run", [])


def test_restore_can_be_undone(tmp_path: Path) -> None:
    settings, paths = make_closed(tmp_path)
    backup = back_up(settings, NOW).folder
    change_scores(paths, "later")
    wanted, models = read_state(paths.private), read_files(paths.models)

    replaced = restore(settings, backup, LATER).replaced
    assert scored_by(paths) == "run"
    assert replaced is not None
    assert replaced == paths.root / "replaced" / "2024-08-01T06-00-00Z"
    undone = restore(settings, replaced, LATER)

    assert (undone.revision, scored_by(paths)) == (2, "later")
    assert read_state(paths.private) == wanted
    assert read_files(paths.models) == models


def test_damaged_state_is_kept_as_it_was_and_refused_by_name(tmp_path: Path) -> None:
    settings, paths = make_closed(tmp_path)
    backup = back_up(settings, NOW).folder
    paths.private.write_bytes(b"noise" * 9_000)
    replaced = restore(settings, backup, LATER).replaced

    assert replaced is not None
    assert (replaced / "songpop.duckdb").read_bytes() == b"noise" * 9_000
    before = read_state(paths.private)
    with pytest.raises(CheckError, match=r"backup .*/replaced/.*: expected a database that serves"):
        restore(settings, replaced, LATER)
    assert (read_state(paths.private), errors_of(paths)) == (before, [])


def test_new_folder_becomes_the_warehouse(tmp_path: Path) -> None:
    settings, paths = make_closed(tmp_path)
    backup = back_up(settings, NOW).folder
    other = Settings(warehouse=tmp_path / "elsewhere" / "warehouse")

    report = restore(other, backup, LATER)

    new = WarehousePaths(other.warehouse)
    assert report.replaced is None
    assert (read_state(new.private), errors_of(new)) == (read_state(paths.private), [])
    assert read_files(new.published).keys() == read_files(paths.published).keys()


def test_readers_follow_another_history_of_the_same_revision(tmp_path: Path) -> None:
    settings, paths = make_closed(tmp_path)
    first = back_up(settings, NOW).folder
    change_scores(paths, "one history")
    one = back_up(settings, NOW).folder
    restore(settings, first, LATER)
    change_scores(paths, "another history")
    assert scored_by(paths) == "another history"

    restore(settings, one, LATER)

    assert (scored_by(paths), errors_of(paths)) == ("one history", [])


def test_mark_of_a_killed_restore_has_the_next_run_publish_everything(tmp_path: Path) -> None:
    settings, paths = make_closed(tmp_path)
    first = back_up(settings, NOW).folder
    change_scores(paths, "one history")
    one = back_up(settings, NOW).folder
    restore(settings, first, LATER)
    change_scores(paths, "another history")
    paths.publish_anew.write_text("")
    shutil.copyfile(one / "songpop.duckdb", paths.private)  # killed before it published

    with duckdb.connect(str(paths.private)) as con:
        assert publish(con, paths).is_rebuilt

    assert (scored_by(paths), errors_of(paths)) == ("one history", [])
    assert not paths.publish_anew.exists()


def test_reader_with_the_snapshot_open_reads_on(tmp_path: Path) -> None:
    settings, paths = make_closed(tmp_path)
    backup = back_up(settings, NOW).folder
    change_scores(paths, "later")

    with open_snapshot(paths) as con:
        restore(settings, backup, LATER)
        rows = con.execute("select distinct run_id from mart.weekly_scores order by 1").fetchall()

    assert rows == [("later",), ("run",)]


def test_models_that_only_the_replaced_state_knows_go_with_it(tmp_path: Path) -> None:
    settings, paths = make_closed(tmp_path)
    backup = back_up(settings, NOW).folder
    later = paths.models / "us" / "us-3"
    shutil.copytree(paths.models / "us" / "us-2", later)

    replaced = restore(settings, backup, LATER).replaced

    assert not later.exists()
    assert replaced is not None
    assert (replaced / "models" / "us" / "us-3" / "manifest.json").is_file()


@pytest.mark.parametrize("name", ["songpop.duckdb", "models/us/us-2/manifest.json"])
def test_damaged_backup_is_refused_and_nothing_is_touched(tmp_path: Path, name: str) -> None:
    settings, paths = make_closed(tmp_path)
    backup = back_up(settings, NOW).folder
    content = bytearray((backup / name).read_bytes())
    content[len(content) // 2] ^= 1
    (backup / name).write_bytes(content)
    before = read_files(paths.root)

    with pytest.raises(
        CheckError, match=rf"backup .*: expected every file .*, got 1: {name} alter"
    ):
        restore(settings, backup, LATER)
    assert read_files(paths.root) == before


def test_backup_with_other_rows_than_it_says_is_refused(tmp_path: Path) -> None:
    settings, _ = make_closed(tmp_path)
    backup = back_up(settings, NOW).folder
    manifest = read_manifest(backup)
    write_manifest(
        backup, manifest.model_copy(update={"tables": {**manifest.tables, "ml.models": 3}})
    )

    with pytest.raises(CheckError, match=r"got 2 rows of ml\.models instead of 3; use another"):
        restore(settings, backup, LATER)


def test_backup_of_a_newer_songpop_is_refused(tmp_path: Path) -> None:
    settings, paths = make_closed(tmp_path)
    with duckdb.connect(str(paths.private)) as con:
        con.execute("insert into schema_migrations values ('migrations/9999_new', 'ab', now())")
    aside = keep_present(paths, settings, NOW)
    assert aside is not None

    with pytest.raises(CheckError, match=r"got migrations/9999_new; install a newer songpop"):
        restore(Settings(warehouse=tmp_path / "new"), aside, LATER)


def test_restore_is_refused_by_name_while_a_writer_runs(tmp_path: Path) -> None:
    settings, paths = make_closed(tmp_path)
    backup = back_up(settings, NOW).folder

    with (
        writer_lock(paths.lock, "songpop run", 0),
        pytest.raises(BusyError, match=r"expected no other writer, got songpop run"),
    ):
        restore(settings, backup, LATER)


def test_foreign_folder_is_refused_and_makes_no_warehouse(tmp_path: Path) -> None:
    (tmp_path / "foreign").mkdir()

    with pytest.raises(InputError, match=r"foreign: expected a backup, got no manifest\.json"):
        restore(Settings(warehouse=tmp_path / "new"), tmp_path / "foreign", LATER)
    with pytest.raises(InputError, match=r"absent: expected a backup, got no folder"):
        restore(Settings(warehouse=tmp_path / "new"), tmp_path / "absent", LATER)
    assert not (tmp_path / "new").exists()


def test_latest_is_the_newest_and_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"backups: expected a backup, got none; pass the folder"):
        find_backup(tmp_path / "backups", "latest")
    names = ("2024-07-01T06-00-00Z-10", "2024-07-01T06-00-00Z-2", "2024-07-01T06-00-00Z", "zzz")
    for name in names:
        (tmp_path / name).mkdir()

    assert find_backup(tmp_path, "latest") == tmp_path / names[0]
    assert find_backup(tmp_path, "some/path") == Path("some/path")


def test_state_that_was_kept_but_not_replaced_is_forgotten(tmp_path: Path) -> None:
    settings, paths = make_closed(tmp_path)
    before = read_state(paths.private)
    keep_present(paths, settings, NOW)

    assert settle_replaced(paths) is None
    assert not list(paths.replaced.iterdir())
    assert (read_state(paths.private), errors_of(paths)) == (before, [])


def test_state_that_was_replaced_before_a_kill_keeps_its_name(tmp_path: Path) -> None:
    settings, paths = make_closed(tmp_path)
    backup = back_up(settings, NOW).folder
    keep_present(paths, settings, NOW)
    copy = paths.scratch / "copy"
    shutil.copyfile(backup / "songpop.duckdb", copy)
    copy.replace(paths.private)

    settled = settle_replaced(paths)

    assert settled is not None
    assert settled == paths.replaced / "2024-07-01T06-00-00Z"
    verify_files(settled, read_manifest(settled))
