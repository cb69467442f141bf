"""A stretch of history under other settings: what would have been decided, nothing written.

Profiles, areas and losses are those that the warehouse keeps, so no export is read again. Which
weeks were let in, and which models there were, stays as it was: a week that other settings would
have kept out still serves the later ones as a reference. Trainings that drift started are
replaced by those that the settings would have started.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import duckdb

from songpop.drift.assess import assess_week
from songpop.drift.domain import rate_auc
from songpop.drift.gather import ProfileCache, gather_references, read_weights
from songpop.drift.performance import judge_loss, judge_scores
from songpop.drift.plausibility import judge_plausibility, let_in
from songpop.drift.policy import Decision, PolicyFacts, decide
from songpop.drift.store import read_losses, read_profile, read_scores
from songpop.drift.verdict import Verdict
from songpop.drift.verdict_store import read_verdicts
from songpop.drift.words import describe_decision
from songpop.formats.spec import FormatSpec
from songpop.registry import champion_as_of
from songpop.settings import DriftSettings
from songpop.warehouse.sqlfiles import read_sql

_USUAL_WEEKS = 26
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class ReplayedWeek:
    """What was decided about a week, and what would have been.

    Attributes:
        week: the day that ends it.
        recorded: the decision as stored; null where drift was not judged then.
        decision: the decision under the other settings.
        reasons: of it, in words.
    """

    week: dt.date
    recorded: str | None
    decision: Decision
    reasons: tuple[str, ...]


def replay(
    con: duckdb.DuckDBPyConnection,
    feed: str,
    spec: FormatSpec,
    settings: DriftSettings,
    from_week: dt.date | None = None,
    to_week: dt.date | None = None,
) -> list[ReplayedWeek]:
    """Decide anew about the weeks of a feed.

    Args:
        con: a connection to the private file; nothing is written.
        feed: the feed.
        spec: its format.
        settings: the other settings.
        from_week: the first week that is returned; null for the oldest. Those before it are
            decided anew as well: what lasts, and when a model was trained, follows from them.
        to_week: the last week; null for the newest.

    Returns:
        One entry a week that has a profile, oldest first.
    """
    params = {"feed": feed, "to_week": to_week}
    weeks = con.execute(read_sql("drift/replay_weeks"), params).fetchall()
    trainings = con.execute(read_sql("drift/trainings"), {"feed": feed}).fetchall()
    # Stand-ins and their challengers are trained for drift too, and yet by no decision about it.
    decided = {week for week, recorded in weeks if recorded == "retrain"}
    trained = [week for week, because in trainings if because != "drift" or week not in decided]
    cache: ProfileCache = {}
    earlier: list[list[Verdict]] = []
    replayed: list[ReplayedWeek] = []
    for week, recorded in weeks:
        verdicts = _judge_again(con, feed, week, spec, settings, cache)
        facts = PolicyFacts(
            week=week,
            earlier=earlier[: settings.persistence_weeks],
            weights=read_weights(con, feed, week),
            metrics=[metric.name for metric in spec.metrics],
            last_trained_week=max((day for day in trained if day < week), default=None),
        )
        decision = decide(verdicts, facts, settings)
        if decision.decision == "retrain":
            champion = champion_as_of(con, feed, week, inclusive=False)
            # A snapshot model gets no challenger; a forward network after it is a first model.
            trained += [] if champion is None or champion.label == "snapshot" else [week]
        if verdicts and decision.decision != "quarantine":
            earlier.insert(0, verdicts)
        reasons = describe_decision(decision, verdicts, spec)
        replayed.append(ReplayedWeek(week, recorded, decision, reasons))
    return [one for one in replayed if from_week is None or one.week >= from_week]


def _judge_again(
    con: duckdb.DuckDBPyConnection,
    feed: str,
    week: dt.date,
    spec: FormatSpec,
    settings: DriftSettings,
    cache: ProfileCache,
) -> list[Verdict]:
    profile = read_profile(con, feed, week)
    if profile is None:
        return []
    champion = champion_as_of(con, feed, week, inclusive=False)
    learned: Sequence[dt.date] = ()
    if champion is not None:
        row = con.execute(read_sql("drift/trained_on"), {"version": champion.version}).fetchone()
        learned = () if row is None else row[0]
    references = gather_references(con, feed, week, learned, cache)
    verdicts = judge_plausibility(profile, references, spec, settings)
    if con.execute(read_sql("drift/is_accepted_by_hand"), {"feed": feed, "week": week}).fetchone():
        verdicts = let_in(verdicts)
    if any(verdict.verdict == "quarantine" for verdict in verdicts):
        return verdicts
    version = None if champion is None else champion.version
    return [
        *verdicts,
        *assess_week(profile, references, settings),
        *_rate_domain(con, feed, week, settings),
        *_rate_scores(con, feed, week, version, settings),
        *_rate_losses(con, feed, week, settings),
    ]


def _rate_domain(
    con: duckdb.DuckDBPyConnection, feed: str, week: dt.date, settings: DriftSettings
) -> list[Verdict]:
    """Rate the classifier's area, as it was measured, by the other thresholds."""
    from_week = week - dt.timedelta(weeks=_USUAL_WEEKS)
    stored = read_verdicts(con, feed, from_week, week + _DAY)
    areas = {
        day: verdict
        for day, verdicts in stored.items()
        for verdict in verdicts
        if verdict.check_name == "domain"
    }
    if week not in areas:
        return []
    usual = [verdict.statistic for day, verdict in areas.items() if day < week]
    own = areas[week]
    level, threshold, is_strong = rate_auc(own.statistic, usual, settings)
    return [replace(own, verdict=level, threshold=threshold, is_strong=is_strong)]


def _rate_scores(
    con: duckdb.DuckDBPyConnection,
    feed: str,
    week: dt.date,
    version: str | None,
    settings: DriftSettings,
) -> list[Verdict]:
    """Judge the champion's scores anew; of a week that a new model scored nothing is kept."""
    if version is None:
        return []
    scored = read_scores(con, feed, week + _DAY, version)
    if not scored or scored[-1].week != week:
        return []
    return judge_scores(scored[-1], scored[:-1], settings)


def _rate_losses(
    con: duckdb.DuckDBPyConnection, feed: str, week: dt.date, settings: DriftSettings
) -> list[Verdict]:
    found = con.execute(read_sql("drift/loss_of_week"), {"feed": feed, "week": week}).fetchone()
    if found is None:
        return []
    losses = read_losses(con, feed, week + _DAY, found[0])
    return [judge_loss(losses[-1], losses[:-1], settings)]
