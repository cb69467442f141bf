import datetime as dt
import os
import re
from pathlib import Path

import duckdb
import pytest

from songpop.formats.registry import load_formats
from songpop.pipeline.discover import Discovery, Hints, discover, find_retryable
from songpop.pipeline.session import Session
from tests.builders import NOW, make_settings, make_warehouse, week_number, write_chart

ROWS = [("a", 3), ("b", 2)]


def scan(
    root: Path, con: duckdb.DuckDBPyConnection | None = None, hints: Hints | None = None
) -> Discovery:
    settings = make_settings(root)
    session = Session(settings, load_formats(), con or make_warehouse(), "run", NOW)
    return discover(session, hints or Hints())


def landing(root: Path) -> Path:
    folder = root / "warehouse" / "landing"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def write_undated(folder: Path, name: str, streams: int) -> None:
    header = (
        "rank,uri,artist_names,track_name,source,peak_rank,previous_rank,weeks_on_chart,streams"
    )
    row = f"1,spotify:track:{'a' * 22},A,S,L,1,-1,1,{streams}"
    (folder / name).write_text(f"{header}\n{row}\n", encoding="utf-8")


def test_empty_landing_folder_holds_nothing(tmp_path: Path) -> None:
    found = scan(tmp_path)

    assert (found.arriving, found.known_count, found.problems) == ((), 0, ())


def test_new_files_are_placed_wherever_they_lie(tmp_path: Path) -> None:
    write_chart(landing(tmp_path) / "a" / "b", week_number(1), ROWS)

    (export,) = scan(tmp_path).arriving

    assert (export.identity.feed, export.identity.week) == ("spotify_charts_us", week_number(1))


def test_bytes_that_are_there_twice_arrive_once(tmp_path: Path) -> None:
    write_chart(landing(tmp_path) / "a", week_number(1), ROWS)
    write_chart(landing(tmp_path) / "b", week_number(1), ROWS)

    found = scan(tmp_path)

    assert (len(found.arriving), found.known_count) == (1, 1)


def test_file_is_read_again_only_when_it_changed(tmp_path: Path) -> None:
    con = make_warehouse()
    path = write_chart(landing(tmp_path), week_number(1), ROWS)
    scan(tmp_path, con)
    con.execute("update raw.landing_files set sha256 = 'remembered'")
    scan(tmp_path, con)
    remembered = con.execute("select sha256 from raw.landing_files").fetchall()
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    scan(tmp_path, con)
    read_again = con.execute("select sha256 from raw.landing_files").fetchall()

    assert remembered == [("remembered",)]
    assert read_again != remembered


def test_undated_file_is_a_problem_until_a_week_is_given(tmp_path: Path) -> None:
    write_undated(landing(tmp_path), "chart.csv", 10)

    without = scan(tmp_path)
    dated = scan(tmp_path, hints=Hints("spotify_charts_us", dt.date(2024, 6, 13)))

    assert len(without.problems) == 1
    assert "chart.csv" in without.problems[0]
    assert [export.identity.week for export in dated.arriving] == [dt.date(2024, 6, 13)]


def test_week_dates_one_undated_file_a_feed(tmp_path: Path) -> None:
    write_undated(landing(tmp_path), "one.csv", 10)
    write_undated(landing(tmp_path), "two.csv", 20)

    found = scan(tmp_path, hints=Hints("spotify_charts_us", dt.date(2024, 6, 13)))

    assert found.arriving == ()
    assert all(
        "expected one undated file for --week, got 2: one.csv, two.csv" in p for p in found.problems
    )


def test_feed_of_another_name_renames_what_landed(tmp_path: Path) -> None:
    write_chart(landing(tmp_path), week_number(1), ROWS)

    (export,) = scan(tmp_path, hints=Hints(feed="mine")).arriving

    assert export.identity.feed == "mine_us"


def test_other_files_are_ignored_by_name(tmp_path: Path) -> None:
    (landing(tmp_path) / "README.md").write_text("hello", encoding="utf-8")

    assert scan(tmp_path).ignored == ("README.md",)


US = "regional-us-weekly-2024-01-04.csv"
GB = "regional-gb-weekly-2024-01-04.csv"
LATER = "regional-us-weekly-2024-01-11.csv"


def record(con: duckdb.DuckDBPyConnection, found: Discovery, status: str) -> None:
    """Note an arriving export as a run does that ended with *status*."""
    (export,) = found.arriving
    place = export.identity
    params = {
        "sha256": export.sha256,
        "feed": place.feed,
        "week": place.week,
        "region": place.region,
        "format": place.format_name,
        "status": status,
    }
    con.execute(
        """
        insert into raw.exports by name
        select
            $sha256 as sha256, $feed as feed, $week as week, $region as region, $format as format,
            $status as status, 'a.csv' as file_name, 1 as size_bytes, 1 as rows_read, 1 as loaded,
            0 as duplicate, 0 as quarantined, 0 as changed_text_count, 0 as changed_metric_count,
            0 as damaged_text_count, 0 as falling_counter_count, 1 as arrival_number,
            now() as loaded_at
        """,
        params,
    )


