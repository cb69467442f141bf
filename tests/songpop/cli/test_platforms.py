import datetime as dt
import json
import re
import shlex
from pathlib import Path

import pytest

from tests.commands import songpop
from tests.songpop.platforms.builders import make_days, write, write_song
from tests.songpop.platforms.test_identity import ISRC, own, write_sales
from tests.songpop.warehouse.lakes import open_catalog

ARTIST = ("--artist", "Lady Vengeance")
FUTURE = dt.date(9000, 1, 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder whose warehouse holds two songs in doubt."""
    root = tmp_path_factory.mktemp("platforms")
    song = write_song(root, "gadoue_", make_days("2026-03-06", [1] * 7))
    sales = write_sales(root, (ISRC, "Lady Vengeance", "gadoue?"))
    done = songpop(root, "platforms", "load", song.name, sales.name, *ARTIST)
    assert done.returncode == 0, done.stderr
    return root


def test_files_that_came_are_listed(folder: Path) -> None:
    rows = json.loads(songpop(folder, "platforms", "list", "--json").stdout)

    assert [(row["file_name"], row["loaded"], row["last_day"]) for row in rows] == [
        ("sales.csv", 1, "2026-03-31"),
        ("gadoue_-timeline.csv", 7, "2026-03-12"),
    ]
    assert "gadoue_-timeline.csv" in songpop(folder, "platforms", "list").stdout


def test_doubtful_pair_is_shown_with_how_to_decide(folder: Path) -> None:
    shown = songpop(folder, "platforms", "matches").stdout

    assert "written differently" in shown
    assert "`songpop platforms confirm ID ID`" in shown


def test_known_file_adds_nothing(folder: Path) -> None:
    done = songpop(folder, "platforms", "load", "gadoue_-timeline.csv")

    assert (done.returncode, done.stdout) == (0, "nothing new: 1 known exports of platforms\n")


def test_known_file_under_another_artist_is_to_be_unloaded_first(folder: Path) -> None:
    done = songpop(folder, "platforms", "load", "gadoue_-timeline.csv", "--artist", "Other")

    assert (done.returncode, done.stdout) == (
        0,
        (
            "nothing new: 1 known exports of platforms; to load one otherwise, "
            "`songpop platforms unload NAME` first\n"
        ),
    )


def test_file_that_waits_is_an_error_of_the_command_that_names_it(folder: Path) -> None:
    write_song(folder, "Other", {"2026-03-06": 1})

    done = songpop(folder, "platforms", "load", "Other-timeline.csv")

    assert done.returncode == 2
    assert done.stderr.startswith("songpop: Other-timeline.csv: expected the artist of ")
    assert done.stderr.count("\n") == 1


def test_file_that_is_refused_is_an_error_of_the_command_that_names_it(folder: Path) -> None:
    write_song(folder, "Refused", {"2026-03-06": "many"})

    done = songpop(folder, "platforms", "load", "Refused-timeline.csv", *ARTIST)

    assert done.returncode == 2
    assert done.stderr.startswith(
        "songpop: Refused-timeline.csv: expected a file to load, got 1 of 1 rows are bad (first "
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("load", "gone.csv"), "gone.csv: expected a readable file"),
        (
            ("load", "unknown.csv"),
            'unknown.csv: expected the header of one of apple_songs, .*"a,b"',
        ),
        (("load", "--date-order", "american"), "--date-order: expected day-first or month-first"),
        (("load", "--artist", "  "), "--artist: expected an artist's name, got '  '"),
        (("load", "--week", "soon"), "--week: expected a date like"),
        (("unload", "gone.csv"), "file gone.csv: expected the name or the SHA-256"),
        (("confirm", "A", "B"), "song A: expected the id of a loaded song, got none"),
        (("refuse", ISRC, ISRC), f"songs: expected two of them, got {ISRC} twice"),
    ],
)
def test_mistake_is_told_in_a_line(folder: Path, words: tuple[str, ...], message: str) -> None:
    write(folder, "unknown.csv", "a,b\n1,2\n")

    done = songpop(folder, "platforms", *words)

    assert done.returncode == 2
    assert re.search(message, done.stderr)


def test_decisions_are_stored_and_shown(tmp_path: Path) -> None:
    for title in ("gadoue_", "gadoue!"):
        write_song(tmp_path, title, {"2026-03-06": 1})
    write_sales(tmp_path, (ISRC, "Lady Vengeance", "gadoue?"))
    files = ("gadoue_-timeline.csv", "gadoue!-timeline.csv", "sales.csv")
    songpop(tmp_path, "platforms", "load", *files, *ARTIST)
    because = ("--by", "me", "--because", "heard both")

    confirmed = songpop(tmp_path, "platforms", "confirm", ISRC, own("gadoue_"), *because, "--json")
    after = songpop(tmp_path, "platforms", "matches")
    rows = songpop(tmp_path, "platforms", "matches", "--all", "--json")
    refused = songpop(tmp_path, "platforms", "refuse", ISRC, own("gadoue_"), "--by", "you")
    joined = songpop(tmp_path, "platforms", "confirm", own("gadoue!"), own("gadoue_"), "--by", "me")

    assert json.loads(confirmed.stdout)["verdict"] == "confirmed"
    assert after.stdout.count("written differently") == 1
    assert [
        (row["decided_by"], row["decided_because"])
        for row in json.loads(rows.stdout)
        if row["verdict"] != "open"
    ] == [("me", "heard both")]
    assert refused.stdout.startswith("refused by you: ")
    assert joined.stdout.endswith(
        "; 1 number counts no longer, for another file has their period\n"
    )
    assert songpop(tmp_path, "doctor").returncode == 0


def test_unloaded_file_comes_back_when_it_is_named(tmp_path: Path) -> None:
    path = write_song(tmp_path, "My Song", {"2026-03-06": 1})
    songpop(tmp_path, "platforms", "load", path.name, *ARTIST)

    told = songpop(tmp_path, "platforms", "unload", path.name).stdout
    again = shlex.split(told.split("`")[1])[1:]
    songpop(tmp_path, *again, *ARTIST)
    unloaded = songpop(tmp_path, "platforms", "unload", path.name, "--json")
    loaded = songpop(tmp_path, "platforms", "load", path.name, *ARTIST, "--json")

    assert again == ["platforms", "load", "My Song-timeline.csv"]
    assert json.loads(unloaded.stdout)["status"] == "unloaded"
    assert [file["loaded"] for file in json.loads(loaded.stdout)["files"]] == [1]


def test_quarantined_rows_are_listed_with_those_of_feeds(tmp_path: Path) -> None:
    days = {**make_days("2026-01-01", [1] * 30), str(FUTURE): 1}
    landing = tmp_path / "warehouse" / "landing"
    landing.mkdir(parents=True)
    write_song(landing, "Song", days)
    (tmp_path / "songpop.toml").write_text('[platforms]\nartist = "A"\n', encoding="utf-8")

    run = songpop(tmp_path, "run")
    rows = json.loads(songpop(tmp_path, "quarantine", "list", "--json").stdout)

    assert "songpop quarantine list" in run.stdout
    assert [(row["feed"], row["line"], row["reason"], row["raw_text"]) for row in rows] == [
        ("spotify_song", 32, "future_date", "9000-01-01,1")
    ]


def test_landing_folder_is_loaded_without_a_run(tmp_path: Path) -> None:
    landing = tmp_path / "exports"
    landing.mkdir()
    write_song(landing, "Song", {"2026-03-06": 1})

    done = songpop(tmp_path, "platforms", "load", "--landing", "exports", *ARTIST)

    assert done.returncode == 0, done.stderr
    assert "Song-timeline.csv: spotify Lady Vengeance Song" in done.stdout


def test_files_that_no_format_has_are_counted(tmp_path: Path) -> None:
    landing = tmp_path / "warehouse" / "landing"
    landing.mkdir(parents=True)
    write(landing, "unknown.csv", "a,b\n1,2\n")

    one = songpop(tmp_path, "platforms", "load")
    write(landing, "empty.csv", "")
    two = songpop(tmp_path, "platforms", "load", "--json")

    assert (one.returncode, two.returncode) == (0, 0)
    assert one.stdout.endswith("1 file was passed over: `songpop run` says why\n")
    assert json.loads(two.stdout)["passed_over"] == 2


def test_refused_file_is_loaded_again_by_the_command_that_retrying_names(tmp_path: Path) -> None:
    landing = tmp_path / "warehouse" / "landing"
    landing.mkdir(parents=True)
    write_song(landing, "Refused", {"2026-03-06": "many"})
    (tmp_path / "songpop.toml").write_text('[platforms]\nartist = "A"\n', encoding="utf-8")

    run = songpop(tmp_path, "run").stdout
    retried = songpop(tmp_path, "quarantine", "retry")
    other = songpop(tmp_path, "quarantine", "retry", "--file", "other.csv")

    assert "mend it and `songpop platforms load " in run
    assert retried.stdout.endswith(
        "not tried again: files of platforms, 1: Refused-timeline.csv; "
        "`songpop platforms load FILE` loads one\n"
    )
    assert "Refused" not in other.stdout


def test_printed_remedy_of_a_file_that_waits_works_as_it_stands(tmp_path: Path) -> None:
    landing = tmp_path / "warehouse" / "landing"
    landing.mkdir(parents=True)
    write(landing, "My Song's day (1).csv", "date,streams\n2026-03-06,1\n")

    waiting = songpop(tmp_path, "run").stdout
    words = shlex.split(waiting.split("`")[1].replace("NAME", "'Lady Vengeance'"))
    done = songpop(tmp_path, *words[1:])

    assert words[3] == "warehouse/landing/My Song's day (1).csv"
    assert done.returncode == 0, done.stderr
    assert "1 loaded" in done.stdout


def test_lake_that_lost_a_file_is_told_in_a_line(tmp_path: Path) -> None:
    with open_catalog("duckdb", tmp_path / "catalog") as catalog:
        path = write_song(tmp_path, "Song", {"2026-03-06": 1})
        done = songpop(tmp_path, "platforms", "load", path.name, *ARTIST, SONGPOP_CATALOG=catalog)
        for lost in (tmp_path / "warehouse" / "lake").rglob("platform_exports/**/*.parquet"):
            lost.unlink()
        listed = songpop(tmp_path, "platforms", "list", SONGPOP_CATALOG=catalog)

    assert done.returncode == 0, done.stderr
    assert listed.returncode == 1
    assert listed.stderr.startswith("songpop: warehouse/private/lake.json: ")
    assert "expected a readable database, got IO Error" in listed.stderr
    assert "Traceback" not in listed.stderr


def test_help_of_confirm_says_which_number_counts(tmp_path: Path) -> None:
    assert "not added up" in songpop(tmp_path, "platforms", "confirm", "--help").stdout


def test_nothing_is_said_plainly(tmp_path: Path) -> None:
    songpop(tmp_path, "run")

    assert "no export of a platform has come" in songpop(tmp_path, "platforms", "list").stdout
    assert songpop(tmp_path, "platforms", "matches").stdout == "no two songs are in doubt\n"


def test_one_isrc_of_two_titles_is_told(tmp_path: Path) -> None:
    header = "Reporting Date\tSale Month\tStore\tArtist\tTitle\tISRC\tUPC\tQuantity\t"
    header += "Team Percentage\tSong/Album\tCountry of Sale\tSongwriter Royalties Withheld\t"
    header += "Earnings (USD)"
    rows = [
        f"2026-02-02\t2026-01\tDeezer\t{artist}\t{title}\tQZCLA2300001\t1\t4\t100\tSong\tUS\t0\t1"
        for artist, title in (("Abba", "Waterloo"), ("Zappa", "Peaches"), ("Abba", "WATERLOO"))
    ]
    (tmp_path / "sales.tsv").write_text("\n".join([header, *rows, ""]))
    songpop(tmp_path, "platforms", "load", "sales.tsv")

    told = songpop(tmp_path, "platforms", "matches").stdout

    assert (
        "one ISRC, QZCLA2300001, other titles: Abba: WATERLOO and Abba: Waterloo and Zappa" in told
    )
