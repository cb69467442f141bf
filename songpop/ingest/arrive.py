"""What a staged export is to its week: the first, a correction, a supplement, or refused.

A second export that shares at least half of its keys with one that is there replaces it; one that
shares fewer is added, and its rows that contradict what is there are quarantined.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import duckdb

from songpop.formats.spec import FormatSpec
from songpop.ingest.differences import Differences, compare_exports, content_columns
from songpop.ingest.stage import StagedExport
from songpop.schemas import Quarantine, validate
from songpop.settings import IngestSettings
from songpop.warehouse.frames import registered
from songpop.warehouse.sqlfiles import read_sql

ArrivalKind = Literal["first", "correction", "supplement", "refused"]


@dataclass(frozen=True)
class Arrival:
    """What one export did to its week; the three counts add up to ``rows_read``."""

    file_name: str
    kind: ArrivalKind
    rows_read: int
    loaded: int
    duplicate: int
    quarantined: int
    damaged_text_count: int
    reason: str | None
    replaces_sha256: str | None
    differences: Differences

    @property
    def changes_metrics(self) -> bool:
        """Whether anything but text differs from what the week held before."""
        return self.kind in {"first", "supplement"} or self.differences.changes_metrics


@dataclass(frozen=True)
class _Plan:
    kind: ArrivalKind
    replaced: tuple[str, ...] = ()
    """SHA-256 of the exports that it replaces, the one that shares most with it first."""

    @property
    def replaces_sha256(self) -> str | None:
        """The one that shares most."""
        return self.replaced[0] if self.replaced else None


def arrive(
    con: duckdb.DuckDBPyConnection,
    staged: StagedExport,
    settings: IngestSettings,
    run_id: str,
    now: dt.datetime,
    *,
    by_key: bool = False,
) -> Arrival:
    """Write a staged export into its week, inside the caller's transaction.

    Args:
        con: the writer's connection; the staged rows stand in ``staged.table``, which is dropped.
        staged: the export as parsed, with its bad rows.
        settings: what makes a correction, and how many differences are listed.
        run_id: who writes; stored with the export.
        now: when; stored with the export.
        by_key: whether its rows are stored in the order of track_id, so that ranges of a large
            week are read without the rest of it; sorting takes twice as long as storing.

    Returns:
        What became of the export. A refused one leaves the week as it was.
    """
    spec = staged.identity.recognised.spec
    con.execute(f"create or replace temp view staged_rows as from {staged.table}")
    plan = _plan_arrival(con, staged, spec, settings)
    staged = _drop_known_rows(con, staged, spec, plan, settings)
    differences = Differences.none()
    if staged.refused_because is not None:
        plan = _Plan("refused")
    else:
        if plan.replaces_sha256 is not None:
            differences = compare_exports(con, staged.identity, spec, plan.replaced)
            con.execute(read_sql("load/forget_differences"), {"sha256": staged.sha256})
            differences.store(con, staged.sha256, plan.replaces_sha256, settings.max_differences)
            for sha256 in plan.replaced:
                _retire_export(con, staged, sha256)
        _insert_rows(con, staged, spec, by_key=by_key)
    arrival = _describe(staged, plan, differences)
    _record(con, staged, arrival, run_id, now)
    con.execute(f"drop view staged_rows; drop table {staged.table}")
    return arrival


def _week_params(staged: StagedExport) -> dict[str, object]:
    return {"feed": staged.identity.feed, "week": staged.identity.week}


def _plan_arrival(
    con: duckdb.DuckDBPyConnection,
    staged: StagedExport,
    spec: FormatSpec,
    settings: IngestSettings,
) -> _Plan:
    if staged.refused_because is not None:
        return _Plan("refused")
    overlaps = con.execute(read_sql("load/export_overlaps"), _week_params(staged)).fetchall()
    present = con.execute(read_sql("load/count_week_rows"), _week_params(staged)).fetchone()
    if present is None or present[0] == 0:
        return _Plan("first")
    if spec.is_whole_week:
        rows = con.execute(read_sql("load/list_week_exports"), _week_params(staged)).fetchall()
        return _Plan("correction", tuple(sha256 for (sha256,) in rows))
    shared = sum(row[1] for row in overlaps)
    if not overlaps or shared < settings.correction_overlap * staged.loaded:
        return _Plan("supplement")
    # It replaces what it holds most of: the first export, and supplements that it takes in.
    most, *others = overlaps
    return _Plan("correction", (most[0], *(row[0] for row in others if 2 * row[1] > row[2])))


def _retire_export(
    con: duckdb.DuckDBPyConnection, staged: StagedExport, replaces_sha256: str
) -> None:
    con.execute(
        read_sql("load/delete_export_rows"), {**_week_params(staged), "sha256": replaces_sha256}
    )
    con.execute(read_sql("load/supersede_export"), {"sha256": replaces_sha256})


def _drop_known_rows(
    con: duckdb.DuckDBPyConnection,
    staged: StagedExport,
    spec: FormatSpec,
    plan: _Plan,
    settings: IngestSettings,
) -> StagedExport:
    """Take out the rows whose key another export of the week holds: repeats or contradictions.

    The export that is to be replaced is no other one.
    """
    if plan.kind in {"first", "refused"}:
        return staged
    is_equal = " and ".join(
        f'staged."{column.name}" is not distinct from kept."{column.name}"'
        for column in content_columns(spec)
    )
    clashing = con.execute(
        f"""
        select staged.line, {is_equal} as is_equal
        from staged_rows as staged
        inner join core.track_weeks as kept on staged.track_id = kept.track_id
        where
            kept.feed = $feed and kept.week = $week
            and not list_contains($replaced, kept.sha256)
        order by staged.line
        """,  # noqa: S608 - the names are those that the format declares
        {**_week_params(staged), "replaced": list(plan.replaced)},
    ).pl()
    if clashing.is_empty():
        return staged
    is_equal = clashing["is_equal"]
    lines = clashing["line"]
    return staged.without(con, lines.filter(is_equal), lines.filter(~is_equal), settings)


def _insert_rows(
    con: duckdb.DuckDBPyConnection, staged: StagedExport, spec: FormatSpec, *, by_key: bool
) -> None:
    names = ", ".join(f'"{column.name}"' for column in content_columns(spec))
    con.execute(
        f"""
        insert into core.track_weeks by name
        select
            $feed as feed, $week as week, $sha256 as sha256, line, track_id, flags, {names}
        from {staged.table}
        {"order by track_id" if by_key else ""}
        """,  # noqa: S608 - the names are those that the format declares
        {**_week_params(staged), "sha256": staged.sha256},
    )


def _describe(staged: StagedExport, plan: _Plan, differences: Differences) -> Arrival:
    return Arrival(
        file_name=staged.file_name,
        kind=plan.kind,
        rows_read=staged.rows_read,
        loaded=staged.loaded,
        duplicate=staged.duplicate,
        quarantined=staged.quarantined,
        damaged_text_count=staged.damaged_text_count,
        reason=staged.refused_because,
        replaces_sha256=plan.replaces_sha256,
        differences=differences,
    )


def _record(
    con: duckdb.DuckDBPyConnection,
    staged: StagedExport,
    arrival: Arrival,
    run_id: str,
    now: dt.datetime,
) -> None:
    identity = staged.identity
    # An export that was refused or unloaded, and is tried again, has a record already.
    for name in ("forget_quarantine", "forget_export"):
        con.execute(read_sql(f"load/{name}"), {"sha256": staged.sha256})
    con.execute(
        read_sql("load/insert_export"),
        {
            "sha256": staged.sha256,
            "feed": identity.feed,
            "week": identity.week,
            "region": identity.region,
            "format": identity.format_name,
            "layout": identity.layout_name,
            "file_name": staged.file_name,
            "size_bytes": staged.size_bytes,
            "encoding": staged.encoding,
            "rows_read": arrival.rows_read,
            "loaded": arrival.loaded,
            "duplicate": arrival.duplicate,
            "quarantined": arrival.quarantined,
            "status": "refused" if arrival.kind == "refused" else "loaded",
            "reason": arrival.reason,
            "cause": staged.cause,
            "arrival": arrival.kind,
            "replaces_sha256": arrival.replaces_sha256,
            "changed_text_count": arrival.differences.text_count,
            "changed_metric_count": arrival.differences.metric_count,
            "damaged_text_count": arrival.damaged_text_count,
            "run_id": run_id,
            "loaded_at": now,
        },
    )
    if staged.bad.height:
        bad = validate(Quarantine.to_schema(), staged.bad, f"quarantine of {staged.file_name}")
        with registered(con, "bad_rows", bad):
            con.execute(read_sql("load/insert_quarantine"), {"sha256": staged.sha256})
