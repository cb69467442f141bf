import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from songpop.errors import CheckError
from songpop.model.batches import BATCH_ROWS_COUNT
from tests.songpop.model.builders import make_features, make_scorer

COLUMNS = [
    "score",
    "outcome_low",
    "outcome_high",
    "reason_1",
    "reason_1_contribution",
    "reason_1_input",
    "reason_2",
    "reason_2_contribution",
    "reason_2_input",
    "reason_3",
    "reason_3_contribution",
    "reason_3_input",
]


def test_scores_have_one_row_each_with_interval_and_reasons() -> None:
    features = make_features(300)
    scores = make_scorer(features).score(features)

    assert scores.columns == COLUMNS
    assert scores.height == 300
    assert scores.null_count().sum_horizontal().item() == 0
    assert scores["score"].is_between(0, 1).all()
    assert scores.schema["reason_1"] == pl.String
    assert scores.schema["reason_3_contribution"] == pl.Float64


def test_score_is_the_calibrated_logit() -> None:
    features = make_features(50)
    scorer = make_scorer(features, slope=1.3)
    log_odds = 1.3 * scorer.logits(features).astype(float) - 0.2

    assert scorer.score(features)["score"].to_numpy() == pytest.approx(1 / (1 + np.exp(-log_odds)))


def test_scores_are_the_same_without_reasons() -> None:
    features = make_features(500)
    scorer = make_scorer(features, members=2)

    assert scorer.score(features, with_reasons=False).equals(
        scorer.score(features).select(COLUMNS[:3])
    )


@pytest.mark.parametrize("members", [1, 3])
def test_contributions_sum_to_the_distance_from_the_median_track(members: int) -> None:
    features = make_features(700)
    scorer = make_scorer(features, hidden=(128, 64, 32, 16), members=members)
    log_odds = scorer.calibration.log_odds(scorer.logits(features))
    sums = scorer.contributions(features).sum_horizontal().to_numpy()

    assert sums == pytest.approx(log_odds, abs=1e-4)


def test_reasons_are_the_three_largest_contributions() -> None:
    features = make_features(80)
    scorer = make_scorer(features)
    every = scorer.contributions(features).drop("reference_log_odds")
    for row, scored in zip(every.to_dicts(), scorer.score(features).to_dicts(), strict=True):
        best = sorted(row.items(), key=lambda item: -abs(item[1]))[:3]

        assert [scored[f"reason_{k}"] for k in (1, 2, 3)] == [name for name, _ in best]
        assert [scored[f"reason_{k}_contribution"] for k in (1, 2, 3)] == [v for _, v in best]


def test_the_leading_input_belongs_to_its_source() -> None:
    features = make_features(200)
    scores = make_scorer(features, members=2).score(features)
    for place in (1, 2, 3):
        source = pl.col(f"reason_{place}_input").cast(pl.String).str.split("__").list.first()

        assert scores.select((source == pl.col(f"reason_{place}")).all()).item()


@pytest.mark.parametrize("with_reasons", [True, False])
def test_no_bit_depends_on_the_order_of_the_rows(with_reasons: bool) -> None:  # noqa: FBT001 - a parameter
    features = make_features(BATCH_ROWS_COUNT + 77)
    scorer = make_scorer(features, hidden=(16, 8), members=2)
    order = np.random.default_rng(4).permutation(features.height)

    shuffled = scorer.score(features[order], with_reasons=with_reasons)
    assert shuffled.equals(scorer.score(features, with_reasons=with_reasons)[order])


def test_a_model_of_one_source_leaves_the_other_reasons_null() -> None:
    features = make_features(20).select("feed", "week", "track_id", "age_days__log")
    scores = make_scorer(features).score(features)

    assert scores["reason_1"].to_list() == ["age_days"] * 20
    assert scores["reason_2"].null_count() == scores["reason_3_contribution"].null_count() == 20


def test_a_cohort_of_one_is_its_own_reference() -> None:
    features = make_features(401)
    scorer = make_scorer(features)
    alone = scorer.contributions(features[:1]).row(0, named=True)

    assert alone.pop("reference_log_odds") == pytest.approx(
        scorer.calibration.log_odds(scorer.logits(features[:1]))[0], abs=1e-6
    )
    assert set(alone.values()) == {0.0}


def test_repeated_scores_are_equal_to_the_bit_over_several_batches() -> None:
    features = make_features(2 * BATCH_ROWS_COUNT + 5)
    scorer = make_scorer(features, hidden=(16, 8))

    assert scorer.score(features).equals(scorer.score(features))


def test_no_rows_give_no_scores() -> None:
    features = make_features(30)
    scorer = make_scorer(features)

    assert scorer.score(features[:0]).columns == COLUMNS
    assert scorer.score(features[:0]).height == 0


@pytest.mark.parametrize("with_reasons", [True, False])
def test_a_missing_input_is_named(with_reasons: bool) -> None:  # noqa: FBT001 - a parameter
    features = make_features(30)

    with pytest.raises(CheckError, match=r"features: expected the 5 columns .* 1: age_days__log"):
        make_scorer(features).score(features.drop("age_days__log"), with_reasons=with_reasons)


def test_scoring_imports_neither_tensorflow_nor_scikit_learn(tmp_path: Path) -> None:
    script = """
import sys
from pathlib import Path
from songpop.model.artefact import load_artefact, save_artefact
from tests.songpop.model.builders import make_candidate, make_features
features = make_features(50)
folder = Path(sys.argv[1])
scorer = load_artefact(folder, save_artefact(make_candidate(features), folder))
assert scorer.score(features).height == 50
print(sorted({"tensorflow", "keras", "sklearn", "scipy"} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "model")],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "[]"
