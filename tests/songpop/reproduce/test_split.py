from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from songpop.reproduce.read import read_rows
from songpop.reproduce.split import artist_splits, make_folds, published_split
from songpop.reproduce.tracks import make_tracks
from songpop.settings import IngestSettings
from tests.real_data import real_data
from tests.songpop.reproduce.builders import FORMATS, make_small_tracks


def test_published_split_takes_a_fifth_and_every_row_once() -> None:
    split = published_split(300)

    assert (split.fit.size, split.test.size) == (240, 60)
    assert sorted([*split.fit, *split.test]) == list(range(300))


@pytest.mark.real_data
def test_published_split_has_the_published_rows() -> None:
    path = real_data("chartmetric_2024/top_songs.csv")
    tracks = make_tracks(read_rows(path, FORMATS, IngestSettings()), None)
    split = published_split(tracks.y.size)

    assert (split.fit.size, split.test.size) == (3_680, 920)
    assert tracks.y[split.test].sum() == 472


def test_artist_splits_test_every_row_once_and_never_a_known_artist(tmp_path: Path) -> None:
    tracks = make_small_tracks(tmp_path)
    splits = artist_splits(tracks.y, tracks.artists, 5)

    assert sorted(np.concatenate([split.test for split in splits])) == list(range(300))
    for split in splits:
        assert not set(tracks.artists[split.fit]) & set(tracks.artists[split.test])
        assert 0.3 < tracks.y[split.test].mean() < 0.7


@settings(max_examples=25)
@given(st.integers(60, 200), st.integers(2, 5), st.integers(0, 2**32 - 1), st.booleans())
def test_folds_hold_every_row_once(rows: int, count: int, seed: int, grouped: bool) -> None:  # noqa: FBT001 - drawn
    rng = np.random.default_rng(seed)
    y = rng.permutation(rows) < rows // 2
    groups = rng.integers(0, 40, rows) if grouped else None
    folds = make_folds(y, groups, count)

    assert len(folds) == count
    assert np.sort(np.concatenate(folds)).tolist() == list(range(rows))
    if groups is not None:
        owners = [set(groups[fold]) for fold in folds]
        assert sum(map(len, owners)) == len(set(groups))
