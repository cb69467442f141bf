import datetime as dt
import errno
import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from songpop.errors import BusyError, CheckError, InputError
from songpop.maintenance import backup as module
from songpop.maintenance.backup import back_up
from songpop.maintenance.copying import copy_file
from songpop.maintenance.manifest import read_manifest, verify_files
from songpop.settings import Settings
from songpop.warehouse.lock import writer_lock
from tests.builders import NOW
from tests.songpop.maintenance.states import LATER, errors_of, make_closed, read_files, read_state


def test_backup_holds_the_private_file_and_the_models_and_says_what_it_holds(
    tmp_path: Path,
) -> None:
    settings, paths = make_closed(tmp_path)
    report = back_up(settings, NOW)
    files = read_files(report.folder)

    assert report.folder == paths.root / "backups" / "2024-07-01T06-00-00Z"
    assert set(files) == {"manifest.json", *read_manifest(report.folder).files}
    assert files["songpop.duckdb"] == paths.private.read_bytes()
    assert {name for name in files if name.startswith("models/")} == {
        f"models/{name}" for name in read_files(paths.models)
    }
    assert (report.revision, report.models_count) == (1, 2)
    assert report.tables["mart.weekly_scores"] == 9
    assert read_manifest(report.folder).tables == report.tables


def test_backup_leaves_nothing_else_and_the_warehouse_as_it_was(tmp_path: Path) -> None:
    settings, paths = make_closed(tmp_path)
    back_up(settings, NOW)
    before = read_state(paths.private)
    back_up(settings, LATER)

    assert not list(paths.scratch.iterdir())
    assert not list((paths.root / "backups").glob(".*"))
    assert read_state(paths.private) == before
    assert errors_of(paths) == []


def test_rows_in_the_log_of_a_killed_writer_are_in_the_backup(tmp_path: Path) -> None:
    _, paths = make_closed(tmp_path)
    copy = tmp_path / "copy"
    with duckdb.connect(str(paths.private)) as con:
        con.execute("set checkpoint_threshold = '1GB'")
        con.execute("insert into ml.runs select 'logged', * exclude (run_id) from ml.runs")
        shutil.copytree(paths.root, copy)
    assert (copy / "private" / "songpop.duckdb.wal").exists()

    report = back_up(Settings(warehouse=copy), NOW)

    assert report.tables["ml.runs"] == 2 * 7


def test_newest_backups_stay_and_those_of_other_warehouses_too(tmp_path: Path) -> None:
    settings, _ = make_closed(tmp_path / "one")
    other, _ = make_closed(tmp_path / "other")
    shared = tmp_path / "shared"
    back_up(other, NOW - dt.timedelta(days=9), to=shared)
    reports = [
        back_up(settings, NOW + dt.timedelta(days=day), to=shared, keep=2) for day in range(3)
    ]

    assert [path.name for path in reports[-1].removed] == ["2024-07-01T06-00-00Z"]
    assert sorted(path.name for path in shared.iterdir()) == [
        "2024-06-22T06-00-00Z",
        "2024-07-02T06-00-00Z",
        "2024-07-03T06-00-00Z",
    ]


def test_second_backup_of_the_same_second_has_a_name_of_its_own(tmp_path: Path) -> None:
    settings, _ = make_closed(tmp_path)

    assert back_up(settings, NOW).folder.name == "2024-07-01T06-00-00Z"
    assert back_up(settings, NOW).folder.name == "2024-07-01T06-00-00Z-2"


def test_backup_is_refused_by_name_while_a_writer_runs(tmp_path: Path) -> None:
    settings, paths = make_closed(tmp_path)
    pattern = r"warehouse .*: expected no other writer, got songpop run \(process \d+\); wait"

    with writer_lock(paths.lock, "songpop run", 0), pytest.raises(BusyError, match=pattern):
        back_up(settings, NOW)
    assert not (paths.root / "backups").exists()


def test_no_warehouse_is_named_and_none_is_made(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"warehouse .*/none: expected a warehouse, got none; run"):
        back_up(Settings(warehouse=tmp_path / "none"), NOW)
    assert not list(tmp_path.iterdir())


def test_warehouse_that_is_unwell_is_not_backed_up(tmp_path: Path) -> None:
    settings, paths = make_closed(tmp_path)
    with duckdb.connect(str(paths.private)) as con:
        con.execute("update raw.exports set loaded = 9 where feed = 'gb'")

    with pytest.raises(
        CheckError, match=r"expected no error, got \d; see(.|\n)*raw.exports.counts"
    ):
        back_up(settings, NOW)
    assert not list((paths.root / "backups").iterdir())


