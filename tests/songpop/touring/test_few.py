from pathlib import Path

import duckdb
import numpy as np
import pytest

from songpop.touring.few import open_few
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.query import open_snapshot
from songpop.warehouse.sqlfiles import list_sql
from tests.songpop.touring.make_tour import publish_songs, publish_weeks

SONGS = {
    letter: {
        "title": f"Song {letter}",
        "artist_name": "One" if letter < "e" else "Two",
        "streams_week_count": 100 * place,
        "peak_rank": place,
    }
    for place, letter in enumerate("abcdefgh", start=1)
}


def read_lists(con: duckdb.DuckDBPyConnection, where: str) -> list[tuple[object, ...]]:
    return con.execute(f"from mart.tour_candidates where {where} order by all").fetchall()


def test_few_artists_have_the_set_lists_that_they_have_among_all(tmp_path: Path) -> None:
    scores = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2]
    paths = publish_songs(tmp_path, {"us": SONGS, "gb": SONGS}, scores)

    with open_snapshot(paths) as con, open_few(con, "us", ["One", "Nobody"]) as few:
        rows = read_lists(few, "true")
        wanted = read_lists(con, "feed = 'us' and artist_name = 'One'")

    assert len(rows) == 4
    assert any("streams this week" in str(row) for row in rows)
    assert rows == wanted


@pytest.fixture(scope="module")
def ten_weeks(tmp_path_factory: pytest.TempPathFactory) -> WarehousePaths:
    drawn = np.random.default_rng(1)
    songs = {"label_us": SONGS, "label_gb": SONGS}
    weeks = {feed: drawn.random((10, len(SONGS))).tolist() for feed in songs}
    # Of the oldest of the eight weeks that count, one song of each artist is all that is high.
    weeks["label_us"][2] = [0.9 if letter in "ae" else 0.1 for letter in SONGS]
    return publish_weeks(tmp_path_factory.mktemp("tour"), songs, weeks)


@pytest.mark.parametrize(
    "artists", [["One"], ["Two"], ["Two", "One"], ["Nobody", "One"], ["Nobody"], []]
)
def test_few_artists_have_the_past_that_they_have_among_all(
    ten_weeks: WarehousePaths, artists: list[str]
) -> None:
    meant = ", ".join(f"'{name}'" for name in artists) or "null"
    where = f"feed = 'label_us' and artist_name in ({meant})"

    with open_snapshot(ten_weeks) as con, open_few(con, "label_us", artists) as few:
        for view in ("mart.artist_songs", "mart.song_components", "mart.tour_candidates"):
            rows = few.execute(f"from {view} order by all").fetchall()
            wanted = con.execute(f"from {view} where {where} order by all").fetchall()
            assert rows == wanted
        told = {role for (role,) in few.execute("select role from mart.tour_candidates").fetchall()}
        past = few.execute("select distinct window_weeks_count from mart.artist_songs").fetchall()

    assert past == ([] if artists in ([], ["Nobody"]) else [(8,)])
    assert ("riser" in told) == bool({"One", "Two"} & set(artists))


def test_every_table_that_the_views_read_is_taken(tmp_path: Path) -> None:
    paths = publish_songs(tmp_path, {"us": SONGS}, [0.5] * 8)
    names = {name.rpartition("/")[2] for name in list_sql("touring/few")}

    with open_snapshot(paths) as con, open_few(con, "us", ["Two"]) as few:
        for name in names:
            columns = few.table(name).columns
            assert columns == con.table(name).columns
            assert few.table(name).types == con.table(name).types
