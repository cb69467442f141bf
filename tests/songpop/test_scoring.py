import datetime as dt

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from songpop.scoring import rank_scores
from tests.songpop.card.builders import make_model

WEEK = dt.date(2024, 6, 13)


def rank(scores: dict[str, float]) -> pl.DataFrame:
    rows = pl.DataFrame(
        {
            "feed": ["f"] * len(scores),
            "week": [WEEK] * len(scores),
            "track_id": list(scores),
            "title": [f"title {name}" for name in scores],
            "artist_name": [None] * len(scores),
        }
    )
    outputs = pl.DataFrame({"track_id": list(scores), "score": list(scores.values())})
    return rank_scores(rows, outputs, make_model(warning="is new"))


def test_highest_score_ranks_first_and_ties_follow_the_track_id() -> None:
    ranked = rank({"b": 0.2, "c": 0.9, "a": 0.2})

    assert ranked["track_id"].to_list() == ["c", "a", "b"]
    assert ranked["rank"].to_list() == [1, 2, 3]


def test_potential_is_high_from_one_half_on() -> None:
    ranked = rank({"a": 0.5, "b": 0.4999})

    assert ranked["potential"].to_list() == ["high", "low"]


def test_percentile_is_one_for_the_first_and_one_nth_for_the_last() -> None:
    ranked = rank({"a": 0.9, "b": 0.5, "c": 0.4, "d": 0.1})

    assert ranked["percentile"].to_list() == [1.0, 0.75, 0.5, 0.25]


def test_titles_go_with_their_tracks() -> None:
    ranked = rank({"a": 0.1, "b": 0.9})

    assert ranked["title"].to_list() == ["title b", "title a"]


def test_every_score_names_its_model_and_what_must_be_said_of_it() -> None:
    ranked = rank({"a": 0.1, "b": 0.9})

    version = make_model().version
    columns = ("model_version", "model_warning", "is_provisional")
    assert ranked.select(columns).unique().rows() == [(version, "is new", False)]


@given(st.dictionaries(st.text("abcdef", min_size=1), st.floats(0, 1), min_size=1, max_size=20))
def test_ranks_are_a_permutation_that_no_row_order_changes(scores: dict[str, float]) -> None:
    ranked = rank(scores)
    backwards = rank(dict(reversed(scores.items())))

    assert ranked["rank"].to_list() == list(range(1, len(scores) + 1))
    assert ranked["score"].is_sorted(descending=True)
    assert ranked.equals(backwards)
