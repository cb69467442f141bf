"""``songpop doctor`` and ``songpop repair``."""

import datetime as dt
from typing import TYPE_CHECKING

import typer

from songpop.cli.options import JsonOption, WarehouseOption
from songpop.cli.present import print_json, print_text
from songpop.errors import EXIT_FAILED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from songpop.warehouse.checks import Finding


def doctor(warehouse: WarehouseOption = None, as_json: JsonOption = False) -> None:
    """Verify every invariant of a warehouse; exit 1 if one does not hold.

    Examples:
      songpop doctor

      songpop doctor --warehouse /srv/songpop --json
    """
    from songpop.maintenance.audit import audit_backups
    from songpop.settings import read_settings
    from songpop.warehouse.doctor import examine
    from songpop.warehouse.paths import WarehousePaths
    from songpop.weekly.audit import audit_pages

    settings = read_settings(warehouse=warehouse)
    paths = WarehousePaths(settings.warehouse)
    findings = [*examine(paths), *audit_pages(paths)]
    findings += audit_backups(settings.backups_dir, dt.datetime.now(dt.UTC))
    if as_json:
        print_json(_describe(findings))
    else:
        _print_findings(findings)
    if _count_errors(findings):
        raise typer.Exit(EXIT_FAILED)


def repair(warehouse: WarehouseOption = None, as_json: JsonOption = False) -> None:
    """Put right what loses nothing: publish anew, take models from backups, write pages.

    What is committed stays as it is; where that is damaged itself, the message says which backup
    there is, and nothing is touched. Exit 1 if the doctor finds errors afterwards.

    Examples:
      songpop repair

      songpop repair --warehouse /srv/songpop --json
    """
    from songpop.maintenance.repair import repair as repair_warehouse
    from songpop.settings import read_settings

    report = repair_warehouse(read_settings(warehouse=warehouse), dt.datetime.now(dt.UTC))
    if as_json:
        print_json({"done": list(report.done), **_describe(report.findings)})
    else:
        for line in report.done or ("nothing to repair",):
            print_text(line)
        _print_findings(report.findings)
    if _count_errors(report.findings):
        raise typer.Exit(EXIT_FAILED)


def _describe(findings: "Sequence[Finding]") -> dict[str, object]:
    from dataclasses import asdict

    return {
        "healthy": not _count_errors(findings),
        "findings": [asdict(finding) for finding in findings],
    }


def _print_findings(findings: "Sequence[Finding]") -> None:
    for finding in findings:
        print_text(f"{finding.severity}: {finding.message}")
    errors = _count_errors(findings)
    state = "unwell" if errors else "healthy"
    typer.echo(f"{errors} errors, {len(findings) - errors} notes: {state}")


def _count_errors(findings: "Sequence[Finding]") -> int:
    return sum(finding.severity == "error" for finding in findings)
