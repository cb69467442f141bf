"""Whether backups are there, whole and young; no findings for those who make none."""

import datetime as dt
from pathlib import Path
from typing import Final

from songpop.errors import CheckError, InputError, expected
from songpop.maintenance.folders import list_backups
from songpop.maintenance.manifest import BackupManifest, read_manifest, verify_files
from songpop.warehouse.checks import Finding

_CHECK: Final = "backups"
_OLDEST: Final = dt.timedelta(weeks=2)
_REMEDY: Final = "move it away, and run `songpop backup` for a whole one"


def audit_backups(folder: Path, now: dt.datetime) -> list[Finding]:
    """Compare every backup in *folder* with its manifest: sizes of all, and bytes of the newest.

    Args:
        folder: of backups; one without any is no finding.
        now: from which the age of the newest whole one counts.

    Returns:
        An error for each backup that is damaged, oldest first; a note where the newest of the
        others is older than two weeks.
    """
    backups = list_backups(folder)
    findings: list[Finding] = []
    whole: list[tuple[Path, BackupManifest]] = []
    for backup in backups:
        try:
            manifest = read_manifest(backup, _REMEDY)
            verify_files(backup, manifest, _REMEDY, reads=backup == backups[-1])
        except (InputError, CheckError) as error:
            # One that is gone altogether went to make room for a newer one, a moment ago.
            if backup.exists():
                findings.append(Finding("error", _CHECK, str(backup), str(error)))
        else:
            whole.append((backup, manifest))
    if whole and now - whole[-1][1].made_at > _OLDEST:
        findings.append(_note_age(*whole[-1]))
    return findings


def _note_age(backup: Path, manifest: BackupManifest) -> Finding:
    remedy = "run `songpop backup`, or schedule `songpop maintain`"
    got = f"one of {manifest.made_at:%Y-%m-%d}"
    message = expected(str(backup), "a backup of the last two weeks", got, remedy)
    return Finding("note", _CHECK, str(backup), message)
