"""Headers that are known from public sources alone; those with a sample are in test_samples.py."""

from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from songpop.errors import FormatError
from songpop.ingest.landed import land_file
from songpop.platforms.recognise import describe_nearest
from songpop.platforms.registry import load_platforms
from songpop.platforms.said import Said
from tests.songpop.platforms.builders import ARTIST, INGEST, PLATFORMS, recognise, stage, write

DISTROKID_NEWEST = (
    "Date Inserted,Reporting Date,Sale Month,Store,Artist,Title,ISRC,UPC,Quantity,Team Percentage,"
    "Source Type,Country of Sale,Songwriter Royalties Withheld (USD),Earnings (USD),Recoup (USD)"
)
HEADER_ONLY = {
    "song,listeners,streams,saves,release_date": (
        *("spotify_songs", "list", "songs-7day-2026-03-05.csv"),
        'Clone Wars,10,20,"1,030",2025-02-14',
    ),
    (
        "date,listeners,monthly listeners,monthly active listeners,super listeners,streams,"
        "playlist adds,saves,followers"
    ): ("spotify_audience", "nine columns", "a.csv", "2026-03-05,1,2,3,4,5,6,7,8"),
    (
        "date,listeners,monthly listeners,monthly active listeners,streams,playlist adds,saves,"
        "followers"
    ): ("spotify_audience", "eight columns", "a.csv", "2026-03-05,1,2,3,5,6,7,8"),
    "Song,Plays,Average Daily Listeners,Shazams,Radio Spins,Purchases": (
        *("apple_songs", "documented", "songs 2026-03-05.csv"),
        "Clone Wars,10,2.5,1,0,0",
    ),
    "Song,Plays,Avg. Daily Listeners,Shazams,Spins,Purchases": (
        *("apple_songs", "short names", "songs 2026-03-05.csv"),
        "Clone Wars,10,2.5,1,0,0",
    ),
    DISTROKID_NEWEST: (
        *("distrokid_sales", "newest", "d.csv"),
        "2026-03-01,2026-02-10,2026-01,Deezer,A,S,USRC17607839,1,3,100,Streaming,FR,0,0.1,0",
    ),
    DISTROKID_NEWEST.replace(",", "\t"): (
        *("distrokid_sales", "newest", "d.tsv"),
        "2026-03-01,2026-02-10,2026-01,Deezer,A,S,USRC17607839,1,3,100,Streaming,FR,0,0.1,0".replace(
            ",", "\t"
        ),
    ),
    (
        "Reporting Month, Sale Month, Store, Artist, Title, Quantity, Song/Album, Customer Paid, "
        "Country of Sale, Earnings (USD)"
    ): (
        *("distrokid_sales", "2019", "d.csv"),
        "Dec 2019,Oct 2019,iTunes,A,S,-1,Song,0.99,US,-0.6",
    ),
    (
        "Reporting Date,Sale Month,Store,Artist,Title,ISRC,UPC,Quantity,Team Percentage,Song/Album,"
        "Country of Sale,Songwriter Royalties Withheld,Earnings (USD)"
    ): (
        *("distrokid_sales", "2023", "d.csv"),
        "2023-02-02,2021-04,Napster,A,S,USRC17607839,1,1,100,Song,US,0,0.1",
    ),
    (
        "Sales Period,Posted Date,Store Name,Country Of Sale,Artist,Release Title,Song Title,ISRC,"
        "UPC,Quantity,Total Earned"
    ): (
        *("tunecore_sales", "newer", "t.csv"),
        "2026-03,2026-05-01,Spotify,SE,A,R,S,USRC17607839,1,7,0.1",
    ),
}
"""Header only: no public sample; the row is invented."""


@pytest.mark.parametrize("header", HEADER_ONLY)
def test_header_without_a_sample_is_recognised(tmp_path: Path, header: str) -> None:
    name, layout, file_name, row = HEADER_ONLY[header]
    path = write(tmp_path, file_name, f"{header}\n{row}\n")

    export = recognise(path)
    staged = stage(path)

    assert export is not None
    assert (export.spec.name, export.header.layout.name) == (name, layout)
    assert (staged.rows_read, staged.loaded) == (1, 1)


def test_every_layout_without_a_sample_is_tried_here() -> None:
    shipped = {
        (spec.name, layout.name)
        for spec in load_platforms().values()
        for layout in spec.layouts
        if spec.not_loaded is None
    }
    sampled = {
        *(("spotify_song", "timeline"), ("spotify_audience", "four columns")),
        *(("tiktok_profile", "overview"), ("shazam_chart", "chart"), ("cargo_sales", "2022")),
        *(("label_portal", "whole"), ("label_portal", "access"), ("label_portal", "source")),
        *(("distrokid_sales", "2023"), ("tunecore_sales", "2020"), ("cdbaby_sales", "2023")),
        ("bandcamp_sales", "2023"),
    }
    tried = {(name, layout) for name, layout, *_ in HEADER_ONLY.values()}

    assert shipped - sampled - tried == set()


