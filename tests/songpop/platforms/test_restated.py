"""Which of several files' numbers count."""

from pathlib import Path

import duckdb
import pytest

from songpop.platforms.identity import decide
from songpop.platforms.keys import make_keys
from songpop.warehouse.checks import run_checks
from songpop.warehouse.transaction import transaction
from tests.songpop.platforms.builders import ARTIST, NOW, ask, load, open_platforms, write

DISTROKID = {
    "2019": (
        (
            "Reporting Month,Sale Month,Store,Artist,Title,Quantity,Song/Album,Customer Paid,"
            "Country of Sale,Earnings (USD)"
        ),
        "{month},2023-03,Spotify,A,S,{units},Song,0,SE,0.1",
    ),
    "2023": (
        (
            "Reporting Date,Sale Month,Store,Artist,Title,ISRC,UPC,Quantity,Team Percentage,"
            "Song/Album,Country of Sale,Songwriter Royalties Withheld,Earnings (USD)"
        ),
        "{month}-{day},2023-03,Spotify,A,S,USRC17607839,1,{units},100,Song,SE,0,0.1",
    ),
    "newest": (
        (
            "Date Inserted,Reporting Date,Sale Month,Store,Artist,Title,ISRC,UPC,Quantity,"
            "Team Percentage,Source Type,Country of Sale,Songwriter Royalties Withheld (USD),"
            "Earnings (USD),Recoup (USD)"
        ),
        "2023-06-01,{month}-{day},2023-03,Spotify,A,S,USRC17607839,1,{units},100,{part},SE,0,0.1,0",
    ),
}


def write_sales(folder: Path, layout: str, *sales: tuple[str, int, str]) -> Path:
    """Write sales of one song in March: day of the statement, units, part."""
    header, row = DISTROKID[layout]
    lines = [
        row.format(month=day[:7], day=day[8:], units=units, part=part) for day, units, part in sales
    ]
    return write(
        folder, f"{layout}-{len(list(folder.iterdir()))}.csv", "\n".join([header, *lines, ""])
    )


def sold(con: duckdb.DuckDBPyConnection) -> float:
    """Return the units of March."""
    ((units,),) = ask(con, "select sum(value) from mart.platform_months where month = '2023-03-31'")
    return units


@pytest.mark.parametrize(
    "order", [("2019", "2023", "newest"), ("newest", "2023", "2019"), ("2023", "newest", "2019")]
)
def test_sale_of_one_statement_counts_once_whatever_the_layout(
    tmp_path: Path, order: tuple[str, ...]
) -> None:
    con = open_platforms()
    sale = ("2023-05-11", 100, "Streaming")

    files = load(con, *(write_sales(tmp_path, layout, sale) for layout in order)).files

    assert sold(con) == 100
    assert [file.outdone for file in files] == [1, 1, 0]


def test_layout_that_came_last_says_how_much_was_sold(tmp_path: Path) -> None:
    con = open_platforms()
    load(con, write_sales(tmp_path, "2019", ("2023-05-01", 90, "")))

    load(con, write_sales(tmp_path, "2023", ("2023-05-11", 60, ""), ("2023-05-20", 40, "")))

    assert sold(con) == 100


@pytest.mark.parametrize("late", ["2019", "2023", "newest"])
def test_later_statement_adds_to_its_month_in_any_layout(tmp_path: Path, late: str) -> None:
    con = open_platforms()
    load(con, write_sales(tmp_path, "2023", ("2023-05-11", 100, "")))

    (file,) = load(con, write_sales(tmp_path, late, ("2023-06-11", 7, "Streaming"))).files

    assert (sold(con), file.outdone) == (107, 0)


def test_statements_of_one_month_add_up_in_one_layout(tmp_path: Path) -> None:
    con = open_platforms()
    load(con, write_sales(tmp_path, "2023", ("2023-05-11", 100, "")))

    load(con, write_sales(tmp_path, "2023", ("2023-05-20", 7, "")))

    assert sold(con) == 107


