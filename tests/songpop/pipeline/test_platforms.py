"""A landing folder with platforms' exports beside a feed's."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from songpop.cli.present import print_json
from songpop.formats.registry import load_formats
from songpop.pipeline.plan import Selection
from songpop.pipeline.report import describe_report, list_platform_lines
from songpop.pipeline.runner import Caller, RunReport, raise_problems, run_weeks
from songpop.platforms.unload import unload_export
from songpop.settings import PlatformSettings
from songpop.warehouse.doctor import examine
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.writer import open_writer
from tests.builders import make_settings, week_number, write_chart
from tests.real_data import real_data
from tests.songpop.platforms.builders import ARTIST, NOW, load, make_days, write, write_song

MINE = """
name = "mine"
title = "A list of songs as a feed"
size_metric = "mine_streams_count"
week_in_name = '(?P<week>20[0-9-]{8})'

[[layouts]]
name = "only"

[[columns]]
name = "track_id"
headers = ["song"]
kind = "key"
label = "song"

[[columns]]
name = "mine_streams_count"
headers = ["streams"]
kind = "gauge"
label = "streams"

[[columns]]
name = "release_date"
headers = ["release_date"]
kind = "date"
label = "release date"

[[columns]]
name = "mine_listeners_count"
headers = ["listeners"]
kind = "gauge"
label = "listeners"

