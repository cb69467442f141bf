"""Which of a week's new exports can be true: the others are refused before they are loaded."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from songpop.drift.gather import WeekRows, gather_references, make_profile
from songpop.drift.plausibility import judge_plausibility
from songpop.drift.profile import WeekProfile
from songpop.drift.verdict import Verdict
from songpop.drift.words import describe_verdict
from songpop.errors import InputError, expected
from songpop.ingest.reasons import IMPLAUSIBLE
from songpop.ingest.stage import StagedExport
from songpop.pipeline.session import WeekRun
from songpop.warehouse.sqlfiles import read_sql

_CHECKS_OF_WHOLE_WEEKS = frozenset({"volume", "missing_jump"})


def keep_out(run: WeekRun, staged: list[StagedExport]) -> list[StagedExport]:
    """Return the week's staged exports, those refused with which the week cannot be true.

    What is judged is what the week would hold: of a first export or a correction its own rows, of
    a supplement those of the week as well. Of several exports, and of a supplement, each one's
    own rows are judged too, but for their number and their gaps. As many stay as can be true
    together, the first ones where not all can; files that somebody accepted always do.

    Raises:
        InputError: no export is left, since one cannot be true and is too large to be listed.
    """
    readable = [export for export in staged if export.refused_because is None]
    if not readable:
        return staged
    accepted = _list_accepted(run)
    run.profile, run.verdicts = _judge(run, readable)
    own = {
        export.sha256: _find_own_faults(run, export, readable)
        for export in readable
        if export.sha256 not in accepted
    }
    sound = [export for export in readable if not own.get(export.sha256)]
    kept, faults = _find_plausible(run, sound, accepted, is_whole=len(sound) == len(readable))
    causes = {
        export.sha256: own.get(export.sha256) or faults
        for export in readable
        if export.sha256 not in kept
    }
    if not causes:
        return staged
    found = {(one.check_name, one.column_name): one for one in run.verdicts}
    found |= {(one.check_name, one.column_name): one for some in causes.values() for one in some}
    run.verdicts = list(found.values())
    return _refuse(run, staged, causes)


def _find_plausible(
    run: WeekRun, sound: Sequence[StagedExport], accepted: frozenset[str], *, is_whole: bool
) -> tuple[frozenset[str], list[Verdict]]:
    """Return the SHA-256 of the exports that can be true together, and why not all can."""
    because: list[Verdict] = []
    for chosen in _list_choices(sound, accepted):
        kept = frozenset(export.sha256 for export in chosen)
        if kept <= accepted:
            return kept, because
        is_judged = is_whole and len(chosen) == len(sound)
        faults = _list_faults(run.verdicts if is_judged else _judge(run, chosen)[1])
        if not faults:
            return kept, because
        because = because or faults
    return frozenset(), because


def _list_choices(
    sound: Sequence[StagedExport], accepted: frozenset[str]
) -> Iterator[list[StagedExport]]:
    """Yield which exports may stay: all, all but one, one alone, none; accepted ones always do.

    What lies between would cost a profile each.
    """
    doubtful = [export.sha256 for export in sound if export.sha256 not in accepted]
    sizes = {len(doubtful), len(doubtful) - 1, 1, 0}
    for size in sorted((size for size in sizes if 0 <= size <= len(doubtful)), reverse=True):
        for some in combinations(doubtful, size):
            yield [export for export in sound if export.sha256 in accepted.union(some)]


def _refuse(
    run: WeekRun, staged: Sequence[StagedExport], causes: Mapping[str, Sequence[Verdict]]
) -> list[StagedExport]:
    left: list[StagedExport] = []
    problems: list[str] = []
    most = run.session.settings.ingest.max_bad_rows
    for export in staged:
        if export.sha256 not in causes:
            left.append(export)
            continue
        cause = "; ".join(describe_verdict(one, run.spec) for one in causes[export.sha256])
        if export.rows_read > most:
            problems.append(_describe_too_large(export, cause, most))
        else:
            left.append(export.refuse(run.session.con, IMPLAUSIBLE, cause))
    if not left:
        raise InputError("\n".join(problems))
    run.problems += tuple(problems)
    return left


def _describe_too_large(export: StagedExport, cause: str, most: int) -> str:
    remedy = (
        f"mend it and land it again; of its {export.rows_read:,} rows nothing was recorded, since "
        f"the quarantine lists at most {most:,} of a file, and it stays where it is"
    )
    return expected(export.file_name, "a week that can be true", cause, remedy)


def _judge(run: WeekRun, exports: Sequence[StagedExport]) -> tuple[WeekProfile, list[Verdict]]:
    """Judge what the week would hold with some exports."""
    lasting = _list_lasting(run, exports)
    adds = _is_supplement(run, lasting)
    return _judge_rows(run, _rows_of(run, lasting, adds=adds))


def _judge_rows(run: WeekRun, rows: WeekRows) -> tuple[WeekProfile, list[Verdict]]:
    session, plan = run.session, run.plan
    profile = make_profile(session.con, rows, run.spec)
    references = gather_references(session.con, plan.feed, plan.week, (), session.profiles)
    return profile, judge_plausibility(profile, references, run.spec, session.settings.drift)


def _find_own_faults(
    run: WeekRun, export: StagedExport, readable: Sequence[StagedExport]
) -> list[Verdict]:
    """Return what is implausible of an export's own rows; empty where they are the week's."""
    if len(readable) == 1 and not _is_supplement(run, readable):
        return []
    _, verdicts = _judge_rows(run, _rows_of(run, [export], adds=False))
    return [one for one in _list_faults(verdicts) if one.check_name not in _CHECKS_OF_WHOLE_WEEKS]


def _list_faults(verdicts: Sequence[Verdict]) -> list[Verdict]:
    return [verdict for verdict in verdicts if verdict.verdict == "quarantine"]


def _list_lasting(run: WeekRun, exports: Sequence[StagedExport]) -> list[StagedExport]:
    """Return the exports that stay once each has replaced those before it that it corrects."""
    overlap = run.session.settings.ingest.correction_overlap
    lasting: list[StagedExport] = []
    for export in exports:
        shared = {other.sha256: _count_shared(run, export, other) for other in lasting}
        if shared and sum(shared.values()) >= overlap * export.loaded:
            most = max(shared, key=lambda sha256: shared[sha256])
            lasting = [
                other
                for other in lasting
                if other.sha256 != most and 2 * shared[other.sha256] <= other.loaded
            ]
        lasting.append(export)
    return lasting


def _count_shared(run: WeekRun, export: StagedExport, other: StagedExport) -> int:
    row = run.session.con.execute(
        f"select count(*) from {export.table} semi join {other.table} using (track_id)"  # noqa: S608 - our own temporary tables
    ).fetchone()
    return 0 if row is None else int(row[0])


def _is_supplement(run: WeekRun, staged: Sequence[StagedExport]) -> bool:
    """Whether what is staged shares too few tracks with the loaded week to replace it."""
    shared = 0.0
    for export in staged:
        row = run.session.con.execute(
            f"select count(*) from {export.table} as staged "  # noqa: S608 - our own temporary table
            "inner join core.track_weeks as loaded on staged.track_id = loaded.track_id "
            "where loaded.feed = $feed and loaded.week = $week",
            run.key,
        ).fetchone()
        shared = max(shared, 0 if row is None else int(row[0]) / max(export.loaded, 1))
    present = run.session.con.execute(read_sql("load/count_week_rows"), run.key).fetchone()
    is_loaded = present is not None and present[0] > 0
    return is_loaded and shared < run.session.settings.ingest.correction_overlap


def _rows_of(run: WeekRun, staged: Sequence[StagedExport], *, adds: bool) -> WeekRows:
    """Describe what a week would hold: the staged tracks, and those that they are added to."""
    tables = [f"select track_id from {export.table}" for export in staged]  # noqa: S608 - our own temporary tables
    if adds:
        tables.append("select track_id from core.track_weeks where feed = $feed and week = $week")
    together = " union ".join(tables)
    row = run.session.con.execute(
        f"select count(*) from ({together})",  # noqa: S608 - as above
        run.key if adds else None,
    ).fetchone()
    return WeekRows(
        feed=run.plan.feed,
        week=run.plan.week,
        rows_count=0 if row is None else int(row[0]),
        layouts=tuple(export.identity.recognised.layout.name for export in staged),
        tables=tuple(export.table for export in staged),
        adds=adds,
    )


def _list_accepted(run: WeekRun) -> frozenset[str]:
    row = run.session.con.execute(read_sql("drift/is_accepted_by_hand"), run.key).fetchone()
    return frozenset() if row is None else frozenset(row[0])
