import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from songpop.ingest.quoting import split_record


@pytest.mark.parametrize(
    ("record", "cells"),
    [
        (b"a,b", [b"a", b"b"]),
        (b",", [b"", b""]),
        (b"", [b""]),
        (b'"a,b","c""d",""', [b"a,b", b'c"d', b""]),
        (b'"a\nb",c', [b"a\nb", b"c"]),
        (b'a"b,c', None),
        (b'"a"b,c', None),
        (b'"a,b', None),
        (b'"a" ,b', None),
        (b"a\nb,c", None),
    ],
)
def test_record_is_divided_as_rfc_4180_has_it(record: bytes, cells: list[bytes] | None) -> None:
    assert split_record(record, b",") == cells


def test_delimiter_may_be_any_character() -> None:
    assert split_record(b"a]b,c", b"]") == [b"a", b"b,c"]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2))
def test_what_a_writer_writes_is_read_back(cells: list[str]) -> None:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    record = line.getvalue().removesuffix("\r\n").encode()

    assert split_record(record, b",") == [cell.encode() for cell in cells]
