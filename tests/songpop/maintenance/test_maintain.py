import datetime as dt
from pathlib import Path

import pytest

from songpop.errors import BusyError, InputError
from songpop.maintenance.maintain import maintain
from songpop.maintenance.retention import Retention
from songpop.settings import MaintenanceSettings, Settings
from songpop.warehouse.leftovers import Removed
from songpop.warehouse.lock import writer_lock
from tests.builders import NOW
from tests.songpop.maintenance.states import errors_of, make_closed, read_state


def test_every_step_says_what_it_did(tmp_path: Path) -> None:
    settings, paths = make_closed(tmp_path)
    (paths.scratch / "left").write_bytes(b"12345")
    hidden = paths.models / "us" / ".us-9-part"
    hidden.mkdir()
    (hidden / "weights.npz").write_bytes(b"123")

    report = maintain(settings, NOW)

    assert report.leftovers == Removed(2, 8)
    assert report.retention == Retention(Removed(), 0, Removed())
    assert report.vacuum.outcome == "left as it is: smaller than 16 MB"
    assert report.backup.folder.is_dir()
    assert not hidden.exists()
    assert errors_of(paths) == []


def test_second_call_finds_nothing_to_remove_and_readers_nothing_new(tmp_path: Path) -> None:
    settings, paths = make_closed(tmp_path)
    later = NOW + dt.timedelta(weeks=105)
    first = maintain(settings, later)
    state, snapshot = read_state(paths.private), paths.snapshot.stat().st_ino

    second = maintain(settings, later)

    assert first.retention.texts.count == 4
    assert second.retention == Retention(Removed(), 0, Removed())
    assert (read_state(paths.private), paths.snapshot.stat().st_ino) == (state, snapshot)
    assert errors_of(paths) == []


def test_settings_say_where_backups_go_and_how_many_stay(tmp_path: Path) -> None:
    _, paths = make_closed(tmp_path)
    kept = MaintenanceSettings(backups_kept=2, backups_dir=tmp_path / "backups")
    settings = Settings(warehouse=paths.root, maintenance=kept)
    reports = [maintain(settings, NOW) for _ in range(3)]

    assert [len(report.backup.removed) for report in reports] == [0, 0, 1]
    assert len(list((tmp_path / "backups").iterdir())) == 2
    assert not (paths.root / "backups").exists()


def test_no_warehouse_and_a_writer_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"warehouse .*/none: expected a warehouse, got none"):
        maintain(Settings(warehouse=tmp_path / "none"), NOW)
    settings, paths = make_closed(tmp_path)

    with (
        writer_lock(paths.lock, "songpop run", 0),
        pytest.raises(BusyError, match=r"expected no other writer, got songpop run"),
    ):
        maintain(settings, NOW)