def test_parts_of_one_statement_add_up_and_replace_the_whole(tmp_path: Path) -> None:
    con = open_platforms()
    parts = (("2023-05-11", 70, "Streaming"), ("2023-05-11", 30, "Download"))
    (first,) = load(con, write_sales(tmp_path, "newest", *parts)).files
    assert (sold(con), first.outdone) == (100, 0)

    load(con, write_sales(tmp_path, "2023", ("2023-05-11", 101, "")))
    assert sold(con) == 101

    load(con, write_sales(tmp_path, "newest", *parts, ("2023-05-11", 2, "Video")))
    assert sold(con) == 102


def test_parts_that_another_file_lacks_still_count(tmp_path: Path) -> None:
    con = open_platforms()
    load(con, write_sales(tmp_path, "newest", ("2023-05-11", 70, "S"), ("2023-05-11", 30, "D")))

    load(con, write_sales(tmp_path, "newest", ("2023-05-11", 71, "S")))

    assert sold(con) == 101


def write_names(folder: Path, **units: int) -> Path:
    """Write one statement's units of one month by title, spelled as a word."""
    header = (
        "Sales Period,Posted Date,Store Name,Country Of Sale,Artist,Release Title,Song Title,ISRC,"
        "UPC,Quantity,Total Earned"
    )
    rows = [
        f"2023-03,2023-05-01,Spotify,SE,{ARTIST},R,{title},,1,{count},0.1"
        for title, count in units.items()
    ]
    name = f"names-{len(list(folder.iterdir()))}.csv"
    return write(folder, name, "\n".join([header, *rows, ""]))


def confirm(con: duckdb.DuckDBPyConnection, one: str, other: str) -> int:
    """Say that two titles are one song; return how many numbers count no longer."""
    pair = tuple(make_keys(None, ARTIST, title).own_track_id for title in (one, other))
    with transaction(con):
        outdone = decide(con, (pair[0], pair[1]), "confirmed", by="me", because=None, now=NOW)
    assert run_checks(con, "warehouse") == []
    return outdone


@pytest.mark.parametrize(
    ("older", "newer", "units", "outdone"),
    [
        # Names beside each other in one file are rows of their own.
        ({"Song": 10, "Sonng": 20}, {"Song": 11}, 31, 0),
        ({"Song": 11}, {"Song": 10, "Sonng": 20}, 30, 0),
        ({"Song": 10, "Sonng": 20}, {"Song": 11, "Sonng": 21}, 32, 0),
        # A name that no file has beside the other is another spelling of it.
        ({"Song": 10}, {"Sonng": 11}, 11, 1),
    ],
)
def test_confirmed_songs_lose_no_number_that_another_file_lacks(
    tmp_path: Path, older: dict[str, int], newer: dict[str, int], units: int, outdone: int
) -> None:
    con = open_platforms()
    load(con, write_names(tmp_path, **older), write_names(tmp_path, **newer))

    assert confirm(con, "Song", "Sonng") == outdone
    assert sold(con) == units


def test_second_spelling_in_a_newer_file_replaces_the_first_alone(tmp_path: Path) -> None:
    con = open_platforms()
    load(con, write_names(tmp_path, Song=10, Sonng=20), write_names(tmp_path, Song=11, Songg=21))
    confirm(con, "Song", "Sonng")
    confirm(con, "Sonng", "Songg")

    assert sold(con) == 11 + 21


def test_third_file_tells_names_apart_for_the_other_two(tmp_path: Path) -> None:
    con = open_platforms()
    load(con, write_names(tmp_path, Song=10), write_names(tmp_path, Sonng=20))
    confirm(con, "Song", "Sonng")
    assert sold(con) == 20

    load(con, write_names(tmp_path, Song=11, Sonng=21))

    assert sold(con) == 32
