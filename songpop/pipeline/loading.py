"""Loading a week: its exports are staged, then brought in."""

from collections.abc import Iterable

from songpop.errors import InputError
from songpop.ingest.arrive import arrive
from songpop.ingest.stage import StagedExport, stage_export
from songpop.pipeline.session import WeekRun
from songpop.pipeline.weeks import (
    mark_later_stale,
    mark_sisters_stale,
    rewrite_week,
    update_history,
)
from songpop.warehouse.sqlfiles import read_sql


def stage_exports(run: WeekRun) -> list[StagedExport]:
    """Read every export that can be read; one that cannot is a problem of its own.

    Raises:
        InputError: the week has new exports, and none can be read.
    """
    con, ingest = run.session.con, run.session.settings.ingest
    staged: list[StagedExport] = []
    errors: list[InputError] = []
    for export in run.plan.exports:
        try:
            staged.append(
                stage_export(con, export.file, export.identity, ingest, sha256=export.sha256)
            )
        except InputError as error:
            errors.append(error)
    if errors and not staged:
        raise errors[0]
    run.problems = tuple(str(error) for error in errors)
    return staged


def load_exports(run: WeekRun, staged: Iterable[StagedExport]) -> None:
    """Bring staged exports into their week, and say what they make stale."""
    session = run.session
    run.arrivals = [
        arrive(
            session.con,
            export,
            session.settings.ingest,
            session.run_id,
            session.now,
            by_key=export.loaded > run.part_rows,
        )
        for export in staged
    ]
    con, plan = session.con, run.plan
    accepted = [arrival for arrival in run.arrivals if arrival.kind != "refused"]
    if not accepted:
        return
    rewrite_week(con, plan.feed, plan.week, run.spec, session.now)
    is_corrected = any(arrival.kind == "correction" for arrival in accepted)
    update_history(con, plan.feed, plan.week, rows_left=is_corrected)
    con.execute(read_sql("load/delete_orphan_labels"), run.key)
    because = f"week {plan.week} changed later ({accepted[-1].kind})"
    has_new_metrics = any(arrival.changes_metrics for arrival in accepted)
    if has_new_metrics:
        mark_sisters_stale(con, plan.feed, plan.week, run.spec, because)
    # A snapshot model's blocks go by artist, so there a name can change a score as well.
    goes_by_name = run.spec.snapshot_source is not None
    if has_new_metrics or (goes_by_name and is_corrected):
        run.stale_weeks = mark_later_stale(con, plan.feed, plan.week, because)