[[columns]]
name = "mine_saves"
headers = ["saves"]
kind = "ignored"
label = "saves"
"""
CHART = [(name, 100 - place) for place, name in enumerate("abcdef")]


def run(root: Path, *, artist: str | None = None, **selection: object) -> RunReport:
    settings = make_settings(root, platforms=PlatformSettings(artist=artist))
    return run_weeks(settings, "run", Selection(**selection), Caller("run", NOW))  # type: ignore[arg-type] - any field


def landing(root: Path) -> Path:
    folder = root / "warehouse" / "landing"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def errors(root: Path) -> list[str]:
    found = examine(WarehousePaths(root / "warehouse"))
    return [finding.message for finding in found if finding.severity == "error"]


def test_platforms_exports_are_loaded_beside_the_feeds_and_published(tmp_path: Path) -> None:
    write_chart(landing(tmp_path), week_number(1), CHART)
    write_song(landing(tmp_path), "Song", make_days("2026-03-06", [1] * 7))

    report = run(tmp_path, artist=ARTIST)

    assert [week.feed for week in report.weeks] == ["spotify_charts_us"]
    assert [file.loaded for file in report.platforms.files] == [7]
    assert report.problems == ()
    assert errors(tmp_path) == []
    with duckdb.connect(str(tmp_path / "warehouse" / "songpop.duckdb"), read_only=True) as con:
        assert con.execute("select value from mart.platform_weeks").fetchall() == [(7.0,)]
        assert con.execute("select file_name from raw.platform_exports").fetchall() == [
            ("Song-timeline.csv",)
        ]


def test_file_without_its_artist_waits_and_disturbs_nothing(tmp_path: Path) -> None:
    write_chart(landing(tmp_path), week_number(1), CHART)
    write_song(landing(tmp_path), "Song", {"2026-03-06": 1})

    report = run(tmp_path)

    raise_problems(report)
    assert len(report.weeks) == 1
    assert report.platforms.files == ()
    assert len(report.platforms.waiting) == 1
    assert [file.loaded for file in run(tmp_path, artist=ARTIST).platforms.files] == [1]


def test_run_with_platforms_exports_alone_says_what_it_loaded(tmp_path: Path) -> None:
    write_song(landing(tmp_path), "Song", {"2026-03-06": 1})
    paths = WarehousePaths(tmp_path / "warehouse")

    first = describe_report(run(tmp_path, artist=ARTIST), paths)
    again = describe_report(run(tmp_path, artist=ARTIST), paths)

    assert (first["outcome"], first["weeks"]) == ("ran", [])
    line = f"Song-timeline.csv: spotify {ARTIST} Song, 2026-03-06 to 2026-03-06: 1 loaded, "
    assert list_platform_lines(first["platforms"]) == [line + "0 duplicate, 0 quarantined"]
    assert (again["outcome"], again["known_exports"]) == ("nothing new", 1)
    assert list_platform_lines(again["platforms"]) == []


def test_report_is_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_song(landing(tmp_path), "Song", {"2026-03-06": 1})
    report = run(tmp_path, artist=ARTIST)

    print_json(describe_report(report, WarehousePaths(tmp_path / "warehouse")))

    file = json.loads(capsys.readouterr().out)["platforms"]["files"][0]
    assert (file["format"], file["first_day"]) == ("spotify_song", "2026-03-06")


def test_many_files_are_told_together_unless_something_is_wrong_with_them(tmp_path: Path) -> None:
    for number in range(25):
        write_song(landing(tmp_path), f"Song number {number}", {"2026-03-06": 1})
    write_song(landing(tmp_path), "Wrong", {"2026-03-06": "many"})

    described = describe_report(
        run(tmp_path, artist=ARTIST), WarehousePaths(tmp_path / "warehouse")
    )

    lines = list_platform_lines(described["platforms"])
    assert len(lines) == 22
    assert lines[-1] == "5 more files, 5 rows loaded: `songpop platforms list`"
    (refused,) = [line for line in lines if "refused: " in line]
    assert refused.startswith("Wrong-timeline.csv: ")
    where = landing(tmp_path) / "Wrong-timeline.csv"
    assert refused.endswith(f"`songpop platforms load {where}` again")


def test_run_tells_numbers_that_another_file_outdoes(tmp_path: Path) -> None:
    write_song(landing(tmp_path), "Song", {"2026-03-06": 1, "2026-03-07": 1})
    write(landing(tmp_path), "Song-timeline (1).csv", "date,streams\n2026-03-06,2\n")

    report = run(tmp_path, artist=ARTIST)

    described = describe_report(report, WarehousePaths(tmp_path / "warehouse"))
    lines = list_platform_lines(described["platforms"])
    assert any(
        "1 loaded, 0 duplicate, 0 quarantined, of which 1 number is outdone by another file" in line
        for line in lines
    )


def test_feed_that_a_person_declared_goes_before_a_platform(tmp_path: Path) -> None:
    formats = tmp_path / "formats"
    formats.mkdir()
    write(formats, "mine.toml", MINE)
    songs = "song,listeners,streams,saves,release_date\nS,1,2,3,2026-01-01\n"
    write(landing(tmp_path), "songs-7day-2026-03-05.csv", songs)
    settings = make_settings(tmp_path, formats_dir=formats)

    report = run_weeks(settings, "run", Selection(), Caller("run", NOW))

    assert [week.feed for week in report.weeks] == ["mine"]
    assert report.platforms.files == ()


def test_text_files_that_no_platform_wrote_are_ignored(tmp_path: Path) -> None:
    for name in ("readme.txt", "notes.tsv", "empty.txt"):
        write(landing(tmp_path), name, "" if name.startswith("empty") else "buy milk\n")

    report = run(tmp_path, artist=ARTIST)

    assert report.ignored == ("empty.txt", "notes.tsv", "readme.txt")
    assert report.problems == ()


def test_tables_by_their_name_that_hold_no_text_are_problems(tmp_path: Path) -> None:
    write(landing(tmp_path), "empty.tsv", "")
    (landing(tmp_path) / "wide.TSV").write_bytes("date\tstreams\n".encode("utf-16"))

    report = run(tmp_path, artist=ARTIST)

    assert report.ignored == ()
    empty, wide = report.problems
    assert "empty.tsv: expected a header and rows, got an empty file; export it again" in empty
    assert "wide.TSV: expected text as UTF-8, got UTF-16; export it as UTF-8" in wide


def test_unknown_header_is_still_a_problem(tmp_path: Path) -> None:
    write(landing(tmp_path), "a.csv", "date,plays,likes\n2026-03-06,1,2\n")
    write(landing(tmp_path), "b.csv", "date,listeners,streams,followers,fans\n")

    report = run(tmp_path, artist=ARTIST)

    unknown, nearly = sorted(report.problems)
    assert unknown.startswith("a.csv: expected a header of one of the formats chartmetric, ")
    assert nearly.startswith(
        "b.csv: expected the columns of Spotify for Artists, an artist's audience by day (4), got 5"
    )


def test_feed_that_is_named_leaves_platforms_alone(tmp_path: Path) -> None:
    write_chart(landing(tmp_path), week_number(1), CHART)
    write_song(landing(tmp_path), "Song", {"2026-03-06": 1})

    report = run(tmp_path, artist=ARTIST, feed="spotify_charts_us")

    assert (len(report.weeks), report.platforms.files) == (1, ())
    assert len(run(tmp_path, artist=ARTIST).platforms.files) == 1


def test_week_that_is_said_dates_a_list_of_songs(tmp_path: Path) -> None:
    songs = "song,listeners,streams,saves,release_date\nS,1,2,3,2026-01-01\n"
    write(landing(tmp_path), "songs-7day.csv", songs)
    waits = run(tmp_path, artist=ARTIST)

    report = run(tmp_path, artist=ARTIST, week=week_number(1))

    assert (len(waits.platforms.waiting), report.weeks) == (1, ())
    assert [file.last_day for file in report.platforms.files] == [week_number(1)]


def test_other_end_of_weeks_moves_what_is_loaded(tmp_path: Path) -> None:
    write_song(landing(tmp_path), "Song", make_days("2026-03-02", [1] * 7))
    run(tmp_path, artist=ARTIST)
    snapshot = str(tmp_path / "warehouse" / "songpop.duckdb")
    settings = make_settings(tmp_path, platforms=PlatformSettings(week_ends_on="sunday"))

    run_weeks(settings, "run", Selection(), Caller("run", NOW))

    with duckdb.connect(snapshot, read_only=True) as con:
        weeks = con.execute("select week::varchar, value from mart.platform_weeks").fetchall()
    assert weeks == [("2026-03-08", 7.0)]


@pytest.mark.real_data
def test_all_real_samples_run_beside_a_chart(tmp_path: Path) -> None:
    samples = real_data("export_samples")
    shutil.copytree(samples, landing(tmp_path), dirs_exist_ok=True)
    write_chart(landing(tmp_path), week_number(1), CHART)

    report = run(tmp_path, artist=ARTIST)

    assert (report.problems, report.platforms.waiting) == ((), ())
    assert report.ignored == ("PROVENANCE.md",)
    assert sum(file.rows_read for file in report.platforms.files) == 3_595
    assert sum(file.loaded for file in report.platforms.files) == 3_594
    assert sum(file.quarantined for file in report.platforms.files) == 1
    assert [week.outcome for week in report.weeks] == ["no model yet"]
    assert errors(tmp_path) == []


def write_songs(folder: Path, count: int, *, first: str = "2026-03-06", days: int = 7) -> None:
    for number in range(count):
        streams = [number + 1] * days
        write_song(folder, f"Song number {number}", make_days(first, streams))


def own_rows(root: Path) -> list[tuple[object, ...]]:
    with duckdb.connect(str(root / "warehouse" / "private" / "songpop.duckdb")) as con:
        return con.execute(
            """
            select week::varchar, count(*), sum(streams_week_count)
            from core.track_weeks where feed = 'own' group by week order by week
            """
        ).fetchall()


def test_songs_that_nobody_played_are_each_loaded_once(tmp_path: Path) -> None:
    for title in ("A", "B"):
        write_song(landing(tmp_path), title, make_days("2026-03-06", [0] * 7))

    first, again = run(tmp_path, artist=ARTIST), run(tmp_path, artist=ARTIST)

    assert [file.title for file in first.platforms.files] == ["A", "B"]
    assert (again.platforms.files, again.known_count) == ((), 2)


def test_own_songs_become_a_feed_in_the_same_run(tmp_path: Path) -> None:
    write_songs(landing(tmp_path), 60, days=14)

    first = run(tmp_path, artist=ARTIST)
    again = run(tmp_path, artist=ARTIST)

    assert [(week.feed, week.week, week.outcome) for week in first.weeks] == [
        ("own", "2026-03-12", "no model yet"),
        ("own", "2026-03-19", "no model yet"),
    ]
    assert first.platforms.own_weeks.written_count == 2
    total = sum(range(1, 61)) * 7
    assert own_rows(tmp_path) == [("2026-03-12", 60, total), ("2026-03-19", 60, total)]
    assert (again.weeks, again.platforms.own_weeks.written_count) == ((), 0)
    assert errors(tmp_path) == []


def test_few_own_songs_are_told_and_scored_by_nobody(tmp_path: Path) -> None:
    write_songs(landing(tmp_path), 3)

    report = run(tmp_path, artist=ARTIST)

    described = describe_report(report, WarehousePaths(tmp_path / "warehouse"))
    assert report.weeks == ()
    assert (
        "3 songs in a week: too few to learn from (50 needed); their weeks are in "
        "mart.platform_weeks"
    ) in list_platform_lines(described["platforms"])


def test_restated_weeks_of_own_songs_are_corrections_whatever_their_ids(tmp_path: Path) -> None:
    write_songs(landing(tmp_path), 60)
    run(tmp_path, artist=ARTIST)
    header = (
        "Sales Period,Posted Date,Store Name,Country Of Sale,Artist,Release Title,Song Title,ISRC,"
        "UPC,Quantity,Total Earned"
    )
    sales = [
        f"2026-03,2026-05-01,Deezer,FR,{ARTIST},R,Song number {n},USRC1{n:07},1,1,0.1"
        for n in range(60)
    ]
    write(landing(tmp_path), "sales.csv", "\n".join([header, *sales, ""]))

    report = run(tmp_path, artist=ARTIST)

    # Every song has its ISRC for an id now; none of the old rows stays beside.
    (week,) = report.weeks
    assert [arrival.kind for arrival in week.arrivals] == ["correction"]
    assert own_rows(tmp_path) == [("2026-03-12", 60, sum(range(1, 61)) * 7)]
    assert errors(tmp_path) == []


def test_week_that_no_song_is_left_of_is_unloaded_and_told(tmp_path: Path) -> None:
    listed = "".join(f"Song number {n},1,{n},1,2026-01-01\n" for n in range(60))
    header = "song,listeners,streams,saves,release_date\n"
    path = write(landing(tmp_path), "songs-7day.csv", header + listed)
    run(tmp_path, artist=ARTIST, week=week_number(1))
    unload_file(tmp_path, path.name)

    emptied = run(tmp_path, artist=ARTIST)

    assert own_rows(tmp_path) == []
    described = describe_report(emptied, WarehousePaths(tmp_path / "warehouse"))
    told = f"own {week_number(1)}: no song has numbers of that week any more; it was unloaded, "
    assert any(line.startswith(told) for line in list_platform_lines(described["platforms"]))
    assert described["outcome"] == "ran"
    assert describe_report(run(tmp_path), WarehousePaths(tmp_path))["outcome"] == "nothing new"
    assert errors(tmp_path) == []


def test_week_that_was_unloaded_comes_back_with_its_numbers(tmp_path: Path) -> None:
    write_songs(landing(tmp_path), 60)
    run(tmp_path, artist=ARTIST)
    before = own_rows(tmp_path)
    paths = sorted(landing(tmp_path).iterdir())
    for path in paths:
        unload_file(tmp_path, path.name)
    run(tmp_path, artist=ARTIST)

    settings = make_settings(tmp_path, platforms=PlatformSettings(artist=ARTIST))
    with open_writer(settings, load_formats(), "load", NOW) as con:
        load(con, *paths)
    run(tmp_path, artist=ARTIST)

    assert len(before) == 1
    assert own_rows(tmp_path) == before


def unload_file(root: Path, name: str) -> None:
    with open_writer(make_settings(root), load_formats(), "unload", NOW) as con:
        unload_export(con, name, NOW)


def test_another_feed_by_name_makes_no_own_weeks(tmp_path: Path) -> None:
    write_songs(landing(tmp_path), 60)
    write_chart(landing(tmp_path), week_number(1), CHART)

    named = run(tmp_path, artist=ARTIST, feed="spotify_charts_us")

    assert [week.feed for week in named.weeks] == ["spotify_charts_us"]
    assert not (tmp_path / "warehouse" / "private" / "own").exists()
