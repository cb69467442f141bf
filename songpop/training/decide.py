"""Train a model where one is due; promote it only if it earned that."""

import datetime as dt
from dataclasses import dataclass, replace

from songpop.features.calendar import OFF_CADENCE_DAYS
from songpop.gate import Verdict, warn_of
from songpop.pipeline.session import WeekRun
from songpop.policy import STAND_INS, TrainingFacts, TrainingPlan, find_obstacle, plan_training
from songpop.registry import (
    WAITS,
    ModelVersion,
    Registration,
    champion_as_of,
    last_trained_week,
    promote,
    register,
)
from songpop.splits import first_unseen_week
from songpop.training.describe import Told, describe_model
from songpop.training.enter import enter_gate
from songpop.training.exports import list_exports
from songpop.training.fit import Trained, fit_or_reuse
from songpop.training.gather import Target, TrainingSet, gather_forward, gather_snapshot
from songpop.warehouse.sqlfiles import read_sql


@dataclass(frozen=True)
class _Outcome:
    """What becomes of a challenger.

    Attributes:
        decision: as it is stored: ``promoted``, ``refused`` or ``waits for approval``, and why.
        promotes: whether it is champion from this week on.
        waits: whether a person is asked.
    """

    decision: str
    promotes: bool = False
    waits: bool = False


def train_if_due(run: WeekRun) -> str | None:
    """Train and register a model if the policy asks for one this week.

    Args:
        run: the week's run, with its rows.

    Returns:
        What was trained and what became of it, in words; null if nothing was due.
    """
    champion = _find_champion(run)
    plan = plan_training(_gather_facts(run, champion), run.session.settings.training)
    if plan is None:
        return None
    training_set = _gather(run, plan, champion)
    if training_set is None:
        return None
    trained = fit_or_reuse(run.session, run.plan, training_set, plan)
    verdict = _decide(run, plan, trained, training_set, champion)
    outcome = _find_outcome(run, verdict, trained.model.version)
    _register(run, plan, trained, training_set, verdict, outcome)
    became, _, reason = outcome.decision.partition(": ")
    told = "not promoted" if became == "refused" else became
    return f"{plan.because} {plan.label} {plan.kind} {told}: {reason}"


def _find_outcome(run: WeekRun, verdict: Verdict, version: str) -> _Outcome:
    """Return what follows from the verdict: only what the gate let pass is put to a person.

    What a person has decided about the same version stands, and a backfill asks nobody: who was
    let in by hand scores in it too.
    """
    session = run.session
    if not verdict.is_promoted:
        return _Outcome(f"refused: {verdict.text}")
    if session.settings.operations.approval == "none" or verdict.figures is None:
        return _Outcome(f"promoted: {verdict.text}", promotes=True)
    row = session.con.execute(read_sql("load/decision_of"), {"version": version}).fetchone()
    if row is not None and " by hand: " in row[0]:
        return _Outcome(str(row[0]))
    if run.plan.mode == "replay":
        return _Outcome(f"refused: a backfill asks nobody; {verdict.text}")
    return _Outcome(f"{WAITS}: {verdict.text}", waits=True)


def explain_untrained(run: WeekRun) -> str | None:
    """Return why drift can start no training in the week, in words; null where it can."""
    if not _is_drifted(run):
        return "[operations] retrain_in leaves that to the deployment retrain"
    facts = _gather_facts(run, _find_champion(run))
    return find_obstacle(facts, run.session.settings.training)


def _find_champion(run: WeekRun) -> ModelVersion | None:
    """Return who scored before the week, or a stand-in that was put in its place this very week."""
    con, plan = run.session.con, run.plan
    now = champion_as_of(con, plan.feed, plan.week, inclusive=True)
    if now is not None and now.kind in STAND_INS:
        return now
    return champion_as_of(con, plan.feed, plan.week, inclusive=False)


def _gather_facts(run: WeekRun, champion: ModelVersion | None) -> TrainingFacts:
    con, plan = run.session.con, run.plan
    feed = run.session.settings.feed(plan.feed)
    matured = con.execute(
        read_sql("load/matured_weeks"), {**run.key, "label": feed.label}
    ).fetchall()
    last_trained = last_trained_week(con, plan.feed, plan.week)
    if champion is not None and champion.kind in STAND_INS:
        last_trained = max(last_trained or champion.trained_week, champion.trained_week)
    return TrainingFacts(
        week=plan.week,
        label=feed.label,
        has_snapshot_source=run.spec.snapshot_source is not None,
        matured_weeks_count=len(matured),
        matured_rows_count=sum(row[1] for row in matured),
        champion_kind=None if champion is None else champion.kind,
        champion_label=None if champion is None else champion.label,
        last_trained_week=last_trained,
        is_forced=plan.force_retrain,
        is_drifted=_is_drifted(run),
        has_had_network=_has_had_network(run, feed.label),
    )


