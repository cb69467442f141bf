import datetime as dt
import os
from pathlib import Path

import pytest

from songpop.errors import InputError
from songpop.platforms.said import Said
from songpop.platforms.unload import unload_export
from songpop.warehouse.checks import run_checks
from tests.songpop.platforms.builders import (
    NOW,
    PLATFORMS,
    ask,
    load,
    make_days,
    open_platforms,
    sha_of,
    write,
    write_song,
)

DAYS = make_days("2026-03-06", [0] * 7)
WEEKS = "select week, value from mart.platform_weeks order by week"
SHAZAM = (
    '\n"Saturday, 22 August 2026 [performance over the past 7 days]"\nRank,Artist,Title\n'
    '1,"A","S"\n2,"B","T"\n'
)


@pytest.mark.parametrize("name", ["Song.csv", "song-timeline (1).csv"])
def test_same_bytes_of_the_same_song_add_nothing(tmp_path: Path, name: str) -> None:
    con = open_platforms()
    path = write_song(tmp_path, "Song", make_days("2026-03-06", range(7)))
    load(con, path)

    again = load(con, path.rename(tmp_path / name))

    assert (again.files, again.known_count) == ((), 1)
    assert ask(con, WEEKS) == [(dt.date(2026, 3, 12), 21.0)]


def test_songs_that_nobody_played_have_the_same_bytes_and_are_two(tmp_path: Path) -> None:
    con = open_platforms()
    paths = [write_song(tmp_path, title, make_days("2026-03-06", [0] * 7)) for title in ("A", "B")]

    first, again = load(con, *paths), load(con, *paths)

    assert (len(first.files), again.known_count) == (2, 2)
    assert ask(con, "select title, value from mart.platform_weeks order by title") == [
        ("A", 0.0),
        ("B", 0.0),
    ]


def test_same_bytes_that_name_their_songs_add_nothing_under_any_name(tmp_path: Path) -> None:
    con = open_platforms()
    load(con, write(tmp_path, "shazam.csv", SHAZAM))

    assert load(con, write(tmp_path, "copy.csv", SHAZAM)).known_count == 1


def test_newer_download_restates_days_and_adds_the_new_ones(tmp_path: Path) -> None:
    con = open_platforms()
    load(con, write_song(tmp_path, "Song", make_days("2026-03-06", [1] * 7)))
    newer = make_days("2026-03-06", [1, 1, 1, 1, 1, 1, 5] + [2] * 7)

    load(con, write_song(tmp_path, "Song", newer))

    assert ask(con, WEEKS) == [(dt.date(2026, 3, 12), 11.0), (dt.date(2026, 3, 19), 14.0)]


@pytest.mark.parametrize(
    ("old", "new", "seconds"),
    [
        ("S-timeline.csv", "S-timeline (1).csv", 1),
        ("S-timeline.csv", "S-timeline (1).csv", 0),
        ("S-timeline (9).csv", "S-timeline (10).csv", 0),
        ("S-timeline (2).csv", "S-timeline.csv", 1),
    ],
)
def test_of_files_loaded_together_the_newer_download_counts(
    tmp_path: Path, old: str, new: str, seconds: int
) -> None:
    con = open_platforms()
    paths = [
        write(tmp_path, name, "\n".join(["date,streams", *(f"{day},{n}" for day in DAYS), ""]))
        for name, n in ((old, 1), (new, 2))
    ]
    for path, time in zip(paths, (1_000, 1_000 + seconds), strict=True):
        os.utime(path, (time, time))

    load(con, *reversed(paths))

    assert ask(con, WEEKS) == [(dt.date(2026, 3, 12), 14.0)]


def test_older_download_that_lands_later_restates_nothing(tmp_path: Path) -> None:
    con = open_platforms()
    load(con, write_song(tmp_path, "Song", make_days("2026-03-06", [2] * 8)))

    load(con, write_song(tmp_path, "Song", make_days("2026-03-06", [1] * 7)))

    assert ask(con, WEEKS) == [(dt.date(2026, 3, 12), 14.0)]


def test_broken_weeks_are_none(tmp_path: Path) -> None:
    con = open_platforms()
    days = make_days("2026-03-06", ["1", "1", "", "1", "1", "1", "1"])

    load(con, write_song(tmp_path, "Song", days))

    assert ask(con, WEEKS) == []


