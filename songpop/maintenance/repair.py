"""What can be put right without losing anything: what readers get, pages, and models of backups.

The private file is the truth, and stays as it is. What is made from it is made anew; a model whose
files are wrong is taken from a backup that has exactly the registered ones. A private file that is
damaged itself is for a person: a restore goes back to an earlier week.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from songpop.errors import CheckError, expected
from songpop.formats.registry import load_formats
from songpop.maintenance.backup import require_warehouse
from songpop.maintenance.copying import place_model
from songpop.maintenance.folders import list_backups
from songpop.maintenance.replaced import settle_replaced
from songpop.settings import Settings
from songpop.warehouse.audit_models import (
    MODELS_CHECK,
    Registered,
    find_problem,
    list_registered,
)
from songpop.warehouse.audit_publication import audit_publication
from songpop.warehouse.checks import Finding
from songpop.warehouse.doctor import examine_open, examine_private
from songpop.warehouse.durable import remove_durably
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.publish import publish
from songpop.warehouse.published import wal_beside
from songpop.warehouse.writer import explained, hold_warehouse, open_held
from songpop.weekly.audit import audit_pages
from songpop.weekly.write import make_up_pages


@dataclass(frozen=True)
class RepairReport:
    """What was put right, and what the doctor says now."""

    done: tuple[str, ...]
    """One line for each thing that was put right."""
    findings: tuple[Finding, ...]


def repair(settings: Settings, now: dt.datetime) -> RepairReport:
    """Put right what is safe to put right in a warehouse that nobody writes to.

    Args:
        settings: of the warehouse.
        now: when; recorded for migrations that it lacks.

    Raises:
        InputError: there is no warehouse.
        BusyError: another process writes to it.
        CheckError: its private file is damaged; nothing was touched, and the message says which
            backup there is.
    """
    require_warehouse(settings)
    paths = WarehousePaths(settings.warehouse)
    with hold_warehouse(settings, "songpop repair") as leftovers:
        done = [f"removed {leftovers.count} files of killed runs"] if leftovers.count else []
        settle_replaced(paths)
        try:
            with (
                explained(paths),
                open_held(settings, load_formats(settings.formats_dir), now) as con,
            ):
                done += _repair_models(con, paths, settings)
                if not _list_unsound(examine_private(con, paths)):
                    # Else readers keep what they have: it may be better than what is here now.
                    done += _repair_publication(con, paths)
                    done += [f"wrote {page}" for page in make_up_pages(paths, but=())]
                findings = [*examine_open(con, paths), *audit_pages(paths)]
        except CheckError as error:
            raise CheckError(f"{error}\n{_describe_backups(settings)}") from error
    return RepairReport(tuple(done), tuple(findings))


def _repair_models(
    con: duckdb.DuckDBPyConnection, paths: WarehousePaths, settings: Settings
) -> Iterator[str]:
    for model in list_registered(con):
        final = paths.models / model.feed / model.version
        if find_problem(final, model.artefact_sha256) is None:
            continue
        source = _find_sound(model, settings, paths)
        if source is not None:
            place_model(source, final)
            yield f"took model {model.version} from {source.parents[2]}"


def _find_sound(model: Registered, settings: Settings, paths: WarehousePaths) -> Path | None:
    """Return the folder of the newest backup whose files of *model* are those registered."""
    kept = [*list_backups(settings.backups_dir), *list_backups(paths.replaced)]
    for backup in reversed(kept):
        folder = backup / "models" / model.feed / model.version
        if find_problem(folder, model.artefact_sha256) is None:
            return folder
    return None


def _repair_publication(con: duckdb.DuckDBPyConnection, paths: WarehousePaths) -> Iterator[str]:
    if not audit_publication(con, paths):
        return
    # What awaits publication is no damage; what is left after it is.
    publish(con, paths)
    if not audit_publication(con, paths):
        yield "published what was committed"
        return
    remove_durably(wal_beside(paths.snapshot))
    publish(con, paths, rebuild=True)
    yield "published everything anew"


def _describe_backups(settings: Settings) -> str:
    backups = list_backups(settings.backups_dir)
    if not backups:
        return expected(
            str(settings.backups_dir),
            "a backup",
            "none",
            "move the warehouse away and run `songpop backfill` on all exports",
        )
    remedy = "`songpop restore latest` goes back to it; then `songpop run` scores what landed since"
    return f"newest backup: {backups[-1]}; {remedy}"


def _list_unsound(findings: list[Finding]) -> list[Finding]:
    return [one for one in findings if one.severity == "error" and one.check != MODELS_CHECK]
