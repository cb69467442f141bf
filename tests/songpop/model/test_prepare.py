import numpy as np
import polars as pl
import pytest

from songpop.errors import CheckError
from songpop.model.blocks import Blocks, no_rows
from songpop.model.fit_inputs import fit_inputs
from songpop.model.prepare import digest_prepared, prepare
from songpop.model.rows import hash_tracks
from tests.songpop.model.builders import (
    fit_only,
    make_blocks,
    make_features,
    make_labels,
    quick_settings,
)

FEATURES = make_features()
LABELS = make_labels(FEATURES)
BLOCKS = make_blocks(FEATURES.height)


def test_inputs_are_fitted_on_the_fit_block_alone() -> None:
    data = prepare(FEATURES, LABELS, BLOCKS, quick_settings(), choices_count=3)

    assert data.inputs == fit_inputs(FEATURES[BLOCKS.fit])
    assert np.array_equal(data.sample.x, data.inputs.transform(FEATURES[BLOCKS.fit]))
    assert data.sample.y.tolist() == LABELS["is_high"].gather(BLOCKS.fit).to_list()


def test_the_whole_is_the_fit_and_the_stop_block() -> None:
    data = prepare(FEATURES, LABELS, BLOCKS, quick_settings(), choices_count=3)
    rows = np.concatenate([BLOCKS.fit, BLOCKS.stop])

    assert np.array_equal(data.whole.x, data.inputs.transform(FEATURES[rows]))
    assert data.whole.y.tolist() == LABELS["is_high"].gather(rows).to_list()


def test_margins_soften_what_is_taught_but_not_the_judge() -> None:
    labels = LABELS.with_columns((pl.col("outcome_percentile") - 0.5).alias("margin"))

    data = prepare(FEATURES, labels, BLOCKS, quick_settings(softness=0.1), choices_count=3)

    assert data.judge is not None
    assert ((data.sample.taught > 0.5) == data.sample.y).all()
    assert not np.isin(data.sample.taught, (0.0, 1.0)).any()
    assert np.isin(data.judge.taught, (0.0, 1.0)).all()


def test_the_digest_tells_other_rows_and_targets_apart() -> None:
    def digest_of(labels: pl.DataFrame) -> str:
        return digest_prepared(prepare(FEATURES, labels, BLOCKS, quick_settings(), 3))

    flipped = LABELS.with_columns(~pl.col("is_high"))
    again = prepare(
        FEATURES.with_columns(pl.col("track_id").reverse()), LABELS, BLOCKS, quick_settings(), 3
    )
    softer = LABELS.with_columns((pl.col("outcome_percentile") - 0.5).alias("margin"))

    assert digest_of(LABELS) == digest_of(LABELS)
    digests = {digest_of(LABELS), digest_of(flipped), digest_of(softer), digest_prepared(again)}
    assert len(digests) == 4


def test_tracks_are_those_of_the_rows_even_where_they_are_thinned() -> None:
    data = prepare(FEATURES, LABELS, BLOCKS, quick_settings(max_rows=50), choices_count=3)
    rows = map(tuple, data.inputs.transform(FEATURES))
    by_row = dict(zip(rows, hash_tracks(FEATURES), strict=True))

    for sample, found in ((data.sample, data.sample_tracks), (data.whole, data.whole_tracks)):
        assert found.tolist() == [by_row[tuple(row)] for row in sample.x]


def test_the_stop_block_judges() -> None:
    data = prepare(FEATURES, LABELS, BLOCKS, quick_settings(), choices_count=3)

    assert data.judge is not None
    assert data.judge.y.size == BLOCKS.stop.size


def test_without_a_stop_block_the_last_weeks_judge_and_are_not_fitted_on() -> None:
    data = prepare(FEATURES, LABELS, fit_only(400), quick_settings(), choices_count=3)

    assert data.judge is not None
    assert (data.sample.y.size, data.judge.y.size) == (300, 100)


def test_with_nothing_to_choose_every_row_is_fitted_on() -> None:
    data = prepare(FEATURES, LABELS, fit_only(400), quick_settings(), choices_count=1)

    assert data.judge is None
    assert data.sample.y.size == 400


def test_more_than_the_most_rows_are_thinned() -> None:
    data = prepare(FEATURES, LABELS, BLOCKS, quick_settings(max_rows=50), choices_count=1)

    assert data.sample.y.size == 50


def test_labels_of_another_length_are_refused() -> None:
    with pytest.raises(CheckError, match=r"labels: expected 400 rows, one for each .*, got 399"):
        prepare(FEATURES, LABELS[1:], BLOCKS, quick_settings(), choices_count=1)


def test_null_labels_are_refused() -> None:
    labels = LABELS.with_columns(pl.lit(None, dtype=pl.Float64).alias("outcome_percentile"))

    with pytest.raises(CheckError, match="labels: expected no nulls, got 400"):
        prepare(FEATURES, labels, BLOCKS, quick_settings(), choices_count=1)


def test_a_fit_block_of_one_class_is_refused() -> None:
    high = np.flatnonzero(LABELS["is_high"].to_numpy())
    blocks = Blocks(high, no_rows(), no_rows(), no_rows())

    with pytest.raises(CheckError, match=r"fit block: expected rows of both .*, got .* of one"):
        prepare(FEATURES, LABELS, blocks, quick_settings(), choices_count=1)
