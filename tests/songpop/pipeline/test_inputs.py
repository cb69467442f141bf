import polars as pl

from songpop.pipeline.inputs import keep_inputs
from tests.songpop.model.builders import make_features, make_scorer

FEATURES = make_features(50)


def test_the_age_is_kept_for_the_words_even_where_the_model_does_without() -> None:
    scorer = make_scorer(FEATURES.select("feed", "week", "track_id", "shazam_count__log"))
    kept = keep_inputs(FEATURES, scorer)

    assert kept.columns == ["feed", "week", "track_id", "shazam_count__log", "age_days__log"]
    assert kept["age_days__log"].equals(FEATURES["age_days__log"])


def test_what_the_model_asks_for_is_kept_once_with_nan_for_missing() -> None:
    kept = keep_inputs(FEATURES, make_scorer(FEATURES))

    assert sorted(kept.columns) == sorted(FEATURES.columns)
    assert kept.select(pl.col("shazam_count__log").is_nan().sum()).item() > 0
    assert kept["shazam_count__log"].null_count() == 0


def test_a_format_without_ages_has_none() -> None:
    undated = FEATURES.drop("age_days__log")

    assert keep_inputs(undated, make_scorer(undated)).columns == undated.columns