def _is_drifted(run: WeekRun) -> bool:
    """Whether drift trains in this run, and not in a deployment of its own.

    That deployment forces the training; a backfill makes it where it would have been.
    """
    if run.drift is None or run.drift.decision != "retrain":
        return False
    is_left = run.session.settings.operations.retrain_in == "deployment"
    return not is_left or run.plan.force_retrain or run.plan.mode == "replay"


def _has_had_network(run: WeekRun, label: str) -> bool:
    row = run.session.con.execute(
        read_sql("load/networks_before"), {**run.key, "label": label}
    ).fetchone()
    return row is not None and row[0] > 0


def _gather(run: WeekRun, plan: TrainingPlan, champion: ModelVersion | None) -> TrainingSet | None:
    session, week = run.session, run.plan.week
    if plan.label == "snapshot":
        seed = session.settings.training.seed
        return gather_snapshot(session.con, run.plan.feed, week, run.spec, seed)
    horizon_weeks = session.settings.feed(run.plan.feed).horizon_weeks
    test_from: dt.date | None = None
    if champion is not None and not plan.replaces_unseen:
        test_from = first_unseen_week(champion.seen_until_week, horizon_weeks)
    target = Target(
        plan.label,
        horizon_weeks,
        test_from,
        session.settings.training.pool_feeds,
        session.settings.gate,
        _find_change(run, plan.label),
    )
    return gather_forward(session.con, run.plan.feed, week, run.spec, target)


def _find_change(run: WeekRun, label: str) -> dt.date | None:
    """Return the first of the weeks on which a network did worse than what then stood in for it.

    It holds whoever scores now: a network that was promoted since is refreshed from the same world.
    """
    key = {**run.key, "label": label}
    row = run.session.con.execute(read_sql("load/newest_demotion"), key).fetchone()
    if row is None:
        return None
    demoted_week, horizon_weeks = row
    weeks = horizon_weeks + run.session.settings.gate.demotion_weeks - 1
    return demoted_week - dt.timedelta(weeks=weeks, days=OFF_CADENCE_DAYS)


def _decide(
    run: WeekRun,
    plan: TrainingPlan,
    trained: Trained,
    training_set: TrainingSet,
    champion: ModelVersion | None,
) -> Verdict:
    if champion is None:
        return _agree("the feed's first model")
    if champion.version == trained.model.version:
        return _agree("the champion itself, trained from the same data")
    if plan.replaces_unseen:
        return _agree(f"first network, after {champion.version}")
    if _foresees(champion) != _foresees(trained.model):
        is_wanted = run.session.settings.feed(run.plan.feed).label == plan.label
        reason = (
            f"the champion foresees {_foresees(champion)}, this one {_foresees(trained.model)}: "
            "not comparable"
        )
        return Verdict(is_promoted=is_wanted, reasons=(reason,))
    if plan.label == "snapshot":
        # Its rows are of the week that it learned from, and no later week can be its test.
        reason = "insufficient evidence: a snapshot model has no weeks that neither has seen"
        return Verdict(is_promoted=False, reasons=(reason,))
    return enter_gate(run.session, trained, training_set, champion)


def _agree(reason: str) -> Verdict:
    return Verdict(is_promoted=True, reasons=(reason,))


def _foresees(model: ModelVersion) -> str:
    if model.label == "snapshot":
        return "the present"
    return f"{model.label} in {model.horizon_weeks} weeks"


def _register(
    run: WeekRun,
    plan: TrainingPlan,
    trained: Trained,
    training_set: TrainingSet,
    verdict: Verdict,
    outcome: _Outcome,
) -> None:
    session, week = run.session, run.plan
    exports = list_exports(session.con, training_set.labels)
    model = replace(trained.model, warning=warn_of(trained.manifest.metrics.evaluation))
    told = Told(plan.because, outcome.decision, len(exports), verdict.figures)
    register(
        session.con,
        Registration(
            model=model,
            trained_because=plan.because,
            decision=outcome.decision,
            trained_on_weeks=training_set.weeks,
            trained_on_exports=exports,
            rows_count=training_set.labels.height,
            settings=trained.settings,
            metrics=trained.metrics,
            calibration=trained.calibration,
            card=describe_model(replace(trained, model=model), training_set, run.spec, told),
            gate=None if verdict.figures is None else verdict.figures.model_dump(mode="json"),
        ),
        session.run_id,
        session.now,
    )
    if outcome.promotes:
        promote(session.con, week.week, model, verdict.text)
    if outcome.waits:
        key = {"feed": model.feed, "version": model.version}
        session.con.execute(read_sql("load/settle_outdone"), key)
