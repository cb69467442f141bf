"""The set-list benchmark's own machinery, and, where the real data are, what it claims."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from songpop.warehouse.query import run_query
from tests.benchmarks.setlist import (
    area,
    by_artist,
    choose_artists,
    interval_of,
    read_songs,
    recall_at_length,
    score_snapshot,
)
from tests.real_data import real_data

PLAYED = np.array([True, True, False, False])


def test_recall_counts_what_is_played_among_as_many_first_places() -> None:
    assert recall_at_length(PLAYED, np.array([4.0, 3.0, 2.0, 1.0])) == 1.0
    assert recall_at_length(PLAYED, np.array([4.0, 1.0, 2.0, 3.0])) == 0.5
    assert recall_at_length(PLAYED, np.array([1.0, 2.0, 3.0, 4.0])) == 0.0


def test_ties_at_the_end_of_the_list_count_in_part() -> None:
    assert recall_at_length(PLAYED, np.zeros(4)) == 0.5
    assert recall_at_length(PLAYED, np.array([9.0, 1.0, 1.0, 1.0])) == pytest.approx(2 / 3)


def test_figures_are_those_of_each_artist_alone() -> None:
    songs = pl.DataFrame(
        {
            "artist": ["a", "a", "b", "b"],
            "is_played": [True, False, True, False],
            "ours": [2.0, 1.0, 30.0, 40.0],
        }
    )

    assert by_artist(songs, ["a", "b"], area, "ours").tolist() == [1.0, 0.0]
    assert choose_artists(songs, 1) == ["a", "b"]
    assert choose_artists(songs, 2) == []


def test_interval_holds_its_mean_and_is_wider_for_fewer_artists() -> None:
    values = np.linspace(0, 1, 12)
    few, many = interval_of(values), interval_of(np.tile(values, 10))

    assert few.low < few.mean < few.high
    assert few.high - few.low > 2 * (many.high - many.low)
    assert interval_of(values) == few


@pytest.mark.slow
@pytest.mark.real_data
def test_truth_is_read_as_it_was_and_every_song_is_listed_once(tmp_path: Path) -> None:
    real_data("setlists/setlist_truth.csv")
    real_data("chartmetric_2024/top_songs.csv")
    paths = score_snapshot(tmp_path)
    songs = read_songs(paths)
    few, artists = choose_artists(songs, 3), choose_artists(songs, 1)

    assert (len(few), len(artists)) == (12, 25)
    assert by_artist(songs, few, area, "streams").mean() == pytest.approx(0.750, abs=0.0005)
    assert by_artist(songs, few, area, "popularity").mean() == pytest.approx(0.811, abs=0.0005)
    assert by_artist(songs, few, area, "ours").mean() > 0.7
    repeated = run_query(
        paths,
        "select 1 from mart.tour_candidates group by artist_name, song_key having count(*) > 1",
    )
    assert repeated.is_empty()
