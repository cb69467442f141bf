"""The steps of one week, in order. Each takes the week's run and returns what it counted."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from songpop.errors import expected
from songpop.ingest.falling import flag_falling_counters
from songpop.labels.forward import select_labels
from songpop.labels.maturity import find_matured_weeks
from songpop.labels.snapshot import snapshot_metric
from songpop.pipeline.drift import judge_drift, store_scores, take_profile
from songpop.pipeline.loading import load_exports, stage_exports
from songpop.pipeline.plausible import keep_out
from songpop.pipeline.rows import count_checked, count_checked_labels
from songpop.pipeline.score import build_features, clear_parts, rescore, score
from songpop.pipeline.session import Facts, WeekRun
from songpop.pipeline.weeks import (
    RunStamp,
    keep_superseded,
    mark_run,
    mark_weeks_after,
)
from songpop.registry import champion_as_of, forget_week, settle_statuses
from songpop.scoring import Stamp, insert_scores
from songpop.training.decide import train_if_due
from songpop.training.demote import demote_if_worse
from songpop.warehouse.checks import assert_checks
from songpop.warehouse.publish import mark_revised, publish
from songpop.warehouse.sqlfiles import read_sql
from songpop.weekly.write import report_week


@dataclass(frozen=True)
class Step:
    """One named step; ``is_io`` says whether trying it again can help."""

    name: str
    run: Callable[[WeekRun], Facts]
    is_io: bool = False


def load(run: WeekRun) -> Facts:
    """Read the week's new exports, begin its transaction and bring them in."""
    session = run.session
    # Read before the transaction: what is not committed yet is scanned by one thread alone.
    staged = keep_out(run, stage_exports(run))
    session.con.begin()
    try:
        load_exports(run, staged)
    except BaseException:
        session.con.rollback()
        raise
    return {
        "loaded": sum(arrival.loaded for arrival in run.arrivals),
        "duplicate": sum(arrival.duplicate for arrival in run.arrivals),
        "quarantined": sum(arrival.quarantined for arrival in run.arrivals),
    }


def validate_rows(run: WeekRun) -> Facts:
    """Read the week's accepted rows back, validate them, flag counters that fell."""
    rows_count = count_checked(run)
    if rows_count == 0:
        run.outcome = "refused"
        return {"rows": 0}
    run.rows_count = rows_count
    plan = run.plan
    fallen = flag_falling_counters(run.session.con, plan.feed, plan.week, run.spec)
    take_profile(run, rows_count)
    return {"rows": rows_count, "falling_counters": fallen}


def label(run: WeekRun) -> Facts:
    """Store the labels that mature with this week."""
    if run.rows_count is None:
        return {}
    feed = run.session.settings.feed(run.plan.feed)
    if feed.label == "snapshot":
        snapshot_metric(run.spec)  # raises where the format has none
        return {"labelled": 0}
    con, plan = run.session.con, run.plan
    matured = find_matured_weeks(con, plan.feed, plan.week, feed.horizon_weeks)
    # Under another horizon this week matured others: readers lose their labels too.
    before = con.execute(read_sql("load/labels_matured_by"), run.key).fetchall()
    run.matured_weeks = tuple({*(row[0] for row in before), *matured})
    con.execute(read_sql("load/delete_matured_labels"), {**run.key, "label": feed.label})
    for week in matured:
        key = {"feed": plan.feed, "week": week, "label": feed.label}
        con.execute(read_sql("load/delete_labels"), key)
        weeks = week, plan.week
        select_labels(con, plan.feed, weeks, run.spec, feed.label, into="ml.labels")
    labelled, high = count_checked_labels(run, feed.label)
    return {"labelled": labelled, "base_rate": high / labelled} if labelled else {"labelled": 0}


def drift(run: WeekRun) -> Facts:
    """Judge how the week differs from those that the champion knows, and decide."""
    if run.plan.keeps_drift:
        return {"drift": "as it was"}
    judge_drift(run)
    return {"drift": None if run.drift is None else run.drift.decision}


def train(run: WeekRun) -> Facts:
    """Train a model where one is due, and find the model that has the last word on this week."""
    if run.rows_count is None:
        return {}
    con, plan = run.session.con, run.plan
    before = _models_of(run)
    if plan.mode != "again":
        forget_week(con, plan.feed, plan.week)
    if plan.mode != "again" or plan.force_retrain:
        told = [demote_if_worse(run) if plan.mode != "again" else None, train_if_due(run)]
        run.training = "; ".join(filter(None, told)) or None
    run.untrained = _say_untrained(run)
    run.champion = champion_as_of(con, plan.feed, plan.week, inclusive=True)
    if before != _models_of(run):
        # The weeks after it were scored by another champion, or trained on another schedule.
        because = f"week {plan.week} has another model"
        run.stale_weeks = mark_weeks_after(con, plan.feed, plan.week, because)
    return {"trained": run.training is not None, "model": run.champion and run.champion.version}


