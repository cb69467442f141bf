import numpy as np
import polars as pl

from songpop.simulate.roster import World
from songpop.simulate.wording import add_guests, name_albums, name_artists, title_tracks, vocabulary
from tests.songpop.simulate.read_exports import share_of

WORLD = World(3, 4_600)
SERIALS = np.arange(4_600)


def test_words_are_known_once_and_some_are_not_ascii() -> None:
    words = vocabulary()
    is_ascii = words.str.contains(r"^[A-Za-z]+$")

    assert 0.75 < share_of(is_ascii) < 0.95
    assert words.len() < 4_096


def test_text_is_the_same_whatever_stands_beside_it() -> None:
    some = SERIALS[::7]

    assert title_tracks(WORLD, some).to_list() == title_tracks(WORLD, SERIALS)[::7].to_list()
    assert name_artists(some, 3).to_list() == name_artists(SERIALS, 3)[::7].to_list()


def test_some_titles_need_quoting() -> None:
    titles = title_tracks(WORLD, SERIALS)

    assert 0.02 < share_of(titles.str.contains(",")) < 0.07
    assert titles.str.contains('"').any()
    assert titles.null_count() == 0


def test_a_tenth_of_the_titles_has_a_guest() -> None:
    titles = add_guests(WORLD, SERIALS, title_tracks(WORLD, SERIALS))

    assert 0.08 < share_of(titles.str.contains(r"\(feat\. ")) < 0.12


def test_half_of_the_albums_are_named_like_their_track() -> None:
    titles = title_tracks(WORLD, SERIALS)
    albums = name_albums(WORLD, SERIALS, titles)

    assert 0.44 < share_of(albums == titles) < 0.53
    assert 0.06 < share_of(albums.str.ends_with(" - Single")) < 0.10


def test_artists_share_albums_between_tracks() -> None:
    titles = title_tracks(WORLD, SERIALS)
    frame = pl.DataFrame(
        {
            "artist": WORLD.artists_of(SERIALS),
            "album": name_albums(WORLD, SERIALS, titles),
            "title": titles,
        }
    ).filter(pl.col("album") != pl.col("title"))

    assert frame.select("artist", "album").is_duplicated().any()


def test_december_songs_say_so() -> None:
    titles = title_tracks(WORLD, SERIALS)

    assert (titles.str.contains("Winter Night").to_numpy() == WORLD.is_holiday(SERIALS)).all()
