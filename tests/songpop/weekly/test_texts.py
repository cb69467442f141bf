import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from songpop.weekly import texts
from tests.songpop.pages.read import Page


@pytest.mark.parametrize(
    ("score", "shown"),
    [(1.0, "over 99\u00a0%"), (0.994, "99\u00a0%"), (0.5, "50\u00a0%"), (0.0, "under 1\u00a0%")],
)
def test_no_score_is_certain(score: float, shown: str) -> None:
    assert texts.show_score(score) == shown


@pytest.mark.parametrize(
    ("change", "shown"),
    [(0.274, "+27 points"), (-0.01, "−1 point"), (0.004, "unchanged")],
)
def test_changes_are_in_points(change: float, shown: str) -> None:
    assert texts.show_points(change) == shown


@pytest.mark.parametrize(
    ("low", "high", "may_leave", "shown"),
    [
        (0.62, 0.98, True, "top 2\u00a0% to 38\u00a0%"),
        (0.0, 0.9, True, "top 10\u00a0% to off the list"),
        (0.0, 1.0, True, "anywhere or off the list"),
        (0.0, 1.0, False, "anywhere"),
        (0.0, 0.9, False, "top 10\u00a0% to 100\u00a0%"),
        (0.999, 1.0, True, "top 1\u00a0%"),
        (None, None, True, "–"),
    ],
)
def test_places_count_from_the_top(
    low: float | None, high: float | None, *, may_leave: bool, shown: str
) -> None:
    assert texts.show_places(low, high, may_leave=may_leave) == shown


def test_tracks_without_title_or_artist_are_named_so() -> None:
    nameless = {"title": None, "artist_name": None}

    assert texts.name_track(nameless) == "<strong><bdi>(no title)</bdi></strong>"
    assert "(no artist)" in texts.show_track(nameless)


def test_long_texts_are_cut_with_a_sign_of_it() -> None:
    assert texts.cut_text("x" * 80) == "x" * 80
    assert texts.cut_text("x" * 81) == "x" * 79 + "…"
    assert texts.cut_text(" a \n b ") == "a b"


def test_a_letter_keeps_three_accents() -> None:
    assert texts.cut_text("e" + "\u0301" * 9 + "x") == "e\u0301\u0301\u0301x"


@given(st.text(max_size=300))
def test_any_text_becomes_one_isolated_run_of_text(text: str) -> None:
    page = Page(texts.isolate(text))

    assert page.tags == ["bdi"]
    assert len(texts.cut_text(text)) <= texts.MOST_SIGNS


def test_feeds_and_days_read_like_names() -> None:
    assert texts.show_feed("spotify_charts_us") == "Spotify charts US"
    assert texts.show_feed("demo") == "Demo"
    assert texts.show_day(dt.date(2024, 6, 3)) == "3 June 2024"
    assert texts.join(["a", "b", "c"]) == "a, b and c"
