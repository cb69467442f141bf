import datetime as dt
from unittest.mock import patch

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from songpop.schemas import SCORED_COLUMNS, scored_schema, validate
from songpop.scoring import Stamp, insert_scores, sort_by_rank
from songpop.warehouse.parts import Parts, PartsWriter
from tests.builders import NOW, make_warehouse
from tests.songpop.card.builders import make_model

WEEK = dt.date(2024, 6, 13)
KEY = {"feed": "f", "week": WEEK}


def make_scored(scores: dict[str, float]) -> pl.DataFrame:
    """Return what is said of each track before all are ranked; of most nothing."""
    types = {
        name: pl.Float64 if name.endswith(("score", "low", "high", "contribution")) else pl.String
        for name in SCORED_COLUMNS
    }
    rows = [
        {"track_id": name, "score": score, "title": f"title {name}"}
        for name, score in scores.items()
    ]
    return validate(scored_schema(), pl.DataFrame(rows, schema=types), "scored")


def store(scores: Parts) -> pl.DataFrame:
    con = make_warehouse()
    insert_scores(con, KEY, scores, make_model(warning="is new"), Stamp("run", NOW))
    return con.execute("select * from mart.weekly_scores").pl()


def rank(scores: dict[str, float]) -> pl.DataFrame:
    """Return the table's rows as they are stored."""
    return store(Parts.of(make_scored(scores)))


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


def test_every_row_names_its_week_and_its_run() -> None:
    ranked = rank({"a": 0.1, "b": 0.9})

    columns = ("feed", "week", "run_id", "scored_at")
    assert ranked.select(columns).unique().rows() == [("f", WEEK, "run", NOW)]


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.integers(0, 5) | st.floats(0, 5), min_size=4, max_size=30),
    st.integers(1, 9),
    st.integers(1, 9),
)
def test_parts_in_files_are_ranked_together(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[float], rows_count: int, together: int
) -> None:
    scores = {f"{number:02}": size / 5 for number, size in enumerate(sizes)}
    folder = tmp_path_factory.mktemp("parts") / "it's [1] a folder"
    writer = PartsWriter(folder, "scored", rows_count, sort_by_rank)
    writer.add(make_scored(scores))

    with patch("songpop.scoring.ROW_GROUP_ROWS", together):
        assert store(writer.finish()).equals(rank(scores))


@settings(deadline=None, max_examples=40)
@given(st.dictionaries(st.text("abcdef", min_size=1), st.floats(0, 1), min_size=1, max_size=20))
def test_ranks_are_a_permutation_that_no_row_order_changes(scores: dict[str, float]) -> None:
    ranked = rank(scores)
    backwards = rank(dict(reversed(scores.items())))

    assert ranked["rank"].to_list() == list(range(1, len(scores) + 1))
    assert ranked["score"].is_sorted(descending=True)
    assert ranked.equals(backwards)
