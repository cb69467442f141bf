import datetime as dt
from pathlib import Path

import pytest

from songpop.errors import LandingError, WaitingError
from songpop.ingest.landed import land_file
from songpop.platforms.rows import Given
from songpop.platforms.said import Said, complete, stem_of
from tests.songpop.platforms.builders import ARTIST, TODAY, recognise, stage, write

SONG = "date,streams\n2026-03-05,1\n"
SONGS = "song,listeners,streams,saves,release_date\nS,1,2,3,2026-01-01\n"
APPLE = "Song,Plays,Average Daily Listeners,Shazams,Radio Spins,Purchases\nS,1,2,3,4,5\n"
SHAZAM = '"Saturday, {} [performance over the past 7 days]"\nRank,Artist,Title\n1,A,S\n'
TIKTOK = '"Date","Video Views","Profile Views","Likes","Comments","Shares"\n"March 1",1,1,1,1,1\n'


def complete_file(folder: Path, name: str, text: str, said: Said | None = None) -> Given:
    path = write(folder, name, text)
    export = recognise(path)
    assert export is not None
    return complete(land_file(path), export, said or Said(artist=ARTIST), TODAY)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Clone Wars-timeline.csv", "Clone Wars"),
        ("Clone Wars.csv", "Clone Wars"),
        ("Clone Wars-timeline (1).csv", "Clone Wars"),
        ("Clone Wars (2).csv", "Clone Wars"),
        ("Song (Live)-timeline.csv", "Song (Live)"),
        ("1999-timeline.csv", "1999"),
        ("gadoue_-timeline.csv", "gadoue_"),
        ("Pilé.CSV", "Pilé"),
        ("a.b.csv", "a.b"),
    ],
)
def test_title_is_in_the_files_name(tmp_path: Path, name: str, title: str) -> None:
    assert complete_file(tmp_path, name, SONG).title == title


@pytest.mark.parametrize("name", [" .csv", "-timeline.csv", "-timeline (1).csv"])
def test_name_without_a_title_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(LandingError, match="expected a song's title in its name, got none"):
        complete_file(tmp_path, name, SONG)


def test_endings_are_no_part_of_a_name(tmp_path: Path) -> None:
    assert stem_of(land_file(write(tmp_path, "a.tsv", "x"))) == "a"
    assert stem_of(land_file(write(tmp_path, "a.csv.gz", "x"))) == "a"


def test_file_without_its_artist_waits(tmp_path: Path) -> None:
    pattern = r"Song.csv: expected the artist of .*artist in \[platforms\].*--artist NAME"
    with pytest.raises(WaitingError, match=pattern):
        complete_file(tmp_path, "Song.csv", SONG, Said())


def test_file_that_names_its_artists_needs_none(tmp_path: Path) -> None:
    given = complete_file(tmp_path, "s.csv", SHAZAM.format("22 August 2026"), Said())

    assert (given.artist, given.period_end) == (None, dt.date(2026, 8, 22))


@pytest.mark.parametrize(
    "name", ["songs-1year.csv", "songs-28day.csv", "songs.csv", "songs-17day.csv"]
)
def test_list_of_another_window_waits_for_that_of_seven_days(tmp_path: Path, name: str) -> None:
    with pytest.raises(WaitingError, match=r"got another window.*with the 7-day filter"):
        complete_file(tmp_path, name, SONGS)


@pytest.mark.parametrize("window", ["30 days", "24 hours"])
def test_chart_of_another_window_waits(tmp_path: Path, window: str) -> None:
    text = SHAZAM.format("22 August 2026").replace("7 days", window)
    said = Said(week=dt.date(2026, 8, 22))

    with pytest.raises(WaitingError, match=f"s.csv: expected a window of 7 days, got {window}; "):
        complete_file(tmp_path, "s.csv", text, said)


@pytest.mark.parametrize(
    "first", ["", '"Shazam Top 200"\n', '"[performance over the past 7 days]"\n']
)
def test_chart_without_its_date_waits_for_a_week(tmp_path: Path, first: str) -> None:
    text = f"{first}Rank,Artist,Title\n1,A,S\n"
    said = Said(week=dt.date(2026, 8, 22))

    with pytest.raises(WaitingError, match=r"expected the last day of its week, .*pass --week"):
        complete_file(tmp_path, "s.csv", text, Said())
    assert complete_file(tmp_path, "s.csv", text, said).period_end == dt.date(2026, 8, 22)


@pytest.mark.parametrize("name", ["songs-7day.csv", "A-songs-7days.csv", "songs 7 day (1).csv"])
def test_seven_days_are_a_week_that_a_person_dates(tmp_path: Path, name: str) -> None:
    said = Said(ARTIST, week=dt.date(2026, 3, 5))

    assert complete_file(tmp_path, name, SONGS, said).period_end == dt.date(2026, 3, 5)
    with pytest.raises(WaitingError, match=r"expected the last day of its week.*pass --week"):
        complete_file(tmp_path, name, SONGS)


@pytest.mark.parametrize("name", ["songs-7day-2026-03-05.csv", "songs-7day-20260305.csv"])
def test_day_in_the_name_goes_before_what_a_person_says(tmp_path: Path, name: str) -> None:
    said = Said(ARTIST, week=dt.date(2026, 3, 12))

    assert complete_file(tmp_path, name, SONGS, said).period_end == dt.date(2026, 3, 5)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("songs-7day-2026-13-05.csv", SONGS),
        ("songs-7day-2027-03-05.csv", SONGS),
        ("a-2026-09-02.csv", APPLE),
        ("s.csv", SHAZAM.format("31 February 2026")),
        ("s.csv", SHAZAM.format("2 September 2026")),
    ],
)
def test_week_that_is_none_or_not_over_waits(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(WaitingError, match="expected a last day of its week that is over"):
        complete_file(tmp_path, name, text)


@pytest.mark.parametrize(
    ("name", "said", "year"),
    [
        ("tiktok.csv", None, None),
        ("tiktok 2024.csv", None, 2024),
        ("tiktok 2024.csv", 2023, 2023),
        ("tiktok 120240.csv", None, None),
        ("tiktok 20241332.csv", None, None),
        ("Overview_2024-12-28_2025-01-04.csv", None, 2025),
        ("Overview_2024-12-28_2025-01-04.csv", 2024, 2024),
        ("Overview_20241228_20250104.csv", None, 2025),
        ("Overview 28.12.2024-04.01.2025.csv", None, 2025),
    ],
)
def test_year_is_said_or_in_the_name(
    tmp_path: Path, name: str, said: int | None, year: int | None
) -> None:
    assert complete_file(tmp_path, name, TIKTOK, Said(ARTIST, year=said)).year == year


def test_rows_of_a_name_that_spans_new_year_end_in_its_last_year(tmp_path: Path) -> None:
    header, _, row = TIKTOK.partition("\n")
    days = [f"December {day}" for day in range(28, 32)] + [f"January {day}" for day in range(1, 5)]
    lines = [header, *(row.strip().replace("March 1", day) for day in days), ""]

    facts = stage(write(tmp_path, "Overview_2024-12-28_2025-01-04.csv", "\n".join(lines))).facts

    assert facts["period_end"].min() == dt.date(2024, 12, 28)
    assert facts["period_end"].max() == dt.date(2025, 1, 4)
