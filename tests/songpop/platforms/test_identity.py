import datetime as dt
from pathlib import Path

import duckdb
import pytest

from songpop.errors import InputError
from songpop.platforms.identity import Verdict, decide
from songpop.platforms.keys import make_keys
from songpop.warehouse.checks import run_checks
from songpop.warehouse.transaction import transaction
from tests.songpop.platforms.builders import (
    ARTIST,
    NOW,
    ask,
    load,
    make_days,
    open_platforms,
    write,
    write_song,
)

ISRC = "USRC17607839"
OTHER = "USRC17607840"
PAIRS = "select own_track_id_1, own_track_id_2, because, verdict from mart.doubtful_matches"


def own(title: str, artist: str | None = ARTIST) -> str:
    """Return the id of a song without an ISRC."""
    return make_keys(None, artist, title).own_track_id


def write_sales(folder: Path, *songs: tuple[str, str, str], name: str = "sales.csv") -> Path:
    """Write sales of songs: ISRC, artist, title."""
    header = (
        "Sales Period,Posted Date,Store Name,Country Of Sale,Artist,Release Title,Song Title,ISRC,"
        "UPC,Quantity,Total Earned"
    )
    rows = [
        f'2026-03,2026-05-01,Spotify,SE,{artist},R,"{title}",{isrc},1,1,0.1'
        for isrc, artist, title in songs
    ]
    return write(folder, name, "\n".join([header, *rows, ""]))


def say(con: duckdb.DuckDBPyConnection, one: str, other: str, verdict: Verdict) -> int:
    """Decide about two songs; return how many numbers count no longer."""
    with transaction(con):
        outdone = decide(con, (one, other), verdict, by="me", because="heard both", now=NOW)
    assert run_checks(con, "warehouse") == []
    return outdone


