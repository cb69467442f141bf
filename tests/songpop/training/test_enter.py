from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from threadpoolctl import threadpool_limits

from songpop.errors import ArtefactError, CheckError
from songpop.evaluate import baselines
from songpop.pipeline.session import PlannedWeek, Session
from songpop.policy import TrainingPlan
from songpop.registry import ModelVersion
from songpop.settings import GateSettings
from songpop.splits import first_unseen_week
from songpop.training.enter import enter_gate
from songpop.training.fit import Trained, fit_or_reuse
from songpop.training.gather import Target, TrainingSet, gather_forward
from tests.builders import NOW, make_settings, week_number
from tests.songpop.evaluate.builders import leave_threads
from tests.songpop.model.builders import quick_settings
from tests.songpop.training.make_charts import CHART, make_charts

PLAN = TrainingPlan("logistic", "level", "forced", replaces_unseen=False)
GATE = GateSettings(min_weeks=4, min_rows=150, draws_count=200, slice_rows=10_000)
EARLY, LATE = 18, 34


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(baselines, "MOST_TREES", 2)
    monkeypatch.setattr(baselines, "threadpool_limits", leave_threads)
    with threadpool_limits(limits=1):
        yield


@pytest.fixture
def session(tmp_path: Path) -> Session:
    con = make_charts({"us": range(1, LATE + 1)}, tracks=60)
    settings = make_settings(tmp_path, training=quick_settings(), gate=GATE)
    return Session(settings, {CHART.name: CHART}, con, "run", NOW)


def gather(session: Session, number: int, champion: ModelVersion | None = None) -> TrainingSet:
    test_from = champion and first_unseen_week(champion.seen_until_week, 4)
    target = Target("level", 4, test_from, gate=GATE)
    gathered = gather_forward(session.con, "us", week_number(number), CHART, target)
    assert gathered is not None
    return gathered


def fit(session: Session, number: int, training_set: TrainingSet) -> Trained:
    return fit_or_reuse(session, PlannedWeek("us", week_number(number)), training_set, PLAN)


def make_poor_champion(session: Session) -> ModelVersion:
    """Return a model that was told the contrary of what happened."""
    gathered = gather(session, EARLY)
    flipped = gathered.labels.with_columns(~pl.col("is_high").alias("is_high"))
    return fit(session, EARLY, replace(gathered, labels=flipped)).model


def test_a_better_challenger_is_judged_on_what_neither_has_seen(session: Session) -> None:
    champion = make_poor_champion(session)
    gathered = gather(session, LATE, champion)

    verdict = enter_gate(session, fit(session, LATE, gathered), gathered, champion)

    figures = verdict.figures
    assert verdict.is_promoted, verdict.text
    assert figures is not None
    assert figures.champion == champion.version
    assert figures.first_week >= first_unseen_week(champion.seen_until_week, 4)
    assert figures.rows_count == gathered.blocks.test.size
    # A logistic model is not set beside itself.
    assert list(figures.baselines) == ["constant", "persistence"]


def test_baselines_are_those_of_the_models_own_evaluation(session: Session) -> None:
    champion = make_poor_champion(session)
    gathered = gather(session, LATE, champion)
    trained = fit(session, LATE, gathered)

    figures = enter_gate(session, trained, gathered, champion).figures

    evaluation = trained.manifest.metrics.evaluation
    assert figures is not None
    assert evaluation is not None
    known = {one.other: one.log_loss for one in evaluation.comparisons}
    assert figures.baselines == {name: known[name] for name in figures.baselines}
    assert figures.challenger_log_loss == pytest.approx(evaluation.models[0].whole.log_loss)


def test_an_equal_challenger_is_refused(session: Session) -> None:
    champion = fit(session, EARLY, gather(session, EARLY)).model
    gathered = gather(session, LATE, champion)

    verdict = enter_gate(session, fit(session, LATE, gathered), gathered, champion)

    assert not verdict.is_promoted
    assert "not shown to be better by 0.005" in verdict.text


def test_without_unseen_weeks_the_evidence_is_insufficient(session: Session) -> None:
    champion = replace(make_poor_champion(session), seen_until_week=week_number(LATE))
    gathered = gather(session, LATE, champion)

    verdict = enter_gate(session, fit(session, LATE, gathered), gathered, champion)

    assert verdict.text == "insufficient evidence: no weeks that neither model has seen"
    assert verdict.figures is None


def test_a_champion_that_has_seen_the_gate_weeks_is_refused_entry(session: Session) -> None:
    champion = make_poor_champion(session)
    gathered = gather(session, LATE, champion)
    trained = fit(session, LATE, gathered)

    with pytest.raises(CheckError, match="after the champion saw 2024-08-22, got week "):
        enter_gate(session, trained, gathered, replace(champion, seen_until_week=week_number(LATE)))


def test_a_challenger_that_was_trained_on_its_gate_weeks_is_refused_entry(
    session: Session,
) -> None:
    champion = make_poor_champion(session)
    gathered = gather(session, LATE, champion)
    trained = fit(session, LATE, gathered)

    with pytest.raises(CheckError, match="after the challenger saw "):
        enter_gate(session, trained, replace(gathered, seen_until=week_number(30)), champion)


def test_an_artefact_that_was_altered_is_refused(session: Session) -> None:
    champion = replace(make_poor_champion(session), artefact_sha256="f" * 64)
    gathered = gather(session, LATE, champion)

    with pytest.raises(ArtefactError, match="expected SHA-256 ffff"):
        enter_gate(session, fit(session, LATE, gathered), gathered, champion)
