from pathlib import Path

import pytest

from songpop.errors import CheckError
from songpop.ingest.batches import Batch
from songpop.ingest.delimited import DelimitedSource
from songpop.ingest.landed import land_file
from songpop.ingest.recognise import recognise
from songpop.ingest.records import Block
from songpop.ingest.rules import Typing, typing_of
from songpop.ingest.typed import type_batch
from tests.songpop.ingest.exports import (
    FORMATS,
    LENIENT,
    TRACKS,
    WEEK,
    join,
    make_cells,
    make_text,
    write,
)


def make_batch(folder: Path, text: str) -> Batch:
    file = land_file(write(folder, text))
    source = DelimitedSource(file, recognise(file, FORMATS, LENIENT), LENIENT, is_utf8=True)
    (batch,) = source.batches()
    return batch


def make_typing() -> Typing:
    return typing_of(TRACKS, TRACKS.layouts[0], WEEK, is_latin1=False)


def test_every_row_is_good_or_bad_with_its_text(tmp_path: Path) -> None:
    bad = make_cells(2, ISRC="", Shazam_Counts="x")
    text = make_text(make_cells(1), bad, "cut", make_cells(3))

    typed = type_batch(make_batch(tmp_path, text), make_typing())

    assert typed.rows_count == 4
    assert typed.good["line"].to_list() == [2, 5]
    assert sorted(typed.bad.rows(), key=str) == [
        (3, "shazam_count", "unreadable_number", join(bad)),
        (3, "track_id", "empty_key", join(bad)),
        (4, None, "too_few_cells", "cut"),
    ]


def test_batch_without_sound_records_has_no_good_rows(tmp_path: Path) -> None:
    typed = type_batch(make_batch(tmp_path, make_text("cut")), make_typing())

    assert (typed.rows_count, typed.good.height, typed.bad.height) == (1, 0, 1)


def test_batch_on_which_parser_and_scan_disagree_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def give_nothing(_: Block) -> bytes:
        return b"," * 28 + b"\n"

    monkeypatch.setattr(Block, "text", give_nothing)
    batch = make_batch(tmp_path, make_text(make_cells(1), make_cells(2)))

    with pytest.raises(CheckError, match="expected 2 records from the parser, got 1; report this"):
        type_batch(batch, make_typing())
