from pathlib import Path

import duckdb

from songpop.touring.few import open_few
from songpop.warehouse.query import open_snapshot
from songpop.warehouse.sqlfiles import list_sql
from tests.songpop.touring.make_tour import publish_songs

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


def test_every_table_that_the_views_read_is_taken(tmp_path: Path) -> None:
    paths = publish_songs(tmp_path, {"us": SONGS}, [0.5] * 8)
    names = {name.rpartition("/")[2] for name in list_sql("touring/few")}

    with open_snapshot(paths) as con, open_few(con, "us", ["Two"]) as few:
        for name in names:
            columns = few.table(name).columns
            assert columns == con.table(name).columns
            assert few.table(name).types == con.table(name).types
