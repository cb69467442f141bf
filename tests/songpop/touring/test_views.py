"""Places, roles and reasons of a set list."""

from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import make_warehouse, week_number
from tests.songpop.touring.make_tour import add_songs, make_tour

SMALLEST = {"artist_name": "One"}


def tour() -> duckdb.DuckDBPyConnection:
    con = make_warehouse()
    make_tour(con)
    return con


def select(con: duckdb.DuckDBPyConnection, columns: str) -> dict[str, tuple[Any, ...]]:
    rows = con.sql("from mart.tour_candidates").select(f"track_id, {columns}").fetchall()
    return {row[0]: row[1:] for row in rows}


def key_of(title: str | None) -> str:
    con = tour()
    add_songs(con, "us", {"a": {"title": title}}, [[0.5]])
    (found,) = con.execute("select song_key from mart.artist_songs").fetchall()
    return found[0]


@pytest.mark.parametrize(
    "title",
    [
        "Song",
        "SONG ",
        "Song (Remix)",
        "Song - Remix",
        "Song (Artist's Version) (From The Vault)",
        "Song (feat. Somebody)",
        "Song [Live at the Hall]",
        "Song (10 Minute Version)",
        "Song - 2011 Remaster",
        "Song (Remastered 2011)",
        "Song - Sped Up Version",
        "Song (English Ver.)",
        "Song (Artist's Ve",
    ],
)
def test_versions_are_one_song(title: str) -> None:
    assert key_of(title) == "song"


@pytest.mark.parametrize(
    "title",
    [
        "Song 2",
        "Song (Part II)",
        "Song - Interlude",
        "(I Can't Get No) Song",
        "Live Forever",
        "Song (Live Your Life)",
        "Remix",
        "Song/Other",
    ],
)
def test_what_names_no_version_stays(title: str) -> None:
    assert key_of(title) == title.lower()


def test_title_that_is_nothing_but_a_version_is_its_own_key() -> None:
    assert key_of("(Live)") == "(live)"
    assert key_of(None) == "a"


def test_song_is_listed_once_with_the_best_of_its_versions() -> None:
    con = tour()
    songs = {
        "a": {**SMALLEST, "title": "Song", "shazam_count": 9},
        "b": {**SMALLEST, "title": "Song (Remix)", "shazam_count": 1},
        "c": {**SMALLEST, "title": "Other", "shazam_count": 5},
    }
    add_songs(con, "us", songs, [[0.2, 0.9, 0.6]])

    assert select(con, "artist_rank, versions_count, songs_count, shazam") == {
        "b": (1, 2, 2, 0.75),
        "c": (2, 1, 2, 0.25),
    }


def test_songs_of_two_artists_of_one_title_never_mix() -> None:
    con = tour()
    songs = {name: {"title": "Song", "artist_name": name.upper()} for name in "ab"}
    add_songs(con, "us", songs, [[0.9, 0.1]])

    assert select(con, "artist_name, artist_rank, versions_count") == {
        "a": ("A", 1, 1),
        "b": ("B", 1, 1),
    }


def test_strengths_are_places_among_the_songs_of_the_artist() -> None:
    con = tour()
    songs = {
        "a": {**SMALLEST, "airplay_spins_count": 9, "shazam_count": None},
        "b": {**SMALLEST, "airplay_spins_count": 5, "shazam_count": 7},
        "c": {**SMALLEST, "airplay_spins_count": 5, "shazam_count": 8},
        "z": {"artist_name": "Other", "airplay_spins_count": 100, "shazam_count": 100},
    }
    add_songs(con, "us", songs, [[0.9, 0.8, 0.1, 0.5]])

    found = select(con, "radio, shazam, promise, tour_score, breadth, momentum")
    assert found["a"] == pytest.approx((5 / 6, None, 5 / 6, 5 / 6, None, None))
    assert found["b"] == pytest.approx((1 / 3, 0.25, 0.5, 13 / 36, None, None))
    assert found["c"] == pytest.approx((1 / 3, 0.75, 1 / 6, 5 / 12, None, None))


def test_breadth_gives_each_platform_one_vote_and_silence_none() -> None:
    con = tour()
    songs = {
        "a": {**SMALLEST, "youtube_views_count": 9, "youtube_likes_count": 9},
        "b": {**SMALLEST, "youtube_views_count": 1, "tiktok_views_count": 5},
        "c": {**SMALLEST, "tiktok_views_count": 9},
    }
    add_songs(con, "us", songs, [[0.5, 0.5, 0.5]])

    # a: YouTube (0.75 + 0.5) / 2, nothing of TikTok; b: 0.25 and 0.25; c: 0.75 of TikTok alone.
    found = select(con, "breadth")
    assert found == {
        "a": pytest.approx((0.5,)),
        "b": pytest.approx((1 / 6,)),
        "c": pytest.approx((5 / 6,)),
    }


