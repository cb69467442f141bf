import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from threadpoolctl import threadpool_limits

from songpop.evaluate import baselines
from songpop.pipeline.session import PlannedWeek, Session, WeekRun
from songpop.registry import champion_as_of, promote, settle_statuses
from songpop.settings import GateSettings
from songpop.training.decide import train_if_due
from tests.builders import NOW, make_settings, week_number
from tests.songpop.evaluate.builders import leave_threads
from tests.songpop.model.builders import quick_settings
from tests.songpop.training.make_champion import NEWEST, add_model, make_champion, make_run
from tests.songpop.training.make_charts import CHART, make_charts

GATE = GateSettings(min_weeks=4, min_rows=150, draws_count=100)
WEEKS = 34
TRAINING = quick_settings(
    max_epochs=2,
    slower_rates=(),
    network_matured_rows=10**9,
    provisional_matured_weeks=4,
    refresh_weeks=13,
)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(baselines, "MOST_TREES", 2)
    monkeypatch.setattr(baselines, "threadpool_limits", leave_threads)
    with threadpool_limits(limits=1):
        yield


@pytest.fixture
def session(tmp_path: Path) -> Session:
    con = make_charts({"us": range(1, WEEKS + 1)}, tracks=60)
    settings = make_settings(tmp_path, training=TRAINING, gate=GATE)
    return Session(settings, {CHART.name: CHART}, con, "run", NOW)


def run_week(session: Session, number: int) -> str | None:
    told = train_if_due(WeekRun(session, PlannedWeek("us", week_number(number)), CHART))
    settle_statuses(session.con, "us")
    return told


def read_models(session: Session) -> list[dict[str, Any]]:
    return session.con.execute("select * from ml.models order by trained_week").pl().to_dicts()


def test_a_first_model_without_a_test_is_published_with_a_warning(session: Session) -> None:
    told = run_week(session, 8)

    assert told == "first level logistic promoted: the feed's first model"
    (model,) = read_models(session)
    warning = "not yet compared with baselines: nothing was left to test it on"
    assert (model["warning"], model["gate"]) == (warning, None)
    assert f"**Warning**, shown beside its scores: {warning}." in model["card"]
    champion = champion_as_of(session.con, "us", week_number(8), inclusive=True)
    assert champion is not None
    assert champion.warning == warning


def test_a_first_model_that_was_tested_is_warned_of_by_its_figures(session: Session) -> None:
    run_week(session, 30)

    (model,) = read_models(session)
    evaluation = json.loads(model["metrics"])["evaluation"]
    lost = [
        one["other"]
        for one in evaluation["comparisons"]
        if one["other"] in {"constant", "persistence"} and one["log_loss"]["mean"] >= 0
    ]
    assert bool(model["warning"]) == bool(lost)
    assert all(name in model["warning"] for name in lost)


def test_a_challenger_is_judged_and_its_figures_are_stored(session: Session) -> None:
    run_week(session, 10)

    told = run_week(session, WEEKS)

    assert told is not None
    assert told.startswith("refresh level logistic not promoted: not shown to be better by 0.005: ")
    first, challenger = read_models(session)
    gate = json.loads(challenger["gate"])
    assert gate["champion"] == first["version"]
    assert gate["rows_count"] >= 150
    assert gate["rules"]["min_rows"] == 150
    assert f"{gate['challenger_log_loss']:.4f}" in challenger["decision"]
    assert "## Gate\n\nCompared with us-2024-03-07-level-logistic" in challenger["card"]
    assert (challenger["status"], first["status"]) == ("retired", "champion")


def test_a_challenger_of_another_horizon_is_no_rival(session: Session) -> None:
    run_week(session, 10)
    feeds = {"us": {"horizon_weeks": 3}}
    other = replace(session, settings=session.settings.model_copy(update={"feeds": {}}))
    other = replace(
        other,
        settings=make_settings(session.settings.warehouse.parent, training=TRAINING, feeds=feeds),
    )

    told = run_week(other, WEEKS)

    assert told == (
        "refresh level logistic promoted: the champion foresees level in 4 weeks, this one level "
        "in 3 weeks: not comparable"
    )


@pytest.mark.parametrize("weeks_ago", [0, 3])
def test_a_stand_in_gets_no_challenger_before_four_weeks_have_passed(
    tmp_path: Path, weeks_ago: int
) -> None:
    trained_week = week_number(NEWEST - weeks_ago)
    run = make_run(tmp_path, make_champion(kind="persistence", trained_week=trained_week))

    assert train_if_due(run) is None


def test_a_challenger_is_compared_with_the_stand_in_of_the_week(tmp_path: Path) -> None:
    stand_in = make_champion(
        version="us-persistence",
        kind="persistence",
        trained_week=week_number(NEWEST),
        seen_until_week=week_number(NEWEST),
    )
    run = make_run(tmp_path, make_champion())
    add_model(run.session.con, stand_in)
    promote(run.session.con, run.plan.week, stand_in, "demoted")
    run = replace(run, plan=replace(run.plan, force_retrain=True))

    told = train_if_due(run)

    assert told is not None
    assert told.endswith("insufficient evidence: no weeks that neither model has seen")
