from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from songpop.model import teacher as under_test
from songpop.model.blocks import Rows
from songpop.model.prepare import Prepared, prepare
from songpop.model.rows import take_evenly
from songpop.model.sample import Sample
from songpop.model.teacher import FOLDS_COUNT, distil, fit_teacher
from tests.songpop.model.builders import (
    make_blocks,
    make_features,
    make_labels,
    quick_settings,
)

FEATURES = make_features(1_800, weeks=12)
LABELS = make_labels(FEATURES)
BLOCKS = make_blocks(1_800)
TRACKS = np.repeat(np.arange(12, dtype=np.uint32), 100)


def make_prepared(rows: int = 1_800) -> Prepared:
    """Return rows that boosting can learn from, or the first of them."""
    features = FEATURES[:rows]
    return prepare(features, LABELS[:rows], make_blocks(rows), quick_settings(), choices_count=3)


def make_secret(seed: int = 1) -> Sample:
    """Return twelve tracks of 100 rows whose input tells nothing but which track it is."""
    rng = np.random.default_rng(seed)
    x = TRACKS[:, None] + rng.normal(0, 0.01, (TRACKS.size, 1))
    return Sample(x.astype(np.float32), TRACKS // FOLDS_COUNT % 2 == 0)


def test_what_is_said_of_rows_tells_their_labels() -> None:
    data = make_prepared()
    teacher = fit_teacher(data.sample, data.sample_tracks, seed=1)
    assert teacher is not None
    said = teacher.probability(data.sample.x, data.sample_tracks)
    rate = data.sample.y.mean()

    assert np.corrcoef(said, data.sample.y)[0, 1] > 0.7
    assert teacher.log_loss < -(rate * np.log(rate) + (1 - rate) * np.log(1 - rate)) - 0.2
    assert 0 < said.min() < said.max() < 1


def test_a_track_is_taught_by_what_has_not_seen_it() -> None:
    sample, flipped = make_secret(), TRACKS == 5
    other = replace(sample, y=sample.y ^ flipped)
    found = [fit_teacher(one, TRACKS, seed=1) for one in (sample, other)]
    # Of as many trees, since how many are best may well depend on every label.
    said = [
        replace(one, trees_count=20).probability(sample.x, TRACKS)
        for one in found
        if one is not None
    ]

    assert np.array_equal(said[0][flipped], said[1][flipped])
    assert not np.array_equal(said[0], said[1])


def test_targets_are_partly_what_was_taught_and_partly_the_teachers() -> None:
    data = make_prepared()
    half, all_of_it = (distil(data, quick_settings(teacher_share=s)) for s in (0.5, 1.0))

    for before, middle, after in (
        (data.sample, half.sample, all_of_it.sample),
        (data.whole, half.whole, all_of_it.whole),
    ):
        assert middle.taught == pytest.approx((before.taught + after.taught) / 2, abs=1e-6)
        assert np.array_equal(middle.y, before.y)
        assert not np.array_equal(before.taught, after.taught)


def test_what_networks_learn_of_a_track_comes_from_other_tracks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # One tree, since how many are best may well depend on every label.
    monkeypatch.setattr(under_test, "MOST_TREES", 1)
    first, flipped = make_secret(), TRACKS == 5
    settings = quick_settings(teacher_share=1)
    lessons = [
        distil(
            replace(
                make_prepared(),
                sample=one,
                whole=one,
                sample_tracks=TRACKS,
                whole_tracks=TRACKS,
            ),
            settings,
        )
        for one in (first, replace(first, y=first.y ^ flipped))
    ]

    for one, other in (
        (lessons[0].sample, lessons[1].sample),
        (lessons[0].whole, lessons[1].whole),
    ):
        assert np.array_equal(one.taught[flipped], other.taught[flipped])
        assert not np.array_equal(one.taught, other.taught)


def test_the_rows_that_judge_are_not_learned_from() -> None:
    data = make_prepared()
    y = LABELS["is_high"].to_numpy().copy()
    y[BLOCKS.stop] = ~y[BLOCKS.stop]
    turned = LABELS.with_columns(pl.Series("is_high", y))
    other = prepare(FEATURES, turned, BLOCKS, quick_settings(), choices_count=3)
    first, second = (distil(one, quick_settings(teacher_share=0.7)) for one in (data, other))

    assert np.array_equal(first.sample.taught, second.sample.taught)
    assert first.judge is data.judge
    assert not np.array_equal(first.whole.taught, second.whole.taught)


def test_no_share_fits_no_teacher(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_test, "fit_teacher", None)
    data = make_prepared()

    assert distil(data, quick_settings(teacher_share=0)) is data


def test_rows_too_few_for_a_tree_are_left_as_they_are() -> None:
    data = make_prepared(rows=200)

    assert distil(data, quick_settings(teacher_share=0.7)) is data


def test_rows_of_one_track_have_no_teacher() -> None:
    sample = make_secret()

    assert fit_teacher(sample, np.zeros(TRACKS.size, dtype=np.uint32), seed=1) is None


def test_the_same_rows_teach_the_same_bits() -> None:
    data = make_prepared()
    first, second = (distil(data, quick_settings(teacher_share=0.7)) for _ in range(2))

    assert np.array_equal(first.whole.taught, second.whole.taught)


def test_more_rows_than_a_teacher_reads_are_thinned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[int, int]] = []

    def ask(rows: Rows, most: int) -> Rows:
        asked.append((rows.size, most))
        return take_evenly(rows, most)

    monkeypatch.setattr(under_test, "MOST_ROWS", 300)
    monkeypatch.setattr(under_test, "take_evenly", ask)
    data = make_prepared()
    thinned = fit_teacher(data.sample, data.sample_tracks, seed=1)

    assert [most for _, most in asked] == [300] * FOLDS_COUNT
    assert sum(size for size, _ in asked) == (FOLDS_COUNT - 1) * data.sample.y.size
    assert thinned is not None
    assert thinned.log_loss < 0.5
