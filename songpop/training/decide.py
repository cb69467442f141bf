"""Train a model where one is due; promote it only if it earned that."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from songpop.model.metrics import log_loss
from songpop.pipeline.rows import read_rows
from songpop.pipeline.session import WeekRun
from songpop.policy import TrainingFacts, TrainingPlan, plan_training
from songpop.registry import (
    ModelVersion,
    Registration,
    champion_as_of,
    last_trained_week,
    promote,
    register,
)
from songpop.splits import first_unseen_week
from songpop.training.describe import describe_model
from songpop.training.fit import Trained, fit_or_reuse
from songpop.training.gather import Target, TrainingSet, gather_forward, gather_snapshot
from songpop.training.scorers import load_scorer
from songpop.warehouse.sqlfiles import read_sql


@dataclass(frozen=True)
class Decision:
    """Whether a trained model becomes champion, and why, in words."""

    is_promoted: bool
    reason: str


def train_if_due(run: WeekRun) -> str | None:
    """Train and register a model if the policy asks for one this week.

    Args:
        run: the week's run, with its rows.

    Returns:
        What was trained and what became of it, in words; null if nothing was due.
    """
    champion = champion_as_of(run.session.con, run.plan.feed, run.plan.week, inclusive=False)
    plan = plan_training(_gather_facts(run, champion), run.session.settings.training)
    if plan is None:
        return None
    training_set = _gather(run, plan, champion)
    if training_set is None:
        return None
    trained = fit_or_reuse(run.session, run.plan, training_set, plan)
    decision = _decide(run, plan, trained, training_set, champion)
    _register(run, plan, trained, training_set, decision)
    verdict = "promoted" if decision.is_promoted else "not promoted"
    return f"{plan.because} {plan.label} {plan.kind} {verdict}: {decision.reason}"


def _gather_facts(run: WeekRun, champion: ModelVersion | None) -> TrainingFacts:
    con, plan = run.session.con, run.plan
    feed = run.session.settings.feed(plan.feed)
    matured = con.execute(
        read_sql("load/matured_weeks"), {**run.key, "label": feed.label}
    ).fetchall()
    return TrainingFacts(
        week=plan.week,
        label=feed.label,
        has_snapshot_source=run.spec.snapshot_source is not None,
        matured_weeks_count=len(matured),
        matured_rows_count=sum(row[1] for row in matured),
        champion_kind=None if champion is None else champion.kind,
        champion_label=None if champion is None else champion.label,
        last_trained_week=last_trained_week(con, plan.feed, plan.week),
        is_forced=plan.force_retrain,
        is_drifted=run.drift is not None and run.drift.decision == "retrain",
    )


def _gather(run: WeekRun, plan: TrainingPlan, champion: ModelVersion | None) -> TrainingSet | None:
    session, week = run.session, run.plan.week
    if plan.label == "snapshot":
        seed = session.settings.training.seed
        return gather_snapshot(session.con, read_rows(run), run.spec, seed)
    horizon_weeks = session.settings.feed(run.plan.feed).horizon_weeks
    test_from: dt.date | None = None
    if champion is not None and not plan.replaces_unseen:
        test_from = first_unseen_week(champion.seen_until_week, horizon_weeks)
    pool_feeds = session.settings.training.pool_feeds
    target = Target(plan.label, horizon_weeks, test_from, pool_feeds)
    return gather_forward(session.con, run.plan.feed, week, run.spec, target)


def _decide(
    run: WeekRun,
    plan: TrainingPlan,
    trained: Trained,
    training_set: TrainingSet,
    champion: ModelVersion | None,
) -> Decision:
    if champion is None:
        return Decision(is_promoted=True, reason="the feed's first model")
    if champion.version == trained.model.version:
        return Decision(is_promoted=True, reason="the champion itself, trained from the same data")
    if champion.label != plan.label and not plan.replaces_unseen:
        is_wanted = run.session.settings.feed(run.plan.feed).label == plan.label
        reason = f"the champion foresees {champion.label}, this one {plan.label}: not comparable"
        return Decision(is_promoted=is_wanted, reason=reason)
    if plan.replaces_unseen:
        return Decision(is_promoted=True, reason=f"first network, after {champion.version}")
    features, labels = training_set.take(training_set.blocks.test)
    if features.is_empty():
        reason = "insufficient evidence: no weeks that neither model has seen"
        return Decision(is_promoted=False, reason=reason)
    truth = labels["is_high"].to_numpy()
    losses = [
        log_loss(truth, _scores_of(run, version, features)) for version in (trained.model, champion)
    ]
    return compare_losses(losses[0], losses[1], rows_count=truth.size)


def compare_losses(challenger: float, champion: float, rows_count: int) -> Decision:
    """Return whether the challenger's log loss (nats a row) on unseen rows is the lower one."""
    relation = "below" if challenger < champion else "not below"
    reason = (
        f"log loss {challenger:.4f} {relation} the champion's {champion:.4f} "
        f"on {rows_count} rows that neither has seen"
    )
    return Decision(is_promoted=challenger < champion, reason=reason)


def _scores_of(run: WeekRun, model: ModelVersion, features: pl.DataFrame) -> np.ndarray:
    scorer = load_scorer(run.session, model)
    return scorer.score(features, with_reasons=False)["score"].to_numpy()


def _register(
    run: WeekRun,
    plan: TrainingPlan,
    trained: Trained,
    training_set: TrainingSet,
    decision: Decision,
) -> None:
    session, week = run.session, run.plan
    exports = _list_exports(run, training_set)
    verdict = "promoted" if decision.is_promoted else "refused"
    outcome = f"{verdict}: {decision.reason}"
    register(
        session.con,
        Registration(
            model=trained.model,
            trained_because=plan.because,
            decision=outcome,
            trained_on_weeks=training_set.weeks,
            trained_on_exports=exports,
            rows_count=training_set.labels.height,
            settings=trained.settings,
            metrics=trained.metrics,
            calibration=trained.calibration,
            card=describe_model(trained, training_set, run.spec, plan, outcome, len(exports)),
        ),
        session.run_id,
        session.now,
    )
    if decision.is_promoted:
        promote(session.con, week.feed, week.week, trained.model.version, decision.reason)


def _list_exports(run: WeekRun, training_set: TrainingSet) -> tuple[str, ...]:
    """Return the SHA-256 of every export that the rows came from, the other regions' too."""
    by_feed = training_set.labels.group_by("feed").agg(pl.col("week").unique()).sort("feed")
    return tuple(
        row[0]
        for feed, weeks in by_feed.iter_rows()
        for row in run.session.con.execute(
            read_sql("load/exports_of_weeks"), {"feed": feed, "weeks": sorted(weeks)}
        ).fetchall()
    )
