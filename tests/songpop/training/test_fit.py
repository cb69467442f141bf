# pyright: reportPrivateUsage=false
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from threadpoolctl import threadpool_limits

from songpop.evaluate import baselines
from songpop.model.prepare import Prepared
from songpop.model.train import Fitted, fit_networks
from songpop.pipeline.session import Session
from songpop.policy import TrainingPlan
from songpop.settings import TrainingSettings
from songpop.training import fit, ingredients
from songpop.training.gather import Target, TrainingSet, gather_forward
from tests.builders import NOW, make_settings, week_number
from tests.songpop.evaluate.builders import leave_threads
from tests.songpop.model.builders import quick_settings
from tests.songpop.training.make_charts import CHART, make_charts

PLAN = TrainingPlan("network", "level", "first", replaces_unseen=True)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(baselines, "MOST_TREES", 2)
    monkeypatch.setattr(baselines, "threadpool_limits", leave_threads)
    with threadpool_limits(limits=1):
        yield


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> list[Prepared]:
    """Return what networks are fitted on, as they are."""
    seen: list[Prepared] = []

    def listen(data: Prepared, settings: TrainingSettings) -> Fitted:
        seen.append(data)
        return fit_networks(data, settings)

    monkeypatch.setattr(fit, "fit_networks", listen)
    return seen


def make_session(root: Path) -> Session:
    """Return a session on two regions of the same 22 weeks and a third of fewer."""
    weeks = range(1, 23)
    con = make_charts({"us": weeks, "gb": weeks})
    training = quick_settings(max_epochs=2, slower_rates=())
    return Session(make_settings(root, training=training), {CHART.name: CHART}, con, "run", NOW)


def gather(session: Session, feed: str, *, pool_feeds: bool = True) -> TrainingSet:
    target = Target("level", 4, None, pool_feeds)
    gathered = gather_forward(session.con, feed, week_number(22), CHART, target)

    assert gathered is not None
    return gathered


def test_regions_that_learn_from_the_same_rows_share_one_network(
    tmp_path: Path, fits: list[Prepared]
) -> None:
    session = make_session(tmp_path)
    us, gb = (fit._train(session, gather(session, feed), PLAN) for feed in ("us", "gb"))

    assert len(fits) == 1
    assert us.keras == gb.keras
    alone = fit._train(make_session(tmp_path), gather(session, "gb"), PLAN)
    assert (alone.keras, alone.metrics) == (gb.keras, gb.metrics)


def test_other_rows_are_fitted_on_anew(tmp_path: Path, fits: list[Prepared]) -> None:
    session = make_session(tmp_path)
    for pool_feeds in (True, False):
        fit._train(session, gather(session, "us", pool_feeds=pool_feeds), PLAN)

    assert len(fits) == 2
    assert len(session.fitted) == 1


def test_a_version_is_named_after_all_that_it_depends_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = make_session(tmp_path)
    gathered = gather(session, "us")
    other_artists = gathered.facts.with_columns(pl.lit("a").alias("artist"))
    others = {
        "artists": replace(gathered, facts=other_artists),
        "labels": replace(
            gathered, labels=gathered.labels.with_columns(-pl.col("margin").alias("margin"))
        ),
        "blocks": replace(gathered, blocks=replace(gathered.blocks, test=gathered.blocks.test[1:])),
    }

    digest = fit._digest(session, gathered, PLAN)

    assert fit._digest(session, gather(session, "us"), PLAN) == digest
    digests = {name: fit._digest(session, other, PLAN) for name, other in others.items()}
    monkeypatch.setattr(ingredients, "TRAINING_REVISION", ingredients.TRAINING_REVISION + 1)
    digests["code"] = fit._digest(session, gathered, PLAN)
    assert digest not in digests.values()
    assert len(set(digests.values())) == len(digests)
