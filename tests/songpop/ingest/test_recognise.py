from pathlib import Path

import polars as pl
import pytest

from songpop.errors import FormatError
from songpop.formats.registry import load_formats
from songpop.formats.spec import FormatSpec
from songpop.ingest.landed import land_file
from songpop.ingest.recognise import Recognised, recognise
from songpop.settings import IngestSettings
from tests.songpop.ingest.exports import HEADER, join, make_cells, make_text, write

FORMATS = load_formats()
LIMITS = IngestSettings.model_validate({})
CHART = "rank,uri,artist_names,track_name,source,peak_rank,previous_rank,weeks_on_chart,streams"


def recognise_text(
    folder: Path,
    content: str | bytes,
    formats: dict[str, FormatSpec] = FORMATS,
    settings: IngestSettings = LIMITS,
) -> Recognised:
    return recognise(land_file(write(folder, content)), formats, settings)


@pytest.mark.parametrize(
    ("header", "layout"),
    [
        (CHART, "served"),
        (CHART + ",End Date", "dated"),
        ('Position,"Track Name",Artist,Streams,URL', "legacy"),
        (join(HEADER), "tracks"),
    ],
)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r", b""])
def test_layout_is_known_by_its_header_alone(
    tmp_path: Path, header: str, layout: str, mark: bytes, end: bytes
) -> None:
    found = recognise_text(tmp_path, mark + header.encode() + end)

    assert (found.layout.name, found.header_line) == (layout, 1)


def test_header_may_follow_ten_lines_of_notes(tmp_path: Path) -> None:
    notes = ',,"Note that ""these"" figures",\n' + '"open\n' * 9

    assert recognise_text(tmp_path, notes + make_text()).header_line == 11
    with pytest.raises(FormatError, match="expected a header of one of the formats"):
        recognise_text(tmp_path, "note\n" + notes + make_text())


def test_first_rows_are_kept_where_they_tell_the_week(tmp_path: Path) -> None:
    rows = [f"{n},uri,a,b,c,1,1,1,5,2024-06-13" for n in range(30)]
    text = "\n".join([CHART + ",End Date", "too,few", *rows])

    sample = recognise_text(tmp_path, text).sample

    assert [row[0] for row in sample] == [str(n) for n in range(19)]
    assert recognise_text(tmp_path, make_text(make_cells())).sample == ()


def test_parquet_is_known_by_the_names_of_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({name: ["1"] for name in reversed(HEADER)}).write_parquet(path)

    found = recognise(land_file(path), FORMATS, LIMITS)

    assert (found.spec.name, found.header_line) == ("chartmetric", 0)
    assert found.columns[0] == "is_explicit"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "expected a header and rows, got an empty file; export it again"),
        (b"\xef\xbb\xbf", "got blank lines"),
        (b"\n\r\n  \n", "got blank lines"),
        ("rank,uri".encode("utf-16"), "expected text as UTF-8, got UTF-16; export it as UTF-8"),
        (
            b"a,b,c\n1,2,3\n",
            'header of one of the formats chartmetric, .*, youtube_charts, or .*, got "a,b,c"',
        ),
        (b"\xff\xfe\xfa,x\n", "got UTF-16"),
        (CHART.encode("utf-16-le"), "expected text as UTF-8, got UTF-16; export it as UTF-8"),
        (CHART.encode("utf-16-be"), "expected text as UTF-8, got UTF-16; export it as UTF-8"),
        (b"\0" * 4096, "got one that begins with NUL bytes; copy or export it again"),
        (b"\0", "got one that begins with NUL bytes"),
        (b"PK\x03\x04\x14\0\0\0", "got a spreadsheet or a zip archive; save it as CSV"),
        (
            CHART.replace(",", ";") + "\n",
            "the columns of spotify_charts, cut at commas, got semicolons; save it with commas",
        ),
        ("note\n" + CHART.replace(",", "\t") + "\n", "cut at commas, got tabs; save it with"),
        (CHART.replace(",", "|") + "\n", "cut at commas, got vertical bars; save it with commas"),
        (b"\xfb\n", 'got "û"'),
        (
            CHART.replace("uri", "URI Code") + "\n",
            'spotify_charts .9., got 9, missing 1: "uri", unk',
        ),
        (CHART + ",rank\n", 'got 10, repeated 1: "rank"'),
        (
            b"x" * (1 << 21),
            "a header of at most 1,048,576 bytes .max_line_bytes., got a longer line",
        ),
        ("," * 50_000, r"at most 512 columns \(max_columns\), got 50,001"),
    ],
)
def test_unknown_header_is_refused_by_name(
    tmp_path: Path, content: str | bytes, message: str
) -> None:
    with pytest.raises(FormatError, match=message):
        recognise_text(tmp_path, content)


def test_parquet_of_too_many_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({str(n): [n] for n in range(513)}).write_parquet(path)

    with pytest.raises(
        FormatError,
        match=r"^a.parquet: expected at most 512 columns \(max_columns\), got 513; check that it "
        "is an export, or raise the setting$",
    ):
        recognise(land_file(path), FORMATS, LIMITS)


def test_header_of_two_formats_is_refused(tmp_path: Path) -> None:
    twin = FORMATS["chartmetric"].model_copy(update={"name": "twin"})

    with pytest.raises(
        FormatError, match="the header of one format, got that of chartmetric and tw"
    ):
        recognise_text(tmp_path, make_text(), {**FORMATS, "twin": twin})
