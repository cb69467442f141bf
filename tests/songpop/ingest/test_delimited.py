from pathlib import Path

import pytest

from songpop.errors import CheckError
from songpop.formats.registry import load_formats
from songpop.ingest import delimited
from songpop.ingest.arrow import to_frame
from songpop.ingest.batches import read_raw_texts
from songpop.ingest.delimited import DelimitedSource, parse_cells
from songpop.ingest.landed import land_file
from songpop.ingest.recognise import recognise
from songpop.ingest.records import Block, scan_records
from songpop.ingest.source import is_utf8_text
from songpop.settings import IngestSettings
from tests.songpop.ingest.exports import join, make_cells, make_text, write
from tests.songpop.ingest.scans import make_shape

LIMITS = IngestSettings.model_validate({})


def open_text(folder: Path, content: str | bytes) -> DelimitedSource:
    file = land_file(write(folder, content))
    recognised = recognise(file, load_formats(), LIMITS)
    return DelimitedSource(file, recognised, LIMITS, is_utf8_text(file, LIMITS))


def test_sound_records_become_cells_and_empty_ones_null() -> None:
    (block,) = scan_records([b'"a ""b""\n,",""\n,\xc3\xa9\n'], make_shape())

    cells = to_frame(parse_cells(block, ["x", "y"], ","))

    assert cells.rows() == [('a "b"\n,', None), (None, "é")]


def test_record_larger_than_the_parsers_pieces_is_read_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(delimited, "_PIECE_BYTES", 4)
    text = b"1,2\n" * 3 + b"x" * 100 + b",y\n3,4\n"
    (block,) = scan_records([text], make_shape())

    cells = to_frame(parse_cells(block, ["x", "y"], ","))

    assert cells["x"].to_list() == ["1", "1", "1", "x" * 100, "3"]


def test_batch_holds_cells_by_name_and_the_rows_cut_out(tmp_path: Path) -> None:
    (batch,) = open_text(tmp_path, make_text(make_cells(1), "x", make_cells(2))).batches()

    assert batch.rows_count == 3
    assert to_frame(batch.read_cells()).select("line", "title__cell").rows() == [
        (2, "Song 1"),
        (4, "Song 2"),
    ]
    assert batch.cut.rows() == [(3, None, "too_few_cells", "x")]
    assert batch.raw([1]) == [join(make_cells(2))]


def test_text_of_some_lines_can_be_read_again(tmp_path: Path) -> None:
    source = open_text(tmp_path, make_text(make_cells(1), "x", make_cells(2), make_cells(3)))

    texts = read_raw_texts(source, lambda lines: lines.is_in([2, 3, 5]))

    assert texts.rows() == [(2, join(make_cells(1))), (5, join(make_cells(3)))]


@pytest.mark.parametrize(
    ("content", "encoding"), [("é".encode(), "utf-8"), ("é".encode("latin-1"), "latin-1")]
)
def test_encoding_is_the_first_that_fits(tmp_path: Path, content: bytes, encoding: str) -> None:
    text = make_text(make_cells(1, Artist="NAME")).encode().replace(b"NAME", content)

    assert open_text(tmp_path, text).encoding == encoding


def test_layout_that_is_latin1_alone_is_never_read_as_utf8(tmp_path: Path) -> None:
    source = open_text(tmp_path, make_text(make_cells(1, Artist="é")))
    layout = source.recognised.layout.model_copy(update={"encodings": ("latin-1",)})
    object.__setattr__(source.recognised, "layout", layout)

    assert source.encoding == "latin-1"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"1,2\n", r"expected 2 records from the parser, got CSV parse error"),
        (
            b"," * 28 + b"\n",
            r"expected 2 records from the parser, got 1; report this file: the parser",
        ),
    ],
)
def test_export_is_refused_where_parser_and_scan_disagree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: bytes, message: str
) -> None:
    source = open_text(tmp_path, make_text(make_cells(1), make_cells(2)))

    def give(_: Block) -> bytes:
        return text

    monkeypatch.setattr(Block, "text", give)

    (batch,) = source.batches()
    with pytest.raises(CheckError, match=message):
        batch.read_cells()
