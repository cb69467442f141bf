import datetime as dt
from pathlib import Path

from songpop.maintenance.audit import audit_backups
from songpop.maintenance.backup import back_up
from tests.builders import NOW
from tests.songpop.maintenance.states import make_closed


def test_no_backup_and_a_young_whole_one_are_no_findings(tmp_path: Path) -> None:
    settings, _ = make_closed(tmp_path)

    assert audit_backups(settings.backups_dir, NOW) == []
    back_up(settings, NOW)
    assert audit_backups(settings.backups_dir, NOW + dt.timedelta(weeks=2)) == []


def test_old_and_damaged_backups_are_notes(tmp_path: Path) -> None:
    settings, _ = make_closed(tmp_path)
    folder = back_up(settings, NOW).folder
    (note,) = audit_backups(settings.backups_dir, NOW + dt.timedelta(weeks=2, seconds=1))

    assert note.severity == "note"
    assert note.message == (
        f"{folder}: expected a backup of the last two weeks, got one of 2024-07-01; "
        "run `songpop backup`, or schedule `songpop maintain`"
    )
    (folder / "songpop.duckdb").unlink()
    (note,) = audit_backups(settings.backups_dir, NOW)
    assert note.severity == "note"
    assert note.message == (
        f"backup {folder}: expected every file as it was written, got 1: songpop.duckdb missing; "
        "use another backup"
    )
    (folder / "manifest.json").unlink()
    (note,) = audit_backups(settings.backups_dir, NOW)
    assert note.message.startswith(f"{folder}: expected a backup, got no manifest.json")
