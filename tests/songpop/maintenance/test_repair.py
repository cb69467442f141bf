"""Damage of every file of a warehouse: found, named, and put right where that loses nothing."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from songpop.errors import BusyError, CheckError, InputError
from songpop.maintenance.backup import back_up
from songpop.maintenance.repair import repair
from songpop.settings import Settings
from songpop.warehouse import parquet
from songpop.warehouse.lock import writer_lock
from songpop.warehouse.paths import WarehousePaths
from tests.builders import NOW, week_number
from tests.songpop.maintenance.states import LATER, errors_of, make_closed, read_files, read_state

Damage = Callable[[Path], None]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with a backup and every page."""
    settings, paths = make_closed(tmp_path_factory.mktemp("sound"))
    back_up(settings, NOW)
    assert repair(settings, NOW).done != ()
    return paths.root


@pytest.fixture
def paths(template: Path, tmp_path: Path) -> WarehousePaths:
    return WarehousePaths(shutil.copytree(template, tmp_path / "warehouse"))


def settings_of(paths: WarehousePaths) -> Settings:
    return Settings(warehouse=paths.root)


def flip(path: Path) -> None:
    """Turn a byte around."""
    flip_at(path, path.stat().st_size // 2)


def flip_at(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 0xFF
    overwrite(path, bytes(content))


def cut(path: Path) -> None:
    """Keep the first half."""
    content = path.read_bytes()
    overwrite(path, content[: len(content) // 2])


def empty(path: Path) -> None:
    """Keep nothing."""
    overwrite(path, b"")


def remove(path: Path) -> None:
    path.unlink()


def overwrite(path: Path, content: bytes) -> None:
    mode = path.stat().st_mode
    path.chmod(0o644)
    path.write_bytes(content)
    path.chmod(mode)


def find_file(paths: WarehousePaths, name: str) -> Path:
    return next(path for path in sorted(paths.root.glob(name)) if path.is_file())


@pytest.mark.parametrize("damage", [flip, cut, empty, remove])
@pytest.mark.parametrize(
    "name",
    [
        "songpop.duckdb",
        "published/weekly_scores/*/*.parquet",
        "models/us/us-2/manifest.json",
        "models/us/us-2/*.bin",
    ],
)
def test_damage_of_what_can_be_made_again_is_found_and_put_right(
    paths: WarehousePaths, name: str, damage: Damage
) -> None:
    before = read_state(paths.snapshot)
    models = read_files(paths.models)
    damage(find_file(paths, name))

    remedy = errors_of(paths)[0].partition(";")[2]
    report = repair(settings_of(paths), LATER)

    is_unpublished = name == "songpop.duckdb" and damage is remove
    assert ("`songpop run`" if is_unpublished else "`songpop repair`") in remedy
    assert len(report.done) == 1
    assert [finding for finding in report.findings if finding.severity == "error"] == []
    assert errors_of(paths) == []
    assert read_state(paths.snapshot) == before
    assert read_files(paths.models) == models


@pytest.mark.parametrize("place", [0, 5, -300, -100, -20, -6, -1])
def test_byte_of_a_parquet_file_that_need_not_change_a_value_is_found_and_put_right(
    paths: WarehousePaths, place: int
) -> None:
    sound = read_files(paths.published)
    flip_at(find_file(paths, "published/weekly_scores/*/*.parquet"), place)

    (error,) = errors_of(paths)
    report = repair(settings_of(paths), LATER)

    assert "expected SHA-256 " in error
    assert report.done == ("published everything anew",)
    assert errors_of(paths) == []
    assert read_files(paths.published) == sound


def test_files_that_another_duckdb_would_write_differently_have_the_digest_of_what_was_written(
    paths: WarehousePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = read_files(paths.published)
    flip(find_file(paths, "published/weekly_scores/*/*.parquet"))
    monkeypatch.setattr(parquet, "_OPTIONS", "format parquet, compression snappy")

    repair(settings_of(paths), LATER)

    assert errors_of(paths) == []
    anew = read_files(paths.published)
    assert anew.keys() == sound.keys()
    assert all(anew[name] != content for name, content in sound.items())


@pytest.mark.parametrize("damage", [cut, empty])
def test_damaged_private_file_is_named_with_the_backup_and_nothing_is_touched(
    paths: WarehousePaths, damage: Damage
) -> None:
    damage(paths.private)
    before = read_files(paths.root / "published"), paths.snapshot.read_bytes()

    with pytest.raises(CheckError) as told:
        repair(settings_of(paths), LATER)

    assert str(paths.private) in str(told.value)
    assert "`songpop restore latest`" in str(told.value)
    assert (read_files(paths.root / "published"), paths.snapshot.read_bytes()) == before


def test_byte_turned_around_in_the_blocks_of_the_private_file_is_found(
    paths: WarehousePaths,
) -> None:
    content = paths.private.read_bytes()
    state = read_state(paths.private)
    found = 0
    places = range(1 << 14, len(content), 1 << 18)  # one in each of DuckDB's blocks
    for place in places:
        damaged = bytearray(content)
        damaged[place] ^= 0xFF
        paths.private.write_bytes(damaged)
        errors = errors_of(paths)
        # A free block is read by nobody.
        assert errors or read_state(paths.private) == state
        found += bool(errors)

    assert found > len(places) // 2


def test_log_of_somebody_who_wrote_into_the_snapshot_goes(paths: WarehousePaths) -> None:
    log = paths.snapshot.with_name("songpop.duckdb.wal")
    log.write_bytes(b"x")

    report = repair(settings_of(paths), LATER)

    assert report.done == ("published what was committed",)
    assert not log.exists()
    assert errors_of(paths) == []


def test_page_that_is_missing_is_written(paths: WarehousePaths) -> None:
    page = paths.page("us", week_number(6))
    page.unlink()

    assert repair(settings_of(paths), LATER).done == (f"wrote {page}",)
    assert page.exists()


def test_healthy_warehouse_is_left_as_it_is(paths: WarehousePaths) -> None:
    before = read_files(paths.root / "published"), paths.snapshot.read_bytes()

    assert repair(settings_of(paths), LATER).done == ()
    assert (read_files(paths.root / "published"), paths.snapshot.read_bytes()) == before


def test_model_that_no_backup_has_stays_an_error(tmp_path: Path) -> None:
    settings, paths = make_closed(tmp_path)
    flip(find_file(paths, "models/us/us-1/*.bin"))

    report = repair(settings, LATER)

    (error,) = [finding for finding in report.findings if finding.severity == "error"]
    assert error.check == "model artefacts"
    assert "where none has it, `songpop backfill --feed us`" in error.message


def test_model_whose_backup_is_damaged_too_comes_from_an_older_one(tmp_path: Path) -> None:
    settings, paths = make_closed(tmp_path)
    older = back_up(settings, NOW).folder
    newer = back_up(settings, LATER).folder
    for folder in (paths.root, newer):
        flip(next(folder.glob("models/us/us-2/*.bin")))

    report = repair(settings, LATER)

    assert f"took model us-2 from {older}" in report.done
    assert errors_of(paths) == []


def test_warehouse_that_does_not_exist_is_no_traceback(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a warehouse, got none"):
        repair(Settings(warehouse=tmp_path), NOW)


def test_warehouse_that_somebody_writes_to_is_left(paths: WarehousePaths) -> None:
    with writer_lock(paths.lock, "a test", 0), pytest.raises(BusyError, match="a test"):
        repair(settings_of(paths), NOW)