def test_momentum_and_staying_need_weeks() -> None:
    con = tour()
    songs = {name: {**SMALLEST, "shazam_count": 1} for name in "abc"}
    add_songs(con, "us", songs, [[0.9, 0.6, 0.1]] * 3)
    assert select(con, "momentum, staying")["a"] == (None, None)

    con = tour()
    rising = [[0.9, 0.6, 0.1]] * 4 + [[0.4, 0.6, 0.8]]
    add_songs(con, "us", songs, rising)
    found = select(con, "momentum, momentum_change, staying, weeks_high_count, staying_ratio")
    assert found["c"] == pytest.approx((5 / 6, 2 / 3, 1 / 6, 1, 0.2))
    assert found["a"] == pytest.approx((1 / 6, -2 / 3, 0.5, 4, 0.8))


def test_roles_follow_the_written_rules() -> None:
    con = tour()
    songs = {
        name: {**SMALLEST, "shazam_count": count}
        for name, count in zip("abcdef", (60, 50, 40, 30, 10, 20), strict=True)
    }
    before = [0.95, 0.90, 0.80, 0.10, 0.20, 0.60]
    now = [0.95, 0.90, 0.20, 0.80, 0.10, 0.60]
    add_songs(con, "us", songs, [before] * 4 + [now])
    con.execute("update mart.weekly_scores set potential = 'low'")
    con.execute("update mart.weekly_scores set potential = 'high' where track_id = 'f'")

    roles = {track: row[0] for track, row in select(con, "role").items()}
    assert roles == {
        "a": "anthem",
        "b": "deep cut",
        "c": "deep cut",
        "d": "riser",
        "e": "do not play yet",
        "f": "deep cut",
    }


def test_one_export_has_no_risers_and_two_songs_have_no_roles() -> None:
    con = tour()
    songs = {name: {**SMALLEST, "shazam_count": place} for place, name in enumerate("abc")}
    add_songs(con, "us", songs, [[0.9, 0.8, 0.7]])
    add_songs(con, "gb", {"a": SMALLEST, "b": SMALLEST}, [[0.9, 0.1]])

    rows = con.execute("select feed, role from mart.tour_candidates").fetchall()
    assert {role for feed, role in rows if feed == "us"} <= {"anthem", "deep cut"}
    assert [role for feed, role in rows if feed == "gb"] == [None, None]


def test_song_of_which_nothing_is_known_is_not_to_be_played_yet() -> None:
    con = tour()
    songs = {"a": SMALLEST, "b": {**SMALLEST, "shazam_count": 1}, "c": SMALLEST}
    add_songs(con, "us", songs, [[0.9, 0.8, 0.7]])

    found = select(con, "role, reason")
    assert found["a"] == ("do not play yet", "nothing but its score is known")
    assert found["b"][1] == "potential ahead of 1 of 2 others; Shazams known of this song alone"


def test_reasons_count_the_songs_that_it_is_ahead_of() -> None:
    con = tour()
    songs = {
        name: {**SMALLEST, "shazam_count": count, "airplay_spins_count": count}
        for name, count in (("a", 30), ("b", 20), ("c", 10))
    }
    add_songs(con, "us", songs, [[0.4, 0.3, 0.2]])

    found = select(con, "role, reason")
    assert found["a"] == (
        "anthem",
        "radio plays ahead of 2 of 2 others; Shazams ahead of 2 of 2 others",
    )
    assert found["c"][0] == "do not play yet"
    assert found["c"][1].endswith(" ahead of 0 of 2 others")


def test_charts_are_placed_by_streams_peak_and_weeks_in_their_region() -> None:
    con = tour()
    songs = {
        "a": {**SMALLEST, "streams_week_count": 9, "peak_rank": 1, "chart_weeks_count": 50},
        "b": {**SMALLEST, "streams_week_count": 5, "peak_rank": 90, "chart_weeks_count": 2},
    }
    add_songs(con, "spotify_charts_gb", songs, [[0.9, 0.1]], format_name="spotify_charts")

    assert select(con, "region, artist_rank, demand, peak, staying, breadth") == {
        "a": ("gb", 1, 0.75, 0.75, 0.75, None),
        "b": ("gb", 2, 0.25, 0.25, 0.25, None),
    }


def test_region_is_what_the_newest_loaded_export_says_whatever_the_feed_is_called() -> None:
    con = tour()
    add_songs(con, "my_gb", {"a": SMALLEST}, [[0.5]] * 3, format_name="spotify_charts")
    say = "update raw.exports set region = ?, status = ? where feed = 'my_gb' and week = ?"
    con.execute(say, ["us", "loaded", week_number(1)])
    con.execute(say, ["de", "refused", week_number(3)])

    assert select(con, "region") == {"a": ("gb",)}

    con.execute(say, [None, "loaded", week_number(2)])

    assert select(con, "region") == {"a": ("us",)}


@settings(max_examples=8, deadline=None)
@given(st.permutations(range(6)), st.lists(st.integers(0, 3), min_size=6, max_size=6))
def test_order_of_the_rows_does_not_matter(order: list[int], counts: list[int]) -> None:
    songs = [(name, {**SMALLEST, "shazam_count": counts[at]}) for at, name in enumerate("abcdef")]
    lists = []
    for places in (range(6), order):
        con = tour()
        chosen = [songs[place] for place in places]
        scores = [(5 - place) / 10 for place in places]
        add_songs(con, "us", dict(chosen), [scores])
        lists.append(
            con.execute("select track_id, tour_score from mart.tour_candidates").fetchall()
        )

    assert lists[0] == lists[1]
    assert all(0 < score < 1 for _, score in lists[0])
