import datetime as dt

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from songpop.model.rows import hash_tracks, split_last_weeks, take_evenly, thin_rows
from tests.songpop.model.builders import FIRST_WEEK, make_features


def test_few_rows_are_left_alone() -> None:
    rows = np.arange(10, 20)

    assert thin_rows(make_features(30), rows, most=10) is rows


def test_thinning_takes_every_week_evenly() -> None:
    features = make_features(4_000, weeks=4)
    kept = thin_rows(features, np.arange(4_000), most=1_000)
    counts = features[kept]["week"].value_counts()["count"]

    assert kept.size == 1_000
    assert counts.is_between(200, 300).all()


def test_thinning_chooses_by_key_whatever_the_order() -> None:
    features = make_features(500)
    order = np.random.default_rng(3).permutation(500)
    kept = features[thin_rows(features, np.arange(500), most=100)]
    shuffled = features[order]
    others = shuffled[thin_rows(shuffled, np.arange(500), most=100)]

    assert set(kept["track_id"]) == set(others["track_id"])


def test_rows_are_taken_evenly_by_their_place() -> None:
    taken = take_evenly(np.arange(10, 1_010), most=300)

    assert (taken.size, taken[0], taken[-1]) == (300, 10, 1_009)
    assert set(np.diff(taken)) <= {3, 4}
    assert take_evenly(np.arange(3), most=3).tolist() == [0, 1, 2]


def test_a_track_has_one_hash_in_every_feed_and_week() -> None:
    features = make_features(60, weeks=3)
    elsewhere = features.with_columns(pl.lit("other").alias("feed"), pl.col("week").shift(20))

    hashes = hash_tracks(features)

    assert np.array_equal(hashes, hash_tracks(elsewhere))
    assert np.unique(hashes).size == 60
    # IEEE 802.3's CRC-32, so that no version of a library groups tracks otherwise.
    assert hash_tracks(pl.DataFrame({"track_id": ["123456789"]})).tolist() == [0xCBF43926]


def test_the_last_weeks_hold_a_tenth_of_the_rows() -> None:
    features = make_features(300, weeks=30)
    earlier, last = split_last_weeks(features, np.arange(300))

    assert last.tolist() == list(range(270, 300))
    assert earlier.tolist() == list(range(270))


def test_a_week_is_never_divided() -> None:
    features = make_features(100, weeks=3)
    earlier, last = split_last_weeks(features, np.arange(100))

    assert set(features[last]["week"]) == {FIRST_WEEK + dt.timedelta(weeks=2)}
    assert set(features[earlier]["week"]).isdisjoint(features[last]["week"])


def test_a_single_week_gives_every_tenth_row() -> None:
    _, last = split_last_weeks(make_features(25, weeks=1), np.arange(25))

    assert last.tolist() == [0, 10, 20]


@given(st.integers(1, 200), st.integers(1, 250))
def test_thinned_rows_are_some_of_the_rows_in_their_order(count: int, most: int) -> None:
    rows = np.arange(0, 2 * count, 2)
    kept = thin_rows(make_features(400), rows, most)

    assert kept.size == min(count, most)
    assert set(kept) <= set(rows)
    assert (np.diff(kept) > 0).all()
