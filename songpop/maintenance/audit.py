"""Whether the newest backup is there, whole and young; notes only, for those who make any."""

import datetime as dt
from pathlib import Path
from typing import Final

from songpop.errors import CheckError, InputError, expected
from songpop.maintenance.folders import list_backups
from songpop.maintenance.manifest import read_manifest, verify_files
from songpop.warehouse.checks import Finding

_CHECK: Final = "backups"
_OLDEST: Final = dt.timedelta(weeks=2)


def audit_backups(folder: Path, now: dt.datetime) -> list[Finding]:
    """Read the newest backup in *folder* whole, and compare it with its manifest.

    Args:
        folder: of backups; one without any is no finding.
        now: from which its age counts.

    Returns:
        Notes: a backup that is damaged, or older than two weeks.
    """
    backups = list_backups(folder)
    if not backups:
        return []
    newest = backups[-1]
    try:
        manifest = read_manifest(newest)
        verify_files(newest, manifest)
    except (InputError, CheckError) as error:
        return [Finding("note", _CHECK, str(newest), str(error))]
    if now - manifest.made_at > _OLDEST:
        remedy = "run `songpop backup`, or schedule `songpop maintain`"
        got = f"one of {manifest.made_at:%Y-%m-%d}"
        message = expected(str(newest), "a backup of the last two weeks", got, remedy)
        return [Finding("note", _CHECK, str(newest), message)]
    return []
