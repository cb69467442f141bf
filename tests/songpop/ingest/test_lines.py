import numpy as np
import pytest

from songpop.ingest.lines import Lines, measure_lines


def measure(text: bytes, *, is_final: bool = True) -> Lines:
    return measure_lines(text, b",", is_final=is_final)


def contents(text: bytes, *, is_final: bool = True) -> list[bytes]:
    lines = measure(text, is_final=is_final)
    return [text[start:stop] for start, stop in zip(lines.starts, lines.stops, strict=True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", []),
        (b"a", [b"a"]),
        (b"a\nb\r\nc\rd", [b"a", b"b", b"c", b"d"]),
        (b"\n\r\n\r", []),
        (b"a\r\r\nb", [b"a", b"b"]),
        (b"\r\na", [b"a"]),
    ],
)
def test_lines_end_at_lf_crlf_or_cr(text: bytes, expected: list[bytes]) -> None:
    assert contents(text) == expected


def test_blank_lines_are_counted_and_no_more() -> None:
    lines = measure(b"\n\ra,b\r\n\r\n\rc\n\n")

    assert (lines.lines_count, lines.bytes_count, lines.count) == (7, 13, 2)
    assert lines.numbers.tolist() == [2, 5]
    assert lines.lines_of(np.array([2, 4, 10])).tolist() == [0, 0, 1]


@pytest.mark.parametrize(("text", "expected"), [(b"a\nb", [b"a"]), (b"a\nb\r", [b"a"]), (b"a", [])])
def test_line_that_may_go_on_waits(text: bytes, expected: list[bytes]) -> None:
    assert contents(text, is_final=False) == expected


def test_delimiters_within_quotes_divide_nothing() -> None:
    lines = measure(b'a,b\n"a,b",c\n"1,2","3,4"\nx\n')

    assert lines.cells_count.tolist() == [2, 2, 2, 1]
    assert lines.quotes_count.tolist() == [0, 2, 4, 0]
    assert lines.count == 4


def test_line_after_an_open_quote_is_judged_by_itself() -> None:
    lines = measure(b'"a,b\n"c,d",e\nf",g\nh,i\n')

    assert lines.is_sound.tolist() == [False, True, False, True]
    assert lines.cells_count[[1, 3]].tolist() == [2, 2]


@pytest.mark.parametrize(
    ("line", "is_sound"),
    [
        (b'"a",b', True),
        (b'"a""b",""', True),
        (b'"""a""",b', True),
        (b'""""', True),
        (b'a,"b"', True),
        (b'a"b"c,d', False),
        (b'"a"b,c', False),
        (b'a""b,c', False),
        (b' "a",b', False),
        (b'"a" ,b', False),
        (b'"a"" ,b",c"', False),
        (b'a,"b', False),
    ],
)
def test_quotes_stand_at_edges_of_cells_or_doubled_within(line: bytes, *, is_sound: bool) -> None:
    for text in (line, line + b"\n", b"x\n" * 40 + line + b"\r\n"):
        assert measure(text).is_sound.tolist()[-1] is is_sound