@pytest.mark.parametrize(("day", "ends"), [("sunday", 8), ("thursday", 12), ("friday", 6)])
def test_weeks_end_where_the_settings_say(tmp_path: Path, day: str, ends: int) -> None:
    con = open_platforms()
    start = dt.date(2026, 3, ends) - dt.timedelta(days=6)

    load(con, write_song(tmp_path, "Song", make_days(str(start), [1] * 7)), week_ends_on=day)

    assert ask(con, WEEKS) == [(dt.date(2026, 3, ends), 7.0)]


def test_platforms_own_week_counts_for_the_week_that_it_shares_most_days_with(
    tmp_path: Path,
) -> None:
    con = open_platforms()

    load(con, write(tmp_path, "shazam.csv", SHAZAM))

    query = "select week, period_end, title, value, is_own from mart.platform_weeks order by value"
    week, end = dt.date(2026, 8, 20), dt.date(2026, 8, 22)
    assert ask(con, query) == [(week, end, "S", 1.0, False), (week, end, "T", 2.0, False)]


def test_statements_of_one_month_add_up_and_a_second_download_replaces(tmp_path: Path) -> None:
    con = open_platforms()
    header = (
        "Sales Period,Posted Date,Store Name,Country Of Sale,Artist,Release Title,Song Title,ISRC,"
        "UPC,Quantity,Total Earned"
    )

    def write_sales(name: str, *rows: str) -> Path:
        return write(tmp_path, name, "\n".join([header, *rows, ""]))

    first = "2026-03,2026-05-01,Spotify,SE,A,R,S,USRC17607839,1,{},0.1"
    late = "2026-03,2026-06-01,Spotify,SE,A,R,S,USRC17607839,1,-2,0.1"
    load(con, write_sales("1.csv", first.format(7)))
    load(con, write_sales("2.csv", first.format(8), late))

    months = "select month, store, country, value from mart.platform_months"
    assert ask(con, months) == [(dt.date(2026, 3, 31), "Spotify", "SE", 6.0)]


def test_refused_file_is_kept_known_and_tried_again_when_named(tmp_path: Path) -> None:
    con = open_platforms()
    path = write(tmp_path, "Song.csv", "date,streams\n2026-09-02,1\n")
    (refused,) = load(con, path).files

    (loaded,) = load(con, path, now=NOW + dt.timedelta(days=1)).files

    assert (refused.status, refused.reason) == (
        "refused",
        (
            "1 of 1 rows are bad (first line 2, date: a day or month that begins after the day of "
            "loading: got 2026-09-02), more than the 0.05 of max_bad_share"
        ),
    )
    assert (loaded.status, loaded.loaded) == ("loaded", 1)
    assert ask(con, "select count(*) from raw.platform_quarantine") == [(0,)]


def test_numbers_that_another_file_outdoes_are_counted(tmp_path: Path) -> None:
    con = open_platforms()
    (longer,) = load(con, write_song(tmp_path, "S", make_days("2026-03-06", [1] * 7))).files
    path = write(tmp_path, "S-timeline (1).csv", "date,streams\n2026-03-05,3\n2026-03-06,2\n")

    (shorter,) = load(con, path).files

    assert (longer.outdone, shorter.loaded, shorter.outdone) == (0, 2, 1)


def test_numbers_of_a_week_that_another_of_the_platforms_weeks_has_are_counted(
    tmp_path: Path,
) -> None:
    con = open_platforms()
    songs = "song,listeners,streams,saves,release_date\nSong,1,{},3,2026-01-01\n"
    names = ("songs-7day-2026-03-11.csv", "songs-7day-2026-03-12.csv")
    paths = [write(tmp_path, name, songs.format(n)) for n, name in enumerate(names, start=1)]

    first, second = load(con, *paths).files

    assert ask(con, f"{WEEKS}, value") == [(dt.date(2026, 3, 12), value) for value in (1, 2, 3)]
    assert (first.outdone, second.outdone) == (3, 0)


@pytest.mark.parametrize(("days", "outdone"), [(7, (0, 1)), (5, (5, 0))])
def test_numbers_of_days_or_of_the_week_beside_them_are_counted(
    tmp_path: Path, days: int, outdone: tuple[int, int]
) -> None:
    con = open_platforms()
    songs = "song,listeners,streams,saves,release_date\nSong,5,99,3,2026-01-01\n"

    files = load(
        con,
        write_song(tmp_path, "Song", make_days("2026-03-06", [1] * days)),
        write(tmp_path, "songs-7day-2026-03-12.csv", songs),
    ).files

    assert tuple(file.outdone for file in files) == outdone


