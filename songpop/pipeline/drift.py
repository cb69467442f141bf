"""The drift of one week: judged after it is scored, and what follows from it."""

import datetime as dt
from collections.abc import Sequence

from songpop.drift.assess import assess_week
from songpop.drift.domain import judge_domain
from songpop.drift.gather import (
    WeekRows,
    gather_domain,
    gather_loss,
    gather_references,
    make_profile,
    read_weights,
)
from songpop.drift.performance import judge_loss, judge_scores, profile_scores
from songpop.drift.plausibility import judge_plausibility, let_in
from songpop.drift.policy import Decision, PolicyFacts, decide
from songpop.drift.references import References
from songpop.drift.store import (
    read_losses,
    read_scores,
    write_losses,
    write_profile,
    write_scores,
)
from songpop.drift.verdict import PLAUSIBILITY_CHECKS, Verdict
from songpop.drift.verdict_store import read_verdicts, write_decision, write_verdicts
from songpop.drift.words import describe_decision
from songpop.ingest.reasons import REFUSALS
from songpop.pipeline.session import WeekRun
from songpop.registry import champion_as_of, last_trained_week
from songpop.training.decide import explain_untrained
from songpop.warehouse.sqlfiles import read_sql

_LOOK_BACK_WEEKS = 26
"""Weeks of verdicts that the policy and the domain classifier's usual area are read from."""


def take_profile(run: WeekRun, rows_count: int) -> None:
    """Profile the week that was loaded, unless it is the one that was looked at before.

    Args:
        run: the week.
        rows_count: tracks that it holds.
    """
    con, plan = run.session.con, run.plan
    run.verdicts = []
    is_known = run.profile is not None and run.profile.rows_count == rows_count
    if (
        is_known
        and run.profile is not None
        and [arrival.kind for arrival in run.arrivals] == ["first"]
    ):
        return
    layouts = con.execute(read_sql("drift/week_layouts"), run.key).fetchall()
    names = tuple(row[0] for row in layouts)
    rows = WeekRows(plan.feed, plan.week, rows_count, names)
    run.profile = make_profile(con, rows, run.spec)


def judge_drift(run: WeekRun) -> None:
    """Judge the week, decide, and store both; a week without rows is quarantined or nothing.

    The champion has scored the week already: what it says of it is part of the judgement.
    """
    con, plan, settings = run.session.con, run.plan, run.session.settings.drift
    if run.profile is None:
        _note_refusal(run)
        return
    is_accepted = run.rows_count is not None
    champion = champion_as_of(con, plan.feed, plan.week, inclusive=False)
    trained_on = () if champion is None else _trained_on(run, champion.version)
    if is_accepted:
        references = _references(run, trained_on)
        run.verdicts = [
            *let_in(judge_plausibility(run.profile, references, run.spec, settings)),
            *assess_week(run.profile, references, settings),
            *_judge_domain(run, references),
            *_judge_champion(run),
        ]
    write_profile(con, plan.feed, run.profile, is_accepted=is_accepted)
    run.session.profiles[plan.feed, plan.week] = run.profile
    _decide(run)


def _note_refusal(run: WeekRun) -> None:
    """Store that a week without rows was quarantined, since nothing of it could be read."""
    because = sorted({arrival.reason for arrival in run.arrivals if arrival.reason is not None})
    if run.outcome != "refused" or not because:
        return
    run.drift = Decision("quarantine", "refused", ())
    run.drift_reasons = tuple(f"export refused: {REFUSALS.get(one, one)}" for one in because)
    con, plan = run.session.con, run.plan
    if read_verdicts(con, plan.feed, plan.week, plan.week + dt.timedelta(days=1)):
        return  # another export of the week was kept out, and its reasons say more
    write_decision(con, run.key, run.drift, run.drift_reasons, run.session.run_id)


def _references(run: WeekRun, trained_on: Sequence[dt.date]) -> References:
    session, plan = run.session, run.plan
    return gather_references(session.con, plan.feed, plan.week, trained_on, session.profiles)


