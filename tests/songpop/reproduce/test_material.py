from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from songpop.reproduce.material import Material, make_material
from songpop.reproduce.split import Split, published_split
from songpop.reproduce.tracks import Tracks
from tests.songpop.reproduce.builders import make_small_tracks


def build(tracks: Tracks, split: Split) -> Material:
    return make_material(
        tracks, "leak_free", split, is_by_artist=True, folds_count=3, seeds_count=2
    )


def test_inputs_do_not_know_the_rows_to_answer_for(tmp_path: Path) -> None:
    tracks = make_small_tracks(tmp_path)
    split = published_split(tracks.y.size)
    features = tracks.features["leak_free"]
    is_test = pl.Series(np.isin(np.arange(features.height), split.test))
    changed = features.with_columns(
        pl.when(is_test).then(pl.col(pl.Float32) * 3 + 1).otherwise(pl.col(pl.Float32))
    )
    one, other = (
        build(tracks, split),
        build(replace(tracks, features={"leak_free": changed}), split),
    )

    assert np.array_equal(one.fit.x, other.fit.x)
    assert not np.array_equal(one.test, other.test)


def test_labels_of_the_rows_to_answer_for_are_not_in_it(tmp_path: Path) -> None:
    tracks = make_small_tracks(tmp_path)
    split = published_split(tracks.y.size)
    material = build(tracks, split)

    assert material.fit.y.tolist() == tracks.y[split.fit].tolist()
    assert material.test.shape == (60, material.fit.x.shape[1])
    assert material.raw_fit.shape[0] == 240


def test_inner_folds_keep_artists_together_and_hold_every_row(tmp_path: Path) -> None:
    tracks = make_small_tracks(tmp_path)
    split = published_split(tracks.y.size)
    artists = tracks.artists[split.fit]
    for others, fold in build(tracks, split).divided():
        assert not set(artists[others]) & set(artists[fold])
        assert sorted([*others, *fold]) == list(range(240))