def songs(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return which song each is."""
    return dict(ask(con, "select own_track_id, same_as from core.own_tracks"))


def test_title_in_a_files_name_finds_the_one_isrc_of_that_name(tmp_path: Path) -> None:
    con = open_platforms()

    load(con, write_song(tmp_path, "don't stop", make_days("2026-03-06", [1] * 7)))
    load(con, write_sales(tmp_path, (ISRC, ARTIST.upper(), "Don’t  Stop")))

    assert songs(con) == {ISRC: ISRC, own("don't stop"): ISRC}
    assert ask(con, "select own_track_id, isrc, value from mart.platform_weeks") == [
        (ISRC, ISRC, 7.0)
    ]
    assert ask(con, PAIRS) == []


@pytest.mark.parametrize(
    ("song", "because"),
    [
        ((ISRC, ARTIST, "gadoue?"), "written differently"),
        ((ISRC, ARTIST, "Gâdoue"), "written differently"),
        ((ISRC, ARTIST, "Gadoue (feat. Guest)"), "written differently"),
        ((ISRC, ARTIST, "Gadoue (Radio Edit)"), "one may be another version: edit"),
        ((ISRC, ARTIST, "Gadoue - Live"), "one may be another version: live"),
        ((ISRC, ARTIST, "Gadouee"), "titles nearly the same"),
        ((ISRC, "", "Gadoue"), "one has no artist"),
    ],
)
def test_likely_pairs_are_listed_and_never_joined(
    tmp_path: Path, song: tuple[str, str, str], because: str
) -> None:
    con = open_platforms()

    load(con, write_song(tmp_path, "gadoue_", {"2026-03-06": 1}), write_sales(tmp_path, song))

    assert ask(con, PAIRS) == [(ISRC, own("gadoue_"), because, "open")]
    assert songs(con) == {ISRC: ISRC, own("gadoue_"): own("gadoue_")}


@pytest.mark.parametrize(
    "song", [(ISRC, ARTIST, "Gadoue 2"), (ISRC, "Somebody else", "Gadoue"), (ISRC, ARTIST, "Other")]
)
def test_other_songs_are_not_asked_about(tmp_path: Path, song: tuple[str, str, str]) -> None:
    con = open_platforms()

    load(con, write_song(tmp_path, "gadoue", {"2026-03-06": 1}), write_sales(tmp_path, song))

    assert ask(con, PAIRS) == []


def test_name_of_two_isrcs_is_a_question(tmp_path: Path) -> None:
    con = open_platforms()
    sales = write_sales(tmp_path, (ISRC, ARTIST, "Song"), (OTHER, ARTIST, "Song"))

    load(con, sales, write_song(tmp_path, "Song", {"2026-03-06": 1}))

    assert sorted(ask(con, PAIRS)) == [
        (ISRC, OTHER, "one name, two ISRCs", "open"),
        (ISRC, own("Song"), "one name, several ISRCs", "open"),
        (OTHER, own("Song"), "one name, several ISRCs", "open"),
    ]
    assert len(set(songs(con).values())) == 3


def test_two_isrcs_with_other_names_are_two_songs(tmp_path: Path) -> None:
    con = open_platforms()

    load(con, write_sales(tmp_path, (ISRC, ARTIST, "Song"), (OTHER, ARTIST, "Song (Live)")))

    assert ask(con, PAIRS) == []


def test_public_charts_are_compared_with_own_songs_alone(tmp_path: Path) -> None:
    con = open_platforms()
    chart = (
        '"Saturday, 22 August 2026 [performance over the past 7 days]"\nRank,Artist,Title\n'
        f"1,A,Song\n2,A,Songg\n3,{ARTIST},Mine!\n"
    )

    load(con, write(tmp_path, "shazam.csv", chart), write_song(tmp_path, "Mine", {"2026-03-06": 1}))

    pair = sorted((own("Mine!"), own("Mine")))
    assert [(one, other) for one, other, *_ in ask(con, PAIRS)] == [tuple(pair)]


def test_confirmed_songs_are_one_whatever_lands_later(tmp_path: Path) -> None:
    con = open_platforms()
    load(con, write_song(tmp_path, "gadoue_", make_days("2026-03-06", [1] * 7)))
    load(con, write_sales(tmp_path, (ISRC, ARTIST, "gadoue?")))

    say(con, own("gadoue_"), ISRC, "confirmed")
    load(con, write_song(tmp_path, "gadoue_", make_days("2026-03-13", [2] * 7)))

    assert songs(con) == {ISRC: ISRC, own("gadoue_"): ISRC}
    assert ask(con, "select own_track_id, value from mart.platform_weeks order by week") == [
        (ISRC, 7.0),
        (ISRC, 14.0),
    ]
    assert ask(con, "select verdict, decided_by, decided_because from core.track_matches") == [
        ("confirmed", "me", "heard both")
    ]


def test_song_of_several_names_is_asked_about_once(tmp_path: Path) -> None:
    con = open_platforms()
    load(con, write_song(tmp_path, "gadoue_", {"2026-03-06": 1}))
    load(con, write_song(tmp_path, "gadoue!", {"2026-03-06": 1}))
    load(con, write_sales(tmp_path, (ISRC, ARTIST, "gadoue?")))
    assert len(ask(con, PAIRS)) == 3

    say(con, own("gadoue_"), own("gadoue!"), "confirmed")
    open_pairs = ask(con, f"{PAIRS} where verdict = 'open'")

    root = songs(con)[own("gadoue_")]
    assert open_pairs == [(ISRC, root, "written differently", "open")]

    say(con, root, ISRC, "refused")
    assert ask(con, f"{PAIRS} where verdict = 'open'") == []


def test_decision_tells_which_numbers_count_no_longer(tmp_path: Path) -> None:
    con = open_platforms()
    load(con, write_song(tmp_path, "gadoue_", make_days("2026-03-06", [1] * 7)))
    load(con, write_song(tmp_path, "gadoue!", make_days("2026-03-10", [1] * 7)))
    pair = (own("gadoue_"), own("gadoue!"))

    assert say(con, *pair, "confirmed") == 3
    assert say(con, *pair, "refused") == -3


def test_decision_that_outdoes_nothing_says_so_where_files_hold_both_songs(tmp_path: Path) -> None:
    con = open_platforms()
    both = ((ISRC, ARTIST, "Song"), (OTHER, ARTIST, "Song"))
    load(con, write_sales(tmp_path, *both))
    twice = load(con, write_sales(tmp_path, *both, ("", ARTIST, "Else"), name="more.csv"))

    assert [file.outdone for file in twice.files] == [0]
    assert say(con, ISRC, OTHER, "confirmed") == 0
    assert say(con, ISRC, OTHER, "refused") == 0


def test_question_keeps_its_time_and_its_reason_when_the_song_gets_another_id(
    tmp_path: Path,
) -> None:
    con = open_platforms()
    load(con, write_song(tmp_path, "gadoue_", {"2026-03-06": 1}))
    load(con, write_song(tmp_path, "gadoue!", {"2026-03-06": 1}))
    load(con, write_song(tmp_path, "gadoue?", {"2026-03-06": 1}))
    found_at = ask(con, "select distinct found_at from core.track_matches")
    later = NOW + dt.timedelta(days=7)

    load(con, write_sales(tmp_path, (ISRC, ARTIST, "gadoue!")), now=later)
    with transaction(con):
        pair = own("gadoue!"), own("gadoue_")
        decide(con, pair, "confirmed", by="me", because=None, now=later)

    decided = "select because from core.track_matches where verdict = 'confirmed'"
    assert ask(con, decided) == [("written differently",)]
    open_times = "select found_at from core.track_matches where verdict = 'open'"
    assert ask(con, open_times) == found_at


def test_refused_songs_stay_two_even_where_name_and_isrc_agree(tmp_path: Path) -> None:
    con = open_platforms()
    load(con, write_song(tmp_path, "Song", {"2026-03-06": 1}))
    load(con, write_sales(tmp_path, (ISRC, ARTIST, "Song")))
    assert songs(con)[own("Song")] == ISRC

    say(con, own("Song"), ISRC, "refused")
    load(con, write_song(tmp_path, "Song", {"2026-03-07": 1}))

    assert songs(con)[own("Song")] == own("Song")
    assert [verdict for *_, verdict in ask(con, PAIRS)] == ["refused"]


def test_decision_can_be_taken_back(tmp_path: Path) -> None:
    con = open_platforms()
    load(con, write_song(tmp_path, "gadoue_", {"2026-03-06": 1}))
    load(con, write_sales(tmp_path, (ISRC, ARTIST, "gadoue?")))

    say(con, own("gadoue_"), ISRC, "confirmed")
    say(con, own("gadoue_"), ISRC, "refused")

    assert songs(con)[own("gadoue_")] == own("gadoue_")
    assert [verdict for *_, verdict in ask(con, PAIRS)] == ["refused"]


def test_confirmation_cannot_join_what_was_refused(tmp_path: Path) -> None:
    con = open_platforms()
    load(con, write_sales(tmp_path, (ISRC, ARTIST, "A"), (OTHER, ARTIST, "B"), ("", ARTIST, "C")))
    say(con, ISRC, OTHER, "refused")
    say(con, ISRC, own("C"), "confirmed")

    with pytest.raises(InputError, match=f"got {ISRC} and {OTHER}, which were refused"):
        say(con, OTHER, own("C"), "confirmed")
    assert songs(con)[OTHER] == OTHER


def test_confirmation_cannot_part_silently_what_is_certain(tmp_path: Path) -> None:
    con = open_platforms()
    load(con, write_song(tmp_path, "gadoue", {"2026-03-06": 1}))
    load(con, write_song(tmp_path, "gadoue_", {"2026-03-06": 1}))
    load(con, write_sales(tmp_path, (ISRC, ARTIST, "gadoue")))
    say(con, own("gadoue"), own("gadoue_"), "refused")
    before = songs(con)
    assert before[own("gadoue")] == ISRC

    one, other = sorted((own("gadoue"), own("gadoue_")))
    with pytest.raises(InputError, match=f"got {one} and {other}, which were refused; `songpop"):
        say(con, ISRC, own("gadoue_"), "confirmed")
    assert songs(con) == before

    say(con, one, other, "confirmed")
    assert set(songs(con).values()) == {ISRC}


def test_certain_songs_that_a_refusal_keeps_apart_are_a_question(tmp_path: Path) -> None:
    con = open_platforms()
    for title in ("gadoue", "gadoue_", "Other"):
        load(con, write_song(tmp_path, title, {"2026-03-06": 1}))
    say(con, own("gadoue"), own("gadoue_"), "refused")

    titles = ("gadoue", "gadoue_", "Other")
    load(con, write_sales(tmp_path, *((ISRC, ARTIST, title) for title in titles)))

    because = "one name, beside another that was refused"
    assert sorted(ask(con, f"{PAIRS} where verdict = 'open'")) == [
        (ISRC, name, because, "open") for name in sorted((own("gadoue"), own("gadoue_")))
    ]
    assert songs(con) == {
        **{own(title): own(title) for title in ("gadoue", "gadoue_")},
        ISRC: ISRC,
        own("Other"): ISRC,
    }

    say(con, ISRC, own("gadoue_"), "confirmed")
    assert songs(con)[own("gadoue_")] == ISRC
    assert songs(con)[own("gadoue")] == own("gadoue")
    assert ask(con, f"{PAIRS} where verdict = 'open'") == []


def test_refusal_cannot_part_what_others_join(tmp_path: Path) -> None:
    con = open_platforms()
    load(con, write_song(tmp_path, "Song", {"2026-03-06": 1}))
    load(con, write_song(tmp_path, "So ng", {"2026-03-06": 1}))
    load(con, write_sales(tmp_path, (ISRC, ARTIST, "Song")))
    say(con, ISRC, own("So ng"), "confirmed")
    before = songs(con)
    assert set(before.values()) == {ISRC}

    with pytest.raises(InputError, match=r"got songs that a third one joins; refuse the pair that"):
        say(con, own("Song"), own("So ng"), "refused")
    assert songs(con) == before

    say(con, ISRC, own("So ng"), "refused")
    say(con, own("Song"), own("So ng"), "refused")
    assert songs(con) == {**before, own("So ng"): own("So ng")}


@pytest.mark.parametrize(
    ("one", "other", "message"),
    [
        ("own:none", ISRC, "song own:none: expected the id of a loaded song, got none"),
        (ISRC, ISRC, f"songs: expected two of them, got {ISRC} twice"),
    ],
)
def test_decision_names_two_loaded_songs(
    tmp_path: Path, one: str, other: str, message: str
) -> None:
    con = open_platforms()
    load(con, write_sales(tmp_path, (ISRC, ARTIST, "A")))

    with pytest.raises(InputError, match=message):
        say(con, one, other, "confirmed")


def test_open_pair_keeps_the_time_at_which_it_was_found(tmp_path: Path) -> None:
    con = open_platforms()
    load(con, write_song(tmp_path, "gadoue_", {"2026-03-06": 1}))
    load(con, write_sales(tmp_path, (ISRC, ARTIST, "gadoue?")))

    load(con, write_song(tmp_path, "Other", {"2026-03-06": 1}), now=NOW + dt.timedelta(days=1))

    assert ask(con, "select found_at from core.track_matches") == [(NOW,)]