def _say_untrained(run: WeekRun) -> str | None:
    if run.drift is None or run.drift.decision != "retrain" or run.training is not None:
        return None
    if any(reason.startswith("but nothing is trained") for reason in run.drift_reasons):
        return None
    plan = run.plan
    trained = run.session.con.execute(read_sql("load/models_trained_in"), run.key).fetchall()
    if trained:
        return f"nothing trained again: {trained[-1][0]} was trained in this week"
    if plan.mode == "again":
        return (
            "nothing trained: a week that is run again keeps its models; `songpop backfill --feed "
            f"{plan.feed} --from {plan.week}` decides anew"
        )
    return "nothing trained: the weeks whose labels are known leave none to fit on"


def _models_of(run: WeekRun) -> tuple[object, ...]:
    """Return who scores the week, and what was trained in it."""
    con, plan = run.session.con, run.plan
    champion = champion_as_of(con, plan.feed, plan.week, inclusive=True)
    trained = con.execute(read_sql("load/models_trained_in"), run.key).fetchall()
    return champion, *trained


def write(run: WeekRun) -> Facts:
    """Replace the week's scores and say that it was run."""
    con, session = run.session.con, run.session
    keep_superseded(con, run.key, None if run.model is None else run.model.version, session.now)
    con.execute(read_sql("load/delete_scores"), run.key)
    if run.scores is not None and run.model is not None:
        insert_scores(con, run.key, run.scores, run.model, Stamp(session.run_id, session.now))
        store_scores(run)
        run.scores = None
        clear_parts(run)
    settle_statuses(con, run.plan.feed)
    version = None if run.model is None else run.model.version
    if run.rows_count is not None:
        stamp = RunStamp(session.run_id, session.now, version)
        mark_run(con, run.key, stamp, keeps_stale=run.plan.mode == "again")
    con.execute(read_sql("load/delete_run"), {**run.key, "run_id": session.run_id})
    con.execute(
        read_sql("load/insert_run"),
        {
            **run.key,
            "run_id": session.run_id,
            "outcome": run.outcome,
            "started_at": session.now,
            "ended_at": session.now,
        },
    )
    return {}


def check_and_commit(run: WeekRun) -> Facts:
    """Check the week's invariants, then commit all of it or nothing."""
    con = run.session.con
    assert_checks(con, "week", run.key)
    changed = {run.plan.week, *run.matured_weeks}
    revision = mark_revised(con, [(run.plan.feed, week) for week in sorted(changed)])
    con.commit()
    return {"revision": revision}


def publish_week(run: WeekRun) -> Facts:
    """Publish what was committed: Parquet first, then the snapshot."""
    result = publish(run.session.con, run.session.paths)
    return {"published": result.revision}


def report(run: WeekRun) -> Facts:
    """Write the page of what was published, and those that earlier runs failed to write.

    The week is safe by then, and the weeks after it must not wait for a page: whatever goes wrong
    is told, not raised. The next run, or ``songpop report``, makes it good.
    """
    plan = run.plan
    pages, run.page_problem = try_pages(
        f"page of {plan.name}",
        lambda: report_week(run.session.paths, plan.feed, plan.week, is_last=plan.is_last),
    )
    if run.page_problem is not None:
        return {"pages": 0, "problem": run.page_problem}
    run.page = next((str(page) for page in pages), None)
    return {"pages": len(pages)}


def try_pages(
    subject: str, write_pages: Callable[[], tuple[Path, ...]]
) -> tuple[tuple[Path, ...], str | None]:
    """Return the pages that were written, or what to tell a person about why they were not."""
    try:
        return write_pages(), None
    except Exception as error:  # noqa: BLE001 - a defect of the page is no defect of the week
        reason = str(error).partition("\n")[0] or type(error).__name__
        remedy = "put that right and run `songpop report`"
        return (), expected(subject, "to be written", reason, remedy)


STEPS: tuple[Step, ...] = (
    Step("load", load, is_io=True),
    Step("validate", validate_rows),
    Step("label", label),
    Step("features", build_features),
    Step("score", score),
    Step("drift", drift),
    Step("train", train),
    Step("rescore", rescore),
    Step("write", write),
    Step("commit", check_and_commit),
    Step("publish", publish_week, is_io=True),
    Step("report", report),
)