def test_apples_short_names_mean_what_the_long_ones_do(tmp_path: Path) -> None:
    long, short = [
        stage(write(tmp_path, "songs 2026-03-05.csv", f"{header}\n{row}\n")).facts
        for header, (name, *_, row) in HEADER_ONLY.items()
        if name == "apple_songs"
    ]

    assert_frame_equal(long, short)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_marks_line_ends_and_delimiters_are_free(
    tmp_path: Path, end: str, mark: str, delimiter: str
) -> None:
    lines = [f"date{delimiter}streams", f"2026-03-05{delimiter}7", f"2026-03-06{delimiter}8"]
    path = write(tmp_path, "Song.csv", mark + end.join(lines))

    assert stage(path).facts["value"].to_list() == [7.0, 8.0]


def test_order_case_quotes_and_preamble_are_free(tmp_path: Path) -> None:
    path = write(tmp_path, "Song.csv", '\nExported today\n" STREAMS ","Date"\n7,2026-03-05\n')

    assert stage(path).facts["value"].to_list() == [7.0]


@pytest.mark.parametrize(
    "text",
    [
        "date,plays\n2026-03-05,7\n",
        "date,streams,likes\n2026-03-05,7,1\n",
        "date\n2026-03-05\n",
        "\n" * 11 + "date,streams\n2026-03-05,7\n",
        "Date,Value\n01/03/26,7\n",
    ],
)
def test_other_headers_or_lines_before_them_are_none_of_ours(tmp_path: Path, text: str) -> None:
    assert recognise(write(tmp_path, "Song.csv", text)) is None


def test_header_that_is_nearly_a_platforms_says_how_it_differs(tmp_path: Path) -> None:
    changed = DISTROKID_NEWEST.replace("Source Type", "Type of Source") + ",New"
    path = write(tmp_path, "d.csv", changed + "\n")

    assert describe_nearest(land_file(path), PLATFORMS, INGEST) == (
        "d.csv: expected the columns of DistroKid, sales (15), got 16, missing 1: source type, "
        "unknown 2: new, type of source; export it again with these columns, or declare its header "
        "in formats_dir/platforms"
    )


def test_header_cut_at_another_sign_says_so(tmp_path: Path) -> None:
    path = write(tmp_path, "s.csv", "date|streams\n2026-03-05|7\n")

    assert describe_nearest(land_file(path), PLATFORMS, INGEST) == (
        "s.csv: expected the columns of Spotify for Artists, a song by day, cut at commas, tabs or "
        "semicolons, got vertical bars; save it with commas"
    )


def test_header_without_the_lines_before_it_says_that_they_are_missing(tmp_path: Path) -> None:
    path = write(tmp_path, "p.csv", "Total\nDate,Value\n01/03/26,7\n")

    assert describe_nearest(land_file(path), PLATFORMS, INGEST) == (
        "p.csv: expected the lines before the header of a label portal, streams by part, got none "
        "of them; export it again, and keep its first lines"
    )


@pytest.mark.parametrize("text", ["a,b,c\n1,2,3\n", "rank,uri,artist,title,streams\n", "date\n"])
def test_header_that_is_like_none_is_compared_with_none(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, "d.csv", text)

    assert describe_nearest(land_file(path), PLATFORMS, INGEST) is None


@pytest.mark.parametrize(
    ("content", "got"), [(b"", "an empty file"), ("date,streams".encode("utf-16"), "UTF-16")]
)
def test_file_without_readable_text_is_refused_by_name(
    tmp_path: Path, content: bytes, got: str
) -> None:
    with pytest.raises(FormatError, match=f"Song.csv: expected .*, got {got}; "):
        recognise(write(tmp_path, "Song.csv", content))


def test_text_that_is_no_utf8_is_read_as_latin_1(tmp_path: Path) -> None:
    header = next(header for header in HEADER_ONLY if header.startswith("Sales Period"))
    row = "2026-03,2026-05-01,Spotify,SE,A,R,Pil\xe9,,1,7,0.1"
    path = write(tmp_path, "t.csv", f"{header}\n{row}\n".encode("latin-1"))

    staged = stage(path, Said(artist=ARTIST))

    assert staged.encoding == "latin-1"
    assert staged.spellings["title"].to_list() == ["Pilé"]
