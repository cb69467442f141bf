"""Set lists on the page are those of the view."""

from pathlib import Path

import pytest

from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.query import open_snapshot, run_query
from songpop.weekly.page import make_page
from songpop.weekly.read import MOST_SONGS, list_entries, read_week
from songpop.weekly.setlists import show_set_lists
from tests.songpop.pages.read import Page
from tests.songpop.touring.make_tour import publish_songs
from tests.songpop.warehouse.make_warehouse import make_healthy
from tests.songpop.weekly.make_facts import make_facts, make_scored, make_song

TITLES = [
    "<script>alert(1)</script>",
    '=HYPERLINK("http://x","y")',
    "x\u202eevil\u200f",
    "y" * 10_000,
    "Family 👩‍👩‍👧 🎸",
]


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> WarehousePaths:
    hostile = {
        name: {"artist_name": "Hostile", "title": title, "streams_week_count": 9 - place}
        for place, (name, title) in enumerate(zip("abcde", TITLES, strict=True))
    }
    songs = {
        name: {"artist_name": "One", "streams_week_count": 99 - place}
        for place, name in enumerate("fghijklmnopq")
    }
    pair = {name: {"artist_name": "Two"} for name in "yz"}
    feeds = {"spotify_charts_gb": {**hostile, **songs, **pair}}
    scores = [1 - place / 20 for place in range(19)]
    return publish_songs(tmp_path_factory.mktemp("page"), feeds, scores)


def read_page(paths: WarehousePaths) -> str:
    with open_snapshot(paths) as con:
        (entry,) = list_entries(con)
        return make_page(read_week(con, entry, [entry]))


def test_page_has_the_first_places_of_the_view(paths: WarehousePaths) -> None:
    page = Page(read_page(paths))
    tables = [rows for rows in page.tables if rows[0] == ["song", "place", "role", "why"]]
    rows = run_query(
        paths,
        "select title, artist_rank::varchar, role, reason from mart.tour_candidates "
        f"where artist_name = 'One' and artist_rank <= {MOST_SONGS} order by artist_rank",
    ).rows()

    assert len(tables) == 2
    assert [list(row) for row in rows] in [table[1:] for table in tables]
    assert "#setlists" in page.addresses


def test_artist_of_two_songs_has_no_list(paths: WarehousePaths) -> None:
    text = read_page(paths)

    assert "<summary><bdi>One</bdi>: the first 10 of 12 songs</summary>" in text
    assert "<bdi>Two</bdi>: " not in text


def test_hostile_titles_are_text(paths: WarehousePaths) -> None:
    text = read_page(paths)
    page = Page(text)

    assert page.tags.count("script") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "=HYPERLINK(&quot;http://x&quot;,&quot;y&quot;)" in text
    assert "x\\u202eevil\\u200f" in text
    assert "y" * 81 not in text
    assert "Family 👩‍👩‍👧 🎸" in text


def test_table_is_named_by_its_artist_and_shows_no_caption_beside_the_summary() -> None:
    text = show_set_lists(make_scored(set_lists=[[make_song(artist_name='A "B" & Co')]]))
    name = "Set list of A &quot;B&quot; &amp; Co"

    assert f'aria-label="{name}"><table class="stack untitled"' in text
    assert f"<caption>{name}</caption>" in text
    assert "<summary><bdi>A &quot;B&quot; &amp; Co</bdi>: 4 songs" not in text
    assert "the first 1 of 4 songs</summary>" in text


def test_week_without_weeks_before_says_why_nothing_rises() -> None:
    alone = show_set_lists(make_scored(set_lists=[[make_song(momentum=None)]]))
    later = show_set_lists(make_scored())

    assert "nothing can be called a riser" in alone
    assert "nothing can be called a riser" not in later


def test_page_without_set_lists_has_no_such_section() -> None:
    page = Page(make_page(make_facts(make_scored(set_lists=[]))))

    assert "setlists" not in page.ids
    assert "#setlists" not in page.addresses


def test_older_week_has_none(tmp_path: Path) -> None:
    found, con = make_healthy(tmp_path)
    con.close()
    with open_snapshot(found) as snapshot:
        entries = [entry for entry in list_entries(snapshot, "us") if entry.is_scored]
        facts = read_week(snapshot, entries[-1], entries)

    assert facts.scored is not None
    assert facts.scored.set_lists == []