def _trained_on(run: WeekRun, version: str) -> tuple[dt.date, ...]:
    row = run.session.con.execute(read_sql("drift/trained_on"), {"version": version}).fetchone()
    return () if row is None else tuple(row[0])


def _judge_domain(run: WeekRun, references: References) -> list[Verdict]:
    con, plan, settings = run.session.con, run.plan, run.session.settings.drift
    apart = None if run.profile is None else run.profile.weeks_apart
    like = [week for week in references.training if week.weeks_apart == apart]
    reference = like[-1] if like else None
    most = settings.domain_rows
    now = gather_domain(con, plan.feed, run.profile, run.spec, most)
    then = gather_domain(con, plan.feed, reference, run.spec, most)
    if now is None or then is None:
        return []
    usual = [
        verdict.statistic
        for verdicts in _earlier(run).values()
        for verdict in verdicts
        if verdict.check_name == "domain"
    ]
    found = judge_domain(now, then, usual, settings)
    return [] if found is None else [found]


def _judge_champion(run: WeekRun) -> list[Verdict]:
    """Judge the champion by what it says of this week, and by the labels that matured in it."""
    con, plan, settings = run.session.con, run.plan, run.session.settings
    verdicts: list[Verdict] = []
    if run.scores is not None and run.model is not None:
        now = profile_scores(
            plan.week, run.model.version, run.scores.column("score").sort().to_numpy()
        )
        earlier = read_scores(con, plan.feed, plan.week, run.model.version)
        verdicts += judge_scores(now, earlier, settings.drift)
    label = settings.feed(plan.feed).label
    loss = gather_loss(con, plan.feed, plan.week, label)
    write_losses(con, plan.feed, plan.week, [] if loss is None else [loss])
    if loss is not None:
        before = read_losses(con, plan.feed, plan.week, loss.model_version)
        verdicts.append(judge_loss(loss, before, settings.drift))
    return verdicts


def store_scores(run: WeekRun) -> None:
    """Store what the model that has the last word said of the week; without one, nothing."""
    run.session.con.execute(read_sql("drift/delete_score_profiles"), run.key)
    if run.scores is None or run.model is None:
        return
    profile = profile_scores(
        run.plan.week, run.model.version, run.scores.column("score").sort().to_numpy()
    )
    write_scores(run.session.con, run.plan.feed, profile)


def _earlier(run: WeekRun) -> dict[dt.date, list[Verdict]]:
    from_week = run.plan.week - dt.timedelta(weeks=_LOOK_BACK_WEEKS)
    return read_verdicts(run.session.con, run.plan.feed, from_week, run.plan.week)


def _decide(run: WeekRun) -> None:
    con, plan, session = run.session.con, run.plan, run.session
    settings = session.settings.drift
    earlier = [
        verdicts
        for verdicts in _earlier(run).values()
        if not any(
            verdict.check_name in PLAUSIBILITY_CHECKS and verdict.verdict == "quarantine"
            for verdict in verdicts
        )
    ]
    facts = PolicyFacts(
        week=plan.week,
        earlier=earlier[: settings.persistence_weeks],
        weights=read_weights(con, plan.feed, plan.week),
        metrics=[metric.name for metric in run.spec.metrics],
        last_trained_week=last_trained_week(con, plan.feed, plan.week),
    )
    run.drift = decide(run.verdicts, facts, settings)
    run.drift_reasons = describe_decision(run.drift, run.verdicts, run.spec)
    obstacle = explain_untrained(run) if run.drift.decision == "retrain" else None
    if obstacle is not None:
        run.drift_reasons += (f"but nothing is trained: {obstacle}",)
    if run.rows_count is not None:  # the week has other exports, so the refusal is not its decision
        run.drift_reasons += tuple(
            f"an export was refused as implausible: {cause} ({file_name})"
            for file_name, cause in con.execute(
                read_sql("drift/kept_out_exports"), run.key
            ).fetchall()
        )
    write_verdicts(con, plan.feed, plan.week, run.verdicts)
    write_decision(con, run.key, run.drift, run.drift_reasons, session.run_id)
