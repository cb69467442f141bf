"""Scoring a week: by the champion of the week before, and again if another has the last word."""

from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from songpop.features.kinds import LAGS_WEEKS
from songpop.features.lookback import read_lookback
from songpop.model.partition import score_divided
from songpop.model.scorer import Scorer
from songpop.pipeline.inputs import build_inputs
from songpop.pipeline.session import Facts, WeekRun
from songpop.reasons.words import add_words
from songpop.registry import champion_as_of
from songpop.schemas import WeeklyScores, validate
from songpop.scoring import rank_scores
from songpop.training.scorers import load_scorer


def look_back(run: WeekRun) -> Facts:
    """Gather what the week's features are built from: its rows and, if needed, weeks before."""
    if run.rows is None:
        return {}
    run.model = champion_as_of(run.session.con, run.plan.feed, run.plan.week, inclusive=False)
    return _look_back(run)


def _look_back(run: WeekRun) -> Facts:
    if run.rows is None or run.model is None:
        return {}
    # A snapshot model knows one week only, so its features look at no other.
    lags = () if run.model.label == "snapshot" else LAGS_WEEKS
    run.lookback = read_lookback(
        run.session.con,
        run.plan.feed,
        run.plan.week,
        run.spec,
        loaded=run.rows if run.spec.size_metric in run.rows.columns else None,
        lags_weeks=lags,
    )
    # A week can be large: what no later step reads is let go, here and below.
    run.rows = run.rows.select("feed", "week", "track_id", "title", "artist_name")
    return {"weeks_read": run.lookback["weeks_ago"].n_unique()}


def score(run: WeekRun) -> Facts:
    """Score every accepted row, part by part, with the model of the week."""
    if run.rows is None:
        return {}
    if run.model is None or run.lookback is None:
        return {"scored": 0}
    scorer = load_scorer(run.session, run.model)
    features = build_inputs(run, run.lookback, scorer, run.model)
    run.lookback = None
    outputs = add_words(_score_cohort(run, scorer, features), features, run.spec)
    outputs = outputs.with_columns(features["track_id"])
    del features
    run.scores = validate(
        WeeklyScores.to_schema(),
        rank_scores(run.rows, outputs, run.model),
        f"scores of {run.plan.name}",
    )
    return {"scored": run.scores.height, "high": (run.scores["potential"] == "high").sum()}


def _score_cohort(run: WeekRun, scorer: Scorer, features: pl.DataFrame) -> pl.DataFrame:
    """Score in this process, or in parts by several where there are rows for more than one."""
    session, model = run.session, run.model
    division = session.division
    if division is None or model is None or features.height <= division.part_rows:
        return scorer.score(features)
    artefact = session.paths.models.resolve() / model.feed / model.version
    with TemporaryDirectory(dir=session.paths.scratch.resolve(), prefix="parts-") as folder:
        where = artefact, model.artefact_sha256
        return score_divided(scorer, features, division, where, Path(folder))


def rescore(run: WeekRun) -> Facts:
    """Score the week again if another model has the last word on it now."""
    if run.rows is None:
        return {}
    facts: Facts = {"scored": 0 if run.scores is None else run.scores.height}
    if run.champion != run.model:
        run.model = run.champion
        run.scores = None
        _look_back(run)
        facts = score(run)
    if run.model is None:
        run.outcome = "no model yet"
    run.rows = run.rows.select("track_id")
    return facts