def test_browsers_copies_with_other_numbers_are_told(tmp_path: Path) -> None:
    con = open_platforms()
    paths = [
        write(tmp_path, f"Untitled ({n}).csv", f"date,streams\n2026-03-06,{n}\n2026-03-07,{n}\n")
        for n in (1, 2)
    ]

    first, second = load(con, *paths).files

    assert [file.title for file in (first, second)] == ["Untitled", "Untitled"]
    assert (first.outdone, second.outdone) == (2, 0)


def test_unloading_brings_back_what_was_replaced(tmp_path: Path) -> None:
    con = open_platforms()
    load(con, write_song(tmp_path, "Song", make_days("2026-03-06", [1] * 7)))
    path = write_song(tmp_path, "Song", make_days("2026-03-06", [3] * 7))
    load(con, path)

    unloaded = unload_export(con, sha_of(path)[:12], NOW)

    assert unloaded == (path.name, sha_of(path))
    assert run_checks(con, "warehouse") == []
    assert ask(con, WEEKS) == [(dt.date(2026, 3, 12), 7.0)]
    assert len(load(con, path).files) == 1
    assert ask(con, WEEKS) == [(dt.date(2026, 3, 12), 21.0)]


def test_unloading_names_one_loaded_file(tmp_path: Path) -> None:
    con = open_platforms()
    for value in (1, 2):
        load(con, write_song(tmp_path, "Song", make_days("2026-03-06", [value] * 7)))

    with pytest.raises(InputError, match=r"file Song-timeline.csv: expected .*, got 2: .*SHA-256"):
        unload_export(con, "Song-timeline.csv", NOW)
    with pytest.raises(InputError, match=r"file gone: expected .*, got none; .*platforms list"):
        unload_export(con, "gone", NOW)


def test_files_that_say_too_little_wait_and_the_others_are_loaded(tmp_path: Path) -> None:
    con = open_platforms()
    songs = "song,listeners,streams,saves,release_date\nS,1,2,3,2026-01-01\n"
    waiting = write(tmp_path, "songs-7day.csv", songs)

    result = load(con, write_song(tmp_path, "S", {"2026-03-01": 1}), waiting)

    assert [file.status for file in result.files] == ["loaded"]
    assert len(result.waiting) == 1
    assert "songs-7day.csv: expected the last day of its week" in result.waiting[0]
    said = Said(week=dt.date(2026, 3, 5))
    assert [file.loaded for file in load(con, waiting, said=said).files] == [1]


def test_order_of_dates_that_a_format_fixes_cannot_be_said(tmp_path: Path) -> None:
    con = open_platforms()
    path = write_song(tmp_path, "S", {"2026-03-01": 1})
    header = ",".join(PLATFORMS["bandcamp_sales"].layouts[0].headers)
    cells = "1/2/26 1:00pm,x,track,T,A,USD,1,1,,1,0,,1,1,,,1"
    sales = write(tmp_path, "bandcamp.csv", f"{header}\n{cells}\n")

    result = load(con, path, sales, said=Said(date_order="day-first"))

    remedy = "; load it without --date-order"
    wanted = "expected dates whose order of day and month is open, got "
    assert [problem.partition(": ")[2] for problem in result.problems] == [
        f"{wanted}Spotify for Artists, a song by day, whose dates are 2026-01-02{remedy}",
        f"{wanted}Bandcamp, sales, whose dates are 01/02/26 12:00AM or 01/02/26{remedy}",
    ]
    assert len(load(con, path, sales).files) == 2


@pytest.mark.parametrize("order", ["week first", "days first"])
def test_days_count_before_a_platforms_own_sum(tmp_path: Path, order: str) -> None:
    con = open_platforms()
    songs = "song,listeners,streams,saves,release_date\nSong,5,99,3,2026-01-01\n"
    week = write(tmp_path, "songs-7day-2026-03-12.csv", songs)
    days = write_song(tmp_path, "Song", make_days("2026-03-06", [1] * 7))

    for path in (week, days) if order == "week first" else (days, week):
        load(con, path)

    query = "select metric, value, format from mart.platform_weeks order by metric"
    assert ask(con, query) == [
        ("listeners", 5.0, "spotify_songs"),
        ("saves", 3.0, "spotify_songs"),
        ("streams", 7.0, "spotify_song"),
    ]
