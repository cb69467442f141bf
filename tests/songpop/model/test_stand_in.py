from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from songpop.model.artefact import load_artefact, save_artefact
from songpop.model.blocks import Blocks, no_rows
from songpop.model.calibration import MIN_ROWS_COUNT
from songpop.model.candidate import Candidate
from songpop.model.stand_in import StandIn, fit_stand_ins
from songpop.settings import TrainingSettings
from tests.songpop.model.builders import make_features, make_labels

TODAY = "streams_count__rate"
ROWS, FIT = 800, 600
BLOCKS = Blocks(np.arange(FIT), no_rows(), no_rows(), np.arange(FIT, ROWS))


def fit(
    blocks: Blocks = BLOCKS, labels: pl.DataFrame | None = None, today: str = TODAY
) -> dict[StandIn, Candidate]:
    features = make_features(ROWS)
    labels = make_labels(features) if labels is None else labels
    return fit_stand_ins(features, labels, blocks, today, TrainingSettings())


def test_persistence_ranks_tracks_as_they_stand_today() -> None:
    features = make_features(ROWS)
    scores = fit()["persistence"].scorer().score(features, with_reasons=False)["score"]

    today = features[TODAY].to_numpy()
    order = np.argsort(today)
    assert np.all(np.diff(scores.to_numpy()[order]) >= 0)
    assert scores.n_unique() > 100


def test_the_constant_says_the_share_of_high_rows_to_every_track() -> None:
    features = make_features(ROWS)
    scores = fit()["constant"].scorer().score(features, with_reasons=False)["score"]

    share = make_labels(features)["is_high"][:FIT].mean()
    assert scores.n_unique() == 1
    assert scores[0] == pytest.approx(share, abs=0.01)


def test_figures_are_of_the_test_block_alone() -> None:
    features = make_features(ROWS)
    flipped = make_labels(features).with_columns(
        is_high=pl.col("is_high") ^ (pl.int_range(pl.len()) >= FIT)
    )
    one, other = fit()["persistence"], fit(labels=flipped)["persistence"]

    assert one.calibration == other.calibration
    assert one.metrics.test is not None
    assert other.metrics.test is not None
    assert one.metrics.test.rows_count == ROWS - FIT
    assert one.metrics.test.log_loss < 0.5 < other.metrics.test.log_loss


@pytest.mark.parametrize("kind", ["persistence", "constant"])
def test_artefacts_score_with_reasons_after_they_are_loaded(tmp_path: Path, kind: StandIn) -> None:
    candidate = fit()[kind]
    scorer = load_artefact(tmp_path / "m", save_artefact(candidate, tmp_path / "m"))
    features = make_features(ROWS)

    scored = scorer.score(features)

    assert scored.equals(candidate.scorer().score(features))
    assert scored["reason_1"].unique().to_list() == ["streams_count"]
    assert (scored["reason_1_contribution"] == 0).all() == (kind == "constant")
    assert scored["reason_2"].null_count() == ROWS


def test_too_few_rows_or_one_class_give_no_stand_in() -> None:
    few = replace(BLOCKS, fit=np.arange(MIN_ROWS_COUNT - 1))
    one_class = make_labels(make_features(ROWS)).with_columns(is_high=pl.lit(value=True))

    assert fit(few) == {}
    assert fit(labels=one_class) == {}


def test_what_is_missing_everywhere_gives_no_stand_in() -> None:
    features = make_features(ROWS).with_columns(pl.lit(None, pl.Float32).alias("nothing__log"))
    labels = make_labels(features)

    assert fit_stand_ins(features, labels, BLOCKS, "nothing__log", TrainingSettings()) == {}


def test_a_ranking_that_is_turned_round_leaves_the_constant_alone() -> None:
    features = make_features(ROWS)
    turned = make_labels(features).with_columns(~pl.col("is_high").alias("is_high"))

    assert list(fit(labels=turned)) == ["constant"]
