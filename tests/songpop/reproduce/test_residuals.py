from dataclasses import replace

import numpy as np
import pytest

from songpop.reproduce.residuals import analyse_residuals
from songpop.reproduce.tracks import Tracks
from tests.songpop.reproduce.builders import make_scores, make_small_tracks


@pytest.fixture(scope="module")
def tracks(tmp_path_factory: pytest.TempPathFactory) -> Tracks:
    return make_small_tracks(tmp_path_factory.mktemp("tracks"))


def test_slices_hold_every_row_and_every_error_once(tracks: Tracks) -> None:
    found = analyse_residuals(tracks, make_scores(tracks.y))

    assert 0 < found.accuracy.low < found.accuracy.mean < found.accuracy.high < 1
    for slices in (found.by_distance, found.by_age, found.by_missing, found.by_sureness):
        assert sum(one.rows_count for one in slices) == 300
        assert sum(one.errors_share for one in slices) == pytest.approx(1)
        errors = sum(one.rows_count * one.error_rate for one in slices)
        assert errors == pytest.approx(300 * (1 - found.accuracy.mean))


def test_errors_next_to_the_median_are_found_there(tracks: Tracks) -> None:
    order = np.argsort(np.argsort(tracks.source, kind="stable"))
    near = np.abs(order - 149.5) < 10  # twenty rows about the median
    scores = np.where(near, ~tracks.y, tracks.y).astype(float)
    found = analyse_residuals(tracks, scores)

    assert found.accuracy.mean == pytest.approx(1 - 20 / 300)
    assert found.by_distance[0].errors_share + found.by_distance[1].errors_share > 0.7
    assert found.blind_distance is not None
    assert 1.5 < found.blind_distance < 3.5
    assert found.blind_share is not None
    assert 14 / 300 < found.blind_share <= 21 / 300
    assert found.blind_points is not None
    assert found.blind_points[0] < np.median(tracks.source) < found.blind_points[1]


def test_perfect_scores_leave_nothing_out(tracks: Tracks) -> None:
    found = analyse_residuals(tracks, tracks.y.astype(float))

    assert (found.accuracy.mean, found.blind_distance, found.sure_share) == (1.0, 0.0, 1.0)


def test_scores_that_are_wrong_far_away_reach_no_target(tracks: Tracks) -> None:
    found = analyse_residuals(tracks, 1 - tracks.y.astype(float))

    assert (found.accuracy.mean, found.blind_distance, found.blind_share) == (0.0, None, None)
    assert found.sure_share == 0


def test_surest_rows_come_first_and_hold_the_target(tracks: Tracks) -> None:
    places = np.arange(300)
    scores = np.where(tracks.y, 1 - places / 1_000, places / 1_000)  # the first are the surest
    flipped = np.where(places >= 200, 1 - scores, scores)
    found = analyse_residuals(tracks, flipped)

    assert found.by_sureness[0].error_rate == 0
    assert found.by_sureness[-1].error_rate == 1
    assert found.sure_share == pytest.approx(204 / 300)


def test_rows_are_told_by_how_much_of_them_is_missing(tracks: Tracks) -> None:
    missing = np.where(np.arange(300) < 40, 15, 0)
    scores = np.where(missing > 0, ~tracks.y, tracks.y).astype(float)
    found = analyse_residuals(replace(tracks, missing_counts=missing), scores)

    assert [(one.rows_count, one.error_rate) for one in found.by_missing] == [(260, 0), (40, 1)]


def test_rows_without_a_date_are_a_slice_of_their_own(tracks: Tracks) -> None:
    ages = np.where(np.arange(300) < 30, np.nan, 400.0)
    found = analyse_residuals(replace(tracks, age_days=ages), make_scores(tracks.y))

    assert {one.title: one.rows_count for one in found.by_age} == {
        "365 to 1824 days": 270,
        "unknown": 30,
    }
