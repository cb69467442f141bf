import datetime as dt
import shutil
from pathlib import Path

import pytest

from songpop.maintenance import audit
from songpop.maintenance.audit import audit_backups
from songpop.maintenance.backup import back_up
from songpop.maintenance.manifest import BackupManifest, read_manifest
from tests.builders import NOW
from tests.songpop.maintenance.states import make_closed

REMEDY = "move it away, and run `songpop backup` for a whole one"


def make_backups(root: Path) -> tuple[Path, list[Path]]:
    """Return the folder of three backups, a day apart, and each of them, oldest first."""
    settings, _ = make_closed(root)
    days = [dt.timedelta(days=day) for day in range(3)]
    return settings.backups_dir, [back_up(settings, NOW + day).folder for day in days]


def alter(backup: Path) -> None:
    """Turn one bit over; the size stays."""
    content = bytearray((backup / "songpop.duckdb").read_bytes())
    content[len(content) // 2] ^= 1
    (backup / "songpop.duckdb").write_bytes(content)


def test_no_backup_and_a_young_whole_one_are_no_findings(tmp_path: Path) -> None:
    settings, _ = make_closed(tmp_path)

    assert audit_backups(settings.backups_dir, NOW) == []
    back_up(settings, NOW)
    assert audit_backups(settings.backups_dir, NOW + dt.timedelta(weeks=2)) == []


def test_newest_backup_that_is_old_is_a_note(tmp_path: Path) -> None:
    settings, _ = make_closed(tmp_path)
    folder = back_up(settings, NOW).folder

    (note,) = audit_backups(settings.backups_dir, NOW + dt.timedelta(weeks=2, seconds=1))

    assert (note.severity, note.check, note.subject) == ("note", "backups", str(folder))
    assert note.message == (
        f"{folder}: expected a backup of the last two weeks, got one of 2024-07-01; "
        "run `songpop backup`, or schedule `songpop maintain`"
    )


def test_every_backup_that_lacks_something_is_an_error_with_its_remedy(tmp_path: Path) -> None:
    folder, (first, second, third) = make_backups(tmp_path)
    (first / "manifest.json").unlink()
    with (second / "songpop.duckdb").open("ab") as file:
        file.write(b"x")
    (third / "songpop.duckdb").unlink()

    findings = audit_backups(folder, NOW)

    size = read_manifest(second).files["songpop.duckdb"].size_bytes
    none = "no manifest.json (no such file or directory)"
    wanted = "expected every file as it was written, got 1: songpop.duckdb"
    assert {(found.severity, found.check) for found in findings} == {("error", "backups")}
    assert [(found.subject, found.message) for found in findings] == [
        (str(first), f"{first}: expected a backup, got {none}; {REMEDY}"),
        (str(second), f"backup {second}: {wanted} of {size + 1} bytes instead of {size}; {REMEDY}"),
        (str(third), f"backup {third}: {wanted} missing; {REMEDY}"),
    ]


def test_bytes_of_the_newest_backup_alone_are_read(tmp_path: Path) -> None:
    folder, (first, _, third) = make_backups(tmp_path)

    alter(first)
    assert audit_backups(folder, NOW) == []
    alter(third)
    (error,) = audit_backups(folder, NOW)

    assert error.severity == "error"
    assert error.message == (
        f"backup {third}: expected every file as it was written, got 1: songpop.duckdb altered; "
        f"{REMEDY}"
    )


def test_age_is_that_of_the_newest_whole_backup(tmp_path: Path) -> None:
    folder, (_, second, third) = make_backups(tmp_path)
    (third / "songpop.duckdb").unlink()

    error, note = audit_backups(folder, NOW + dt.timedelta(days=16))

    assert (error.severity, error.subject) == ("error", str(third))
    assert (note.severity, note.subject) == ("note", str(second))


def test_backup_that_goes_while_it_is_looked_at_is_no_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, (first, *_) = make_backups(tmp_path)

    def read_late(backup: Path, remedy: str) -> BackupManifest:
        if backup == first:
            shutil.rmtree(backup)
        return read_manifest(backup, remedy)

    monkeypatch.setattr(audit, "read_manifest", read_late)

    assert audit_backups(folder, NOW) == []
    assert not first.exists()
