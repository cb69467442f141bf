"""``songpop doctor``."""

import datetime as dt

import typer

from songpop.cli.options import JsonOption, WarehouseOption
from songpop.cli.present import print_json, print_text
from songpop.errors import EXIT_FAILED


def doctor(warehouse: WarehouseOption = None, as_json: JsonOption = False) -> None:
    """Verify every invariant of a warehouse; exit 1 if one does not hold.

    Examples:
      songpop doctor

      songpop doctor --warehouse /srv/songpop --json
    """
    from dataclasses import asdict

    from songpop.maintenance.audit import audit_backups
    from songpop.settings import read_settings
    from songpop.warehouse.doctor import examine
    from songpop.warehouse.paths import WarehousePaths
    from songpop.weekly.audit import audit_pages

    settings = read_settings(warehouse=warehouse)
    paths = WarehousePaths(settings.warehouse)
    findings = [*examine(paths), *audit_pages(paths)]
    findings += audit_backups(settings.backups_dir, dt.datetime.now(dt.UTC))
    errors = [finding for finding in findings if finding.severity == "error"]
    if as_json:
        rows = [asdict(finding) for finding in findings]
        print_json({"healthy": not errors, "findings": rows})
    else:
        for finding in findings:
            print_text(f"{finding.severity}: {finding.message}")
        notes = len(findings) - len(errors)
        typer.echo(f"{len(errors)} errors, {notes} notes: " + ("unwell" if errors else "healthy"))
    if errors:
        raise typer.Exit(EXIT_FAILED)
