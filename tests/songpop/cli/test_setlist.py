"""``songpop setlist`` as a user types it."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.commands import songpop
from tests.songpop.touring.make_tour import publish_songs

ONE = {"artist_name": "One"}
HOSTILE = {
    "a": "<script>alert(1)</script>",
    "b": '=HYPERLINK("http://x","y")',
    "c": "x\u202eevil\u200f\x1b[31m",
    "d": "y" * 10_000,
    "e": "Family 👩‍👩‍👧 🎸",
}


def setlist(cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return songpop(cwd, "setlist", *arguments)


@pytest.fixture(scope="module")
def label(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("setlist")
    songs = {
        name: {**ONE, "streams_week_count": 90 - place, "peak_rank": place + 1}
        for place, name in enumerate("abcd")
    }
    joint = {"e": {"artist_name": "Two, One"}}
    hostile = {name: {"artist_name": "Hostile", "title": title} for name, title in HOSTILE.items()}
    feeds = {
        "spotify_charts_us": {**songs, **joint},
        "spotify_charts_gb": {"a": ONE, "b": {"artist_name": "Two"}},
        "spotify_charts_kr": hostile,
    }
    publish_songs(root, feeds, [0.9, 0.8, 0.7, 0.2, 0.1])
    return root


def test_table_has_place_song_role_and_why(label: Path) -> None:
    done = setlist(label, "one", "--songs", "2", "--region", "us")

    assert (done.returncode, done.stderr) == (0, "")
    title, header, first, *_ = done.stdout.splitlines()
    assert title == "One: 2 of 4 songs in spotify_charts_us, week ending 2024-01-04"
    assert header.split() == ["place", "song", "role", "why"]
    assert " ".join(first.split()) == (
        "1 Song a anthem streams this week ahead of 3 of 3 others; "
        "best chart place ahead of 3 of 3 others"
    )
    assert "note: no song was scored 4 weeks before: nothing can be called a riser" in done.stdout
    assert "note: songs with others stand under their joint names: Two, One" in done.stdout


def test_region_finds_feeds_that_were_renamed(tmp_path: Path) -> None:
    feeds = {"mylabel_us": {"a": ONE}, "mylabel_gb": {"b": ONE}}
    publish_songs(tmp_path, feeds, [0.9])

    done = setlist(tmp_path, "One", "--region", "gb")

    assert (done.returncode, done.stderr) == (0, "")
    assert "One: 1 of 1 song in mylabel_gb" in done.stdout
    assert "mylabel_us" not in done.stdout


def test_without_a_region_every_feed_that_has_the_artist_has_a_list(label: Path) -> None:
    done = setlist(label, "One")

    assert "One: 1 of 1 song in spotify_charts_gb" in done.stdout
    assert "One: 4 of 4 songs in spotify_charts_us" in done.stdout
    assert "note: fewer than 3 songs: nothing to compare with, so no roles" in done.stdout


def test_json_has_every_component(label: Path) -> None:
    (one,) = json.loads(setlist(label, "One", "--region", "us", "--json").stdout)

    assert (one["artist_name"], one["region"], one["songs_count"]) == ("One", "us", 4)
    assert [song["title"] for song in one["songs"]] == [f"Song {name}" for name in "abcd"]
    assert one["songs"][0]["demand"] == 0.875
    assert one["songs"][0]["radio"] is None


def test_hostile_titles_are_harmless_in_a_terminal(label: Path) -> None:
    done = setlist(label, "Hostile")

    assert done.returncode == 0
    assert "<script>alert(1)</script>" in done.stdout
    assert "x\\u202eevil\\u200f\\x1b[31m" in done.stdout
    assert not {"\u202e", "\u200f", "\x1b"} & set(done.stdout)
    assert "🎸" in done.stdout
    assert max(map(len, done.stdout.splitlines())) < 250


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Onee"], "expected an artist of the newest scored week, got nearest 'One'"),
        (["\u202eOne"], "artist '\\u202eOne' in spotify_charts_gb"),
        (["Two", "--region", "us"], "got none; look in spotify_charts_gb"),
        (["One", "--region", "fr"], "--region fr: expected a region that a scored feed has, got"),
        (["One", "--feed", "no"], "--feed no: expected a scored feed with artists, got only"),
        (["One", "--songs", "0"], "--songs"),
        (["One", "--warehouse", "none"], "expected a published warehouse, got none"),
    ],
)
def test_mistake_is_one_message_and_exit_code_two(
    label: Path, arguments: list[str], message: str
) -> None:
    done = setlist(label, *arguments)

    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
