import datetime as dt
from pathlib import Path

import duckdb
import pytest

from songpop.formats.registry import load_formats
from songpop.platforms.feed import OwnWeeks, write_own_weeks
from songpop.warehouse.paths import WarehousePaths
from tests.songpop.ingest.exports import stage
from tests.songpop.platforms.builders import load, make_days, open_platforms, write_song

HEADER = "own_track_id,title,artist_name,week,spotify_streams,apple_music_plays,shazams"


def load_songs(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    *titles: str,
    first: str = "2026-03-06",
    day: int = 1,
) -> None:
    load(con, *(write_song(folder, title, make_days(first, [day] * 7)) for title in titles))


def read(paths: WarehousePaths, week: str) -> list[str]:
    return (paths.own / f"own-{week}.csv").read_text(encoding="utf-8").splitlines()


def test_week_with_enough_songs_becomes_a_table_that_its_format_reads(tmp_path: Path) -> None:
    con, paths = open_platforms(), WarehousePaths(tmp_path / "warehouse")
    load_songs(con, tmp_path, "One", 'Two, "too"')

    done = write_own_weeks(con, paths, 2)

    assert done == OwnWeeks(1)
    lines = read(paths, "2026-03-12")
    assert lines[:2] == ["revision 1", HEADER]
    assert {line.split(",", 1)[1] for line in lines[2:]} == {
        "One,Lady Vengeance,2026-03-12,7,,",
        '"Two, ""too""",Lady Vengeance,2026-03-12,7,,',
    }
    staged = stage(paths.own / "own-2026-03-12.csv")
    assert (staged.export.identity.feed, staged.counts) == ("own", (2, 2, 0, 0))
    assert staged.export.identity.week == dt.date(2026, 3, 12)
    assert load_formats()["own"].size_metric == "streams_week_count"


@pytest.mark.parametrize(
    ("titles", "told"),
    [
        (["One"], "1 song in a week: too few to learn from (3 needed); their weeks are in"),
        (["One", "Two"], "2 songs in a week: too few to learn from (3 needed)"),
    ],
)
def test_too_few_songs_are_said_plainly(tmp_path: Path, titles: list[str], told: str) -> None:
    con, paths = open_platforms(), WarehousePaths(tmp_path / "warehouse")
    load_songs(con, tmp_path, *titles)

    done = write_own_weeks(con, paths, 3)

    assert done.written_count == 0
    assert done.told is not None
    assert done.told.startswith(told)
    assert not paths.own.exists()


def test_nothing_is_said_where_there_is_nothing(tmp_path: Path) -> None:
    assert write_own_weeks(open_platforms(), WarehousePaths(tmp_path), 1) == OwnWeeks()


def test_table_is_written_again_only_where_it_changed(tmp_path: Path) -> None:
    con, paths = open_platforms(), WarehousePaths(tmp_path / "warehouse")
    load_songs(con, tmp_path, "One")
    write_own_weeks(con, paths, 1)
    load_songs(con, tmp_path, "One", first="2026-03-13")

    added = write_own_weeks(con, paths, 1)
    load_songs(con, tmp_path, "One", day=2)
    restated = write_own_weeks(con, paths, 99)

    assert (added.written_count, restated.written_count) == (1, 1)
    assert write_own_weeks(con, paths, 1).written_count == 0
    assert read(paths, "2026-03-12")[0] == "revision 2"
    assert read(paths, "2026-03-12")[2].endswith(",14,,")
    assert read(paths, "2026-03-19")[0] == "revision 1"
