import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from songpop.ingest import records
from songpop.ingest.records import scan_records
from tests.songpop.ingest.scans import make_shape, scan

PIECES = [
    b"a",
    b",",
    b",",
    b'"',
    b"\n",
    b"\n",
    b"\r",
    b"\r\n",
    b"\0",
    b"\xc3\xa9",
    b"\xff",
    b'"a,b",c\n',
    b'"x\ny",z\n',
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join)


def test_records_of_a_buffer_are_copied_without_what_was_cut() -> None:
    (block,) = scan_records([b"h,i\r\n1,2\r\n\r\nx\r\n3,4\r5,6\n"], make_shape(skipped_lines=1))

    assert block.text() == b"1,2\n3,4\r5,6\n"
    assert block.lines.tolist() == [2, 5, 6]
    assert block.raw([1]) == [b"3,4"]
    assert block.rows_count == 4


def test_text_without_rows_gives_no_blocks() -> None:
    assert list(scan_records([b"h,i\n\n\r\n"], make_shape(skipped_lines=1))) == []
    assert list(scan_records([], make_shape())) == []


def test_long_line_is_skipped_in_bounded_memory() -> None:
    pieces = [b"1,2\n", *[b"x" * 1_000] * 50, b"\r", b"\n3,4\n"]

    blocks = list(scan_records(pieces, make_shape()))

    assert [block.lines.tolist() for block in blocks] == [[1], [], [3]]
    assert max(len(block.buffer) for block in blocks) < 3_000
    assert blocks[1].cut[0].raw == b"x" * 1_000


def test_long_line_at_the_end_is_counted() -> None:
    found = scan(b"1,2\n" + b"x" * 5_000)

    assert found.reasons == [(2, "line_too_long")]


def test_long_preamble_is_no_row() -> None:
    found = scan(b"x" * 5_000 + b"\n1,2\n", make_shape(skipped_lines=1))

    assert (found.records, found.reasons) == ([(2, b"1,2")], [])


def test_open_quote_before_a_long_line_waits_no_longer_than_a_record_may_be() -> None:
    found = scan(b'"a,b\n' + b"x" * 5_000 + b"\n1,2\n")

    assert found.reasons == [(1, "unterminated_quote"), (2, "line_too_long")]
    assert found.records == [(3, b"1,2")]


@pytest.mark.parametrize("raw_bytes", [5, 5_000])
def test_raw_text_is_bounded(monkeypatch: pytest.MonkeyPatch, raw_bytes: int) -> None:
    monkeypatch.setattr(records, "RAW_BYTES", raw_bytes)

    (block,) = scan_records([b"1234567,8\n"], make_shape())

    assert block.raw([0]) == [b"1234567,8"[:raw_bytes]]


@settings(deadline=None, max_examples=150)
@given(TEXTS, st.integers(1, 17), st.sampled_from([12, 1_000]))
def test_result_does_not_depend_on_where_the_text_is_divided(
    text: bytes, piece_bytes: int, max_line_bytes: int
) -> None:
    shape = make_shape(max_line_bytes=max_line_bytes, is_utf8=False)

    assert scan(text, shape, piece_bytes) == scan(text, shape)


@settings(deadline=None, max_examples=150)
@given(TEXTS)
def test_every_line_belongs_to_one_row(text: bytes) -> None:
    found = scan(text, make_shape(is_utf8=False))
    rows = [*found.records, *((cut.line, cut.raw) for cut in found.cut)]

    owned = [
        line + i for line, raw in rows for i in range(len(re.findall(rb"\r\n|\r|\n", raw)) + 1)
    ]

    lines = enumerate(re.split(rb"\r\n|\r|\n", text), start=1)
    assert len(owned) == len(set(owned))
    assert {number for number, line in lines if line} <= set(owned)