def test_damaged_model_is_named_where_it_stands(tmp_path: Path) -> None:
    settings, paths = make_closed(tmp_path)
    (paths.models / "us" / "us-1" / "member_0.bin").write_bytes(b"noise")

    with pytest.raises(
        CheckError, match=r"warehouse/models/us/us-1/member_0\.bin: expected SHA-256"
    ):
        back_up(settings, NOW)
    assert not list((paths.root / "backups").iterdir())


def test_backup_that_arrives_altered_is_removed_and_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, paths = make_closed(tmp_path)

    def copy_badly(source: Path, target: Path) -> object:
        record = copy_file(source, target)
        flip(target, 5_000 if target.suffix == ".duckdb" else 3)
        return record

    monkeypatch.setattr(module, "copy_file", copy_badly)

    with pytest.raises(
        CheckError, match=r"expected every file as it was written, got 5: models/us"
    ):
        back_up(settings, NOW)
    assert not list((paths.root / "backups").iterdir())


def flip(path: Path, place: int) -> None:
    """Turn one bit over."""
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("name", ["songpop.duckdb", "models/us/us-1/member_0.bin"])
def test_flipped_byte_and_missing_file_are_found_by_name(tmp_path: Path, name: str) -> None:
    settings, _ = make_closed(tmp_path)
    folder = back_up(settings, NOW).folder
    manifest = read_manifest(folder)
    verify_files(folder, manifest)

    flip(folder / name, (folder / name).stat().st_size // 2)
    with pytest.raises(
        CheckError, match=rf"backup .*: expected every file .*, got 1: {name} alter"
    ):
        verify_files(folder, manifest)
    verify_files(folder, manifest, reads=False)
    with (folder / name).open("ab") as file:
        file.write(b"x")
    with pytest.raises(
        CheckError, match=rf"got 1: {name} of \d+ bytes instead of \d+; use another"
    ):
        verify_files(folder, manifest)
    with pytest.raises(CheckError, match=rf"got 1: {name} of \d+ bytes instead of \d+; as told"):
        verify_files(folder, manifest, "as told", reads=False)
    (folder / name).unlink()
    with pytest.raises(CheckError, match=rf"got 1: {name} missing"):
        verify_files(folder, manifest)
    (folder / name).symlink_to(folder / "manifest.json")
    with pytest.raises(CheckError, match=rf"got 1: {name} no file of its own"):
        verify_files(folder, manifest)


def test_file_that_its_disk_does_not_give_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, _ = make_closed(tmp_path)
    folder = back_up(settings, NOW).folder
    manifest = read_manifest(folder)

    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("hashlib.file_digest", fail)

    with pytest.raises(CheckError, match=r"songpop.duckdb unreadable \(input/output error\)"):
        verify_files(folder, manifest)


@pytest.mark.parametrize(
    ("text", "got"),
    [
        (None, "no manifest.json"),
        ("{", "a manifest.json that is none"),
        ('{"files": {}}', r"a manifest.json that is none \(made_at: Field required\)"),
    ],
)
def test_folder_that_is_no_backup_is_refused_by_name(
    tmp_path: Path, text: str | None, got: str
) -> None:
    if text is not None:
        (tmp_path / "manifest.json").write_text(text)

    with pytest.raises(InputError, match=rf".*: expected a backup, got {got}.*; pass a folder"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", 2),
        ("extra", 1),
        ("files", {"../outside": {"sha256": "ab", "size_bytes": 1}}),
        ("files", {"models/a/../b": {"sha256": "ab", "size_bytes": 1}}),
        ("files", {"/etc/passwd": {"sha256": "ab", "size_bytes": 1}}),
    ],
)
def test_manifest_of_another_form_or_with_paths_is_refused(
    tmp_path: Path, key: str, value: object
) -> None:
    settings, _ = make_closed(tmp_path)
    folder = back_up(settings, NOW).folder
    text = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**text, key: value}))

    with pytest.raises(InputError, match=r"expected a backup, got a manifest\.json that is none"):
        read_manifest(folder)


def test_disk_without_room_is_named_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, paths = make_closed(tmp_path)

    def measure_full_disk(_: Path) -> SimpleNamespace:
        return SimpleNamespace(free=10**6)

    monkeypatch.setattr(shutil, "disk_usage", measure_full_disk)

    with pytest.raises(CheckError, match=r"disk of .*/backups: expected \d+ MB of room, got 1 MB"):
        back_up(settings, NOW)
    assert not list((paths.root / "backups").iterdir())
