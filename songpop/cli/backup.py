"""``songpop backup``, ``songpop restore`` and ``songpop maintain``."""

import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from songpop.cli.options import JsonOption, WarehouseOption
from songpop.cli.present import print_json, print_text
from songpop.errors import EXIT_FAILED

if TYPE_CHECKING:
    from songpop.maintenance.backup import BackupReport
    from songpop.maintenance.maintain import MaintenanceReport
    from songpop.maintenance.restore import RestoreReport
    from songpop.warehouse.checks import Finding

_MAIN_TABLES = ("raw.exports", "core.weeks", "core.track_weeks", "mart.weekly_scores", "ml.models")


def backup(
    to: Annotated[
        Path | None,
        typer.Option(
            "--to",
            help="Folder in which the backup gets one of its own. [default: <warehouse>/backups]",
            show_default=False,
        ),
    ] = None,
    keep: Annotated[
        int | None,
        typer.Option(
            "--keep",
            min=1,
            help="How many newest stay. [default: as set]",
            show_default=False,
        ),
    ] = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Back up the private file and the models; restored once before it counts.

    Examples:
      songpop backup

      songpop backup --to /mnt/backups/songpop --keep 26
    """
    from songpop.maintenance.backup import back_up
    from songpop.settings import read_settings

    began = time.monotonic()
    report = back_up(read_settings(warehouse=warehouse), dt.datetime.now(dt.UTC), to, keep)
    if as_json:
        print_json({**_describe_backup(report), "seconds": round(time.monotonic() - began, 2)})
        return
    for line in _tell_backup(report):
        print_text(line)
    print_text(f"took {time.monotonic() - began:.1f} s, a trial restore included")


def restore(
    backup: Annotated[str, typer.Argument(help="Folder of a backup, or latest.")],
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make the warehouse what a backup holds; what was there is kept aside.

    Exports that landed after the backup are new again: `songpop run` scores them.

    Examples:
      songpop restore latest

      songpop restore /mnt/backups/songpop/2026-11-26T10-00-00Z --warehouse /srv/songpop
    """
    from songpop.maintenance.folders import find_backup
    from songpop.maintenance.restore import restore as restore_backup
    from songpop.settings import read_settings

    began = time.monotonic()
    settings = read_settings(warehouse=warehouse)
    found = find_backup(settings.backups_dir, backup)
    report = restore_backup(settings, found, dt.datetime.now(dt.UTC))
    is_healthy = not _errors_of(report.findings)
    if as_json:
        print_json({**_describe_restore(report), "seconds": round(time.monotonic() - began, 2)})
    else:
        _print_restore(report)
    if not is_healthy:
        raise typer.Exit(EXIT_FAILED)


def maintain(warehouse: WarehouseOption = None, as_json: JsonOption = False) -> None:
    """Drop what is older than it is kept, write the private file anew if that saves, back it up.

    What is kept how long: [maintenance] in songpop.toml.

    Examples:
      songpop maintain

      songpop maintain --warehouse /srv/songpop --json
    """
    from songpop.maintenance.maintain import maintain as maintain_warehouse
    from songpop.settings import read_settings

    began = time.monotonic()
    report = maintain_warehouse(read_settings(warehouse=warehouse), dt.datetime.now(dt.UTC))
    if as_json:
        print_json({**describe_maintenance(report), "seconds": round(time.monotonic() - began, 2)})
        return
    for line in tell_maintenance(report):
        print_text(line)


def tell_maintenance(report: "MaintenanceReport") -> Iterator[str]:
    """Yield the lines of a maintenance for people: what went, what was saved, the backup."""
    left, removed = report.leftovers, report.retention
    yield f"leftovers:   {left.count} files, {_size(left.size_bytes)}"
    yield f"quarantine:  {removed.texts.count} texts, {_size(removed.texts.size_bytes)}"
    yield f"runs:        {removed.runs_count} records"
    yield f"models:      {removed.artefacts.count} unused, {_size(removed.artefacts.size_bytes)}"
    was, now = _size(report.vacuum.before_bytes), _size(report.vacuum.after_bytes)
    yield f"vacuum:      {report.vacuum.outcome} ({was}, now {now})"
    yield from _tell_backup(report.backup)


def describe_maintenance(report: "MaintenanceReport") -> dict[str, Any]:
    """Return the report as JSON has it."""
    from dataclasses import asdict

    return {**asdict(report), "backup": _describe_backup(report.backup)}


def _describe_backup(report: "BackupReport") -> dict[str, Any]:
    removed = [str(path) for path in report.removed]
    return {**vars(report), "folder": str(report.folder), "removed": removed}


def _describe_restore(report: "RestoreReport") -> dict[str, Any]:
    return {
        **vars(report),
        "backup": str(report.backup),
        "made_at": report.made_at.isoformat(),
        "replaced": None if report.replaced is None else str(report.replaced),
        "healthy": not _errors_of(report.findings),
        "findings": [vars(finding) for finding in report.findings],
    }


def _tell_backup(report: "BackupReport") -> Iterator[str]:
    rows = ", ".join(f"{name} {report.tables[name]:,}" for name in _MAIN_TABLES)
    yield f"backup:      {report.folder}, {_size(report.size_bytes)}, verified by restoring it"
    yield f"rows:        {rows}"
    for folder in report.removed:
        yield f"removed:     {folder}, older than those that are kept"


def _print_restore(report: "RestoreReport") -> None:
    print_text(f"restored:    {report.backup}, made {report.made_at:%Y-%m-%d %H:%M} UTC")
    if report.replaced is not None:
        print_text(f"before:      {report.replaced}; `songpop restore` with it undoes this")
    for finding in report.findings:
        print_text(f"{finding.severity}: {finding.message}")
    errors = len(_errors_of(report.findings))
    notes = len(report.findings) - errors
    print_text(f"{errors} errors, {notes} notes: " + ("unwell" if errors else "healthy"))


def _errors_of(findings: "tuple[Finding, ...]") -> "list[Finding]":
    return [finding for finding in findings if finding.severity == "error"]


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:,.1f} MB"
