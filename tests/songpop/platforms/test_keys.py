import pytest
from hypothesis import given
from hypothesis import strategies as st

from songpop.platforms.keys import (
    find_versions,
    loose_key,
    make_keys,
    normalise_isrc,
    strict_key,
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("USRC17607839", "USRC17607839"),
        (" us-rc1-76-07839 ", "USRC17607839"),
        ("Usx123000001", "USX123000001"),
        ("USRC1760783", None),
        ("1SRC17607839", None),
        ("USRC1760783X", None),
        ("ＵSRC17607839", None),
        ("", None),
        (None, None),
    ],
)
def test_isrc_is_read_as_the_standard_has_it(text: str | None, code: str | None) -> None:
    assert normalise_isrc(text) == code


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Don’t Stop", "don't  stop"),
        ("Hier, à lʼaube", "HIER, À L'AUBE"),
        ("Rock – Roll", "rock - roll"),
        ("“Heroes”", '"heroes"'),
        ("Café", "Cafe\u0301"),
        ("ＡＢＣ", "abc"),
        ("Straße", "STRASSE"),
        ("Wait…", "Wait..."),
    ],
)
def test_ways_to_write_one_title_have_one_strict_key(one: str, other: str) -> None:
    assert strict_key(one) == strict_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("gadoue?", "gadoue_"),
        ("Clone Wars", "CloneWars"),
        ("Tøilette", "Toilette"),
        ("Song (feat. Guest)", "Song"),
        ("Song feat. Guest", "Song"),
        ("Song (Radio Edit)", "Song"),
        ("Song - Remastered 2011", "Song"),
        ("Pilé", "Pile"),
    ],
)
def test_titles_that_may_be_one_share_a_loose_key_alone(one: str, other: str) -> None:
    assert loose_key(one) == loose_key(other)
    assert strict_key(one) != strict_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Song", "Sing"), ("Part 1", "Part 2"), ("One - Two", "One - Three")]
)
def test_other_titles_share_none(one: str, other: str) -> None:
    assert loose_key(one) != loose_key(other)


@pytest.mark.parametrize("text", ["", "   ", None])
def test_nothing_has_no_key(text: str | None) -> None:
    assert (strict_key(text), loose_key(text)) == (None, None)


def test_title_of_brackets_alone_keeps_its_letters() -> None:
    assert loose_key("(Intro)") == "intro"
    assert loose_key("אבי הטחול") == "אביהטחול"
    assert loose_key("???") is None


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Song (Live at Wembley)", "live"),
        ("Song [Sped-Up Remix]", "remix, sped up"),
        ("Song - Acoustic", "acoustic"),
        ("Live Forever", ""),
        ("Song", ""),
        (None, ""),
    ],
)
def test_words_that_name_a_version_are_found_beside_the_title(
    title: str | None, words: str
) -> None:
    assert find_versions(title) == words


def test_isrc_is_the_songs_id_and_the_name_where_there_is_none() -> None:
    named = make_keys(None, "Artist", "Song")

    assert make_keys("us-rc1-76-07839", "Artist", "Song").own_track_id == "USRC17607839"
    assert named.own_track_id == make_keys("no isrc", "ARTIST", "song ").own_track_id
    assert named.own_track_id.startswith("own:")
    assert len(named.own_track_id) == len("own:") + 16
    assert named.own_track_id != make_keys(None, None, "Song").own_track_id
    assert named.own_track_id != make_keys(None, "Artist Song", None).own_track_id


@given(text=st.text(max_size=40))
def test_keys_of_keys_are_themselves(text: str) -> None:
    strict, loose = strict_key(text), loose_key(text)

    assert strict_key(strict) == strict
    assert loose_key(strict) == loose
