import numpy as np

from songpop.simulate.roster import World

SERIALS = np.arange(4_600)


def test_artists_have_as_many_tracks_as_real_ones() -> None:
    tracks = np.bincount(World(3, 4_600).artists_of(SERIALS))
    listed = tracks[tracks > 0]

    # The real snapshot: 2,000 artists, the largest with 63 tracks.
    assert 1_800 < listed.size < 2_300
    assert 35 < listed.max() < 90


def test_traits_do_not_change_with_the_table_s_size() -> None:
    small, large = World(3, 10), World(3, 10_000)

    assert np.array_equal(small.is_explicit(SERIALS), large.is_explicit(SERIALS))
    assert np.array_equal(small.is_holiday(SERIALS), large.is_holiday(SERIALS))


def test_traits_have_their_shares() -> None:
    world = World(3, 4_600)

    assert abs(world.is_explicit(SERIALS).mean() - 0.36) < 0.03
    assert abs(world.is_holiday(SERIALS).mean() - 0.015) < 0.006


def test_artist_sizes_are_the_same_in_every_week() -> None:
    world = World(3, 100)

    assert world.artist_sizes().shape == (5, world.artists_count)
    assert np.array_equal(world.artist_sizes(), world.artist_sizes())


def test_one_track_has_an_artist() -> None:
    assert World(3, 1).artists_of(np.arange(5)).tolist() == [0] * 5
