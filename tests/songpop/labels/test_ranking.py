import math

from songpop.labels.ranking import rank_tracks
from tests.songpop.features.make_weeks import make_weeks


def test_the_largest_has_rank_one_and_percentile_one() -> None:
    rows = make_weeks(
        {"track_id": "a", "streams_count": 5},
        {"track_id": "b", "streams_count": 9},
        {"track_id": "c", "streams_count": 1},
        {"track_id": "d", "streams_count": 7},
    )

    ranked = rank_tracks(rows, "streams_count")

    assert ranked.select("track_id", "rank", "percentile").rows() == [
        ("b", 1, 1.0),
        ("d", 2, 0.75),
        ("a", 3, 0.5),
        ("c", 4, 0.25),
    ]


def test_null_is_the_smallest_and_ties_are_in_the_order_of_track_ids() -> None:
    rows = make_weeks(
        {"track_id": "n"},
        {"track_id": "b", "streams_count": 0},
        {"track_id": "a", "streams_count": 0},
        {"track_id": "m"},
    )

    assert rank_tracks(rows, "streams_count").get_column("track_id").to_list() == list("abmn")


def test_a_size_that_is_not_finite_counts_as_null() -> None:
    rows = make_weeks(
        {"track_id": "a", "score_points": math.nan},
        {"track_id": "b", "score_points": math.inf},
        {"track_id": "c", "score_points": 1.0},
    )

    ranked = rank_tracks(rows, "score_points")

    assert ranked.select("track_id", "size").rows() == [("c", 1.0), ("a", None), ("b", None)]


def test_counts_that_one_float_cannot_tell_apart_are_still_ranked() -> None:
    rows = make_weeks(
        {"track_id": "a", "streams_count": 2**60}, {"track_id": "b", "streams_count": 2**60 + 1}
    )

    assert rank_tracks(rows, "streams_count").get_column("track_id").to_list() == ["b", "a"]
