"""Scoring a week: by the champion of the week before, and again if another has the last word."""

import shutil
from collections.abc import Iterator

import polars as pl

from songpop.features.kinds import LAGS_WEEKS
from songpop.features.lookback import find_lookback
from songpop.model.partition import score_cohort
from songpop.pipeline.inputs import build_inputs
from songpop.pipeline.session import Facts, Scored, WeekRun
from songpop.reasons.standing import Peers
from songpop.reasons.words import add_words
from songpop.registry import ModelVersion, champion_as_of
from songpop.schemas import scored_schema, validate
from songpop.scoring import HIGH_FROM_SCORE, sort_by_rank
from songpop.training.scorers import load_scorer
from songpop.warehouse.parts import Parts, PartsWriter
from songpop.warehouse.sqlfiles import read_sql


def build_features(run: WeekRun) -> Facts:
    """Build what the champion of the week before asks for: of the week and, if needed, earlier."""
    if run.rows_count is None:
        return {}
    run.model = champion_as_of(run.session.con, run.plan.feed, run.plan.week, inclusive=False)
    return _build(run)


def _build(run: WeekRun) -> Facts:
    clear_parts(run)
    if run.model is None:
        return {}
    plan = run.plan
    # A snapshot model knows one week only, so its features look at no other.
    lags = () if run.model.label == "snapshot" else LAGS_WEEKS
    lookback = find_lookback(run.session.con, plan.feed, plan.week, run.spec, lags)
    run.features = build_inputs(run, lookback, load_scorer(run.session, run.model), run.model)
    return {"weeks_read": 1 + len(lookback.earlier), "parts": run.features.count}


def score(run: WeekRun) -> Facts:
    """Score every accepted row, part by part, with the model of the week."""
    if run.rows_count is None:
        return {}
    if run.model is None or run.features is None:
        return {"scored": 0}
    writer = PartsWriter(run.parts, "scored", run.part_rows, sort_by_rank)
    high = 0
    for part in _score(run, run.model, run.features):
        scored = validate(scored_schema(), part, f"scores of {run.plan.name}")
        high += int((scored["score"] >= HIGH_FROM_SCORE).sum())
        writer.add(scored)
    run.features = None
    run.scores = writer.finish()
    run.scored = Scored(run.scores.height, high)
    return {"scored": run.scored.count, "high": high}


def _score(run: WeekRun, model: ModelVersion, features: Parts) -> Iterator[pl.DataFrame]:
    """Yield the scores of each part with their reasons in words, and what the tracks are called."""
    session = run.session
    scorer = load_scorer(session, model)
    where = session.paths.models.resolve() / model.feed / model.version, model.artefact_sha256
    outputs = score_cohort(scorer, features, where, run.parts.resolve(), session.score_parts)
    peers, first_row = Peers(features), 0
    for part, output in outputs:
        texts = add_words(output, part, run.spec, peers, first_row)
        yield _add_names(run, texts.with_columns(part["track_id"]))
        first_row += part.height


def _add_names(run: WeekRun, scored: pl.DataFrame) -> pl.DataFrame:
    """Add titles and artists to *scored*, which is in the order of track_id."""
    ends = {"from_id": scored["track_id"].first(), "to_id": scored["track_id"].last()}
    names = run.session.con.execute(read_sql("features/track_names"), {**run.key, **ends}).pl()
    return scored.join(names, on="track_id", how="left", maintain_order="left")


def rescore(run: WeekRun) -> Facts:
    """Score the week again if another model has the last word on it now."""
    if run.rows_count is None:
        return {}
    facts: Facts = {"scored": 0 if run.scored is None else run.scored.count}
    if run.champion != run.model:
        run.model = run.champion
        run.scores = run.scored = None
        _build(run)
        facts = score(run)
    if run.model is None:
        run.outcome = "no model yet"
    return facts


def clear_parts(run: WeekRun) -> None:
    """Remove the files of the week's parts, if it needed any."""
    shutil.rmtree(run.parts, ignore_errors=True)
