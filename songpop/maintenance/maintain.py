"""What a warehouse needs once a week: retention, writing it anew, and a backup that restores."""

import datetime as dt
from dataclasses import dataclass

from songpop.formats.registry import load_formats
from songpop.maintenance.backup import BackupReport, back_up_held, require_warehouse
from songpop.maintenance.folders import drop_oldest
from songpop.maintenance.replaced import settle_replaced
from songpop.maintenance.retention import Retention, apply_retention
from songpop.maintenance.tend import tend_lake
from songpop.maintenance.vacuum import Vacuum, vacuum
from songpop.settings import Settings
from songpop.warehouse.lake import find_lake
from songpop.warehouse.leftovers import Removed
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.publish import publish
from songpop.warehouse.writer import explained, hold_warehouse, open_held


@dataclass(frozen=True)
class MaintenanceReport:
    """What each step did."""

    leftovers: Removed
    """Temporary files of killed runs."""
    retention: Retention
    vacuum: Vacuum
    backup: BackupReport


def maintain(settings: Settings, now: dt.datetime) -> MaintenanceReport:
    """Look after a warehouse that nobody writes to; a second call finds nothing to remove.

    Published snapshots need no retention: each replaces the one before by a rename, and Parquet
    files of weeks without scores go when the week is published.

    Args:
        settings: of the warehouse; ``[maintenance]`` says what is kept.
        now: from which ages count; names the backup.

    Raises:
        InputError: there is no warehouse.
        BusyError: another process writes to it.
        CheckError: it is damaged, or the backup does not restore; what was done before stays done.
    """
    require_warehouse(settings)
    paths, kept = WarehousePaths(settings.warehouse), settings.maintenance
    with hold_warehouse(settings, "songpop maintain") as leftovers, explained(paths):
        settle_replaced(paths)
        with open_held(settings, load_formats(settings.formats_dir), now) as con:
            publish(con, paths)
            retention = apply_retention(con, paths, kept, now)
            publish(con, paths)
        if find_lake(paths) is not None:
            vacuumed = tend_lake(paths, settings.memory_limit, kept.lake_days, now)
        else:
            vacuumed = vacuum(paths, settings.memory_limit, kept.vacuum_share)
        backup = back_up_held(settings, now, None, None)
        drop_oldest(paths.replaced, kept.backups_kept, paths.root)
    return MaintenanceReport(leftovers, retention, vacuumed, backup)