@pytest.mark.parametrize(
    ("other", "wanted", "got"),
    [
        (LATER, "the week of its name", "2024-01-"),
        (GB, "the region of its name, (us|gb)", "spotify_charts_(us|gb)"),
    ],
)
def test_same_bytes_under_the_name_of_another_place_are_a_problem(
    tmp_path: Path, other: str, wanted: str, got: str
) -> None:
    write_undated(landing(tmp_path), US, 7)
    write_undated(landing(tmp_path), other, 7)

    found = scan(tmp_path)

    assert len(found.arriving) == 1
    (problem,) = found.problems
    pattern = f"expected an export of its own for {wanted}, got the very bytes that are loaded for"
    assert re.search(f"{pattern} {got}", problem)


@pytest.mark.parametrize("status", ["loaded", "superseded"])
@pytest.mark.parametrize("other", [LATER, GB])
def test_renaming_what_is_loaded_is_a_problem_that_says_how_to_take_it_out(
    tmp_path: Path, status: str, other: str
) -> None:
    con = make_warehouse()
    write_undated(landing(tmp_path), US, 7)
    record(con, scan(tmp_path, con), status)
    (landing(tmp_path) / US).rename(landing(tmp_path) / other)

    found = scan(tmp_path, con)

    assert (found.arriving, found.known_count) == ((), 1)
    (problem,) = found.problems
    assert problem.startswith(f"{other}: expected an export of its own for the ")
    assert "`songpop unload spotify_charts_us 2024-01-04` and run again" in problem


@pytest.mark.parametrize("status", ["refused", "unloaded"])
@pytest.mark.parametrize(
    ("other", "place"),
    [
        (LATER, ("spotify_charts_us", dt.date(2024, 1, 11))),
        (GB, ("spotify_charts_gb", dt.date(2024, 1, 4))),
    ],
)
def test_what_is_not_loaded_comes_anew_under_the_name_of_another_place(
    tmp_path: Path, status: str, other: str, place: tuple[str, dt.date]
) -> None:
    con = make_warehouse()
    write_undated(landing(tmp_path), US, 7)
    record(con, scan(tmp_path, con), status)
    same = scan(tmp_path, con)
    (landing(tmp_path) / US).rename(landing(tmp_path) / other)

    found = scan(tmp_path, con)

    assert (same.arriving, same.known_count, same.problems) == ((), 1, ())
    (export,) = found.arriving
    assert (export.identity.feed, export.identity.week) == place
    assert (found.known_count, found.problems) == (0, ())


def test_retry_follows_the_name_that_a_refused_file_has_now(tmp_path: Path) -> None:
    con = make_warehouse()
    write_undated(landing(tmp_path), US, 7)
    record(con, scan(tmp_path, con), "refused")
    session = Session(make_settings(tmp_path), load_formats(), con, "run", NOW)

    same = find_retryable(session, None, None)
    (landing(tmp_path) / US).rename(landing(tmp_path) / GB)
    scan(tmp_path, con)
    renamed = find_retryable(session, None, None)

    feeds = [export.identity.feed for found in (same, renamed) for export in found.arriving]
    assert feeds == ["spotify_charts_us", "spotify_charts_gb"]


@pytest.mark.parametrize(
    ("name", "hints"),
    [
        ("chart.csv", Hints("mine", dt.date(2024, 1, 4))),  # no region was named
        (US, Hints("mine", None)),
        (US, Hints(None, None)),
    ],
)
def test_known_bytes_under_a_name_that_does_not_contradict_are_no_problem(
    tmp_path: Path, name: str, hints: Hints
) -> None:
    con = make_warehouse()
    write_undated(landing(tmp_path), name, 7)
    record(con, scan(tmp_path, con, hints), "loaded")
    write_undated(landing(tmp_path), US, 7)
    write_undated(landing(tmp_path), "chart.csv", 7)

    found = scan(tmp_path, con)

    assert (found.arriving, found.known_count, found.problems) == ((), 2, ())


def test_feed_that_is_asked_for_is_found_beside_the_same_bytes_of_another(tmp_path: Path) -> None:
    write_undated(landing(tmp_path), US, 7)
    write_undated(landing(tmp_path), GB, 7)

    for feed in ("spotify_charts_us", "spotify_charts_gb"):
        (export,) = scan(tmp_path, hints=Hints(feed)).arriving
        assert export.identity.feed == feed


def test_known_bytes_under_another_name_of_the_same_place_add_nothing(tmp_path: Path) -> None:
    write_undated(landing(tmp_path), "regional-us-weekly-2024-01-04.csv", 7)
    write_undated(landing(tmp_path), "copy of regional-us-weekly-2024-01-04.csv", 7)

    found = scan(tmp_path)

    assert (len(found.arriving), found.known_count, found.problems) == (1, 1, ())


def test_name_that_is_no_text_does_not_stop_the_others(tmp_path: Path) -> None:
    write_chart(landing(tmp_path), week_number(1), ROWS)
    stray = os.fsencode(landing(tmp_path)) + b"/caf\xe9 regional-us.csv"
    Path(os.fsdecode(stray)).write_bytes(b"")

    found = scan(tmp_path)

    assert len(found.arriving) == 1
    assert "caf\\xe9 regional-us.csv: expected" in found.problems[0]
