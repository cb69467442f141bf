import pytest

from tests.songpop.ingest.scans import make_shape, scan


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"a", "too_few_cells"),
        (b"a,b,c", "too_many_cells"),
        (b"a,b,", "too_many_cells"),
        (b'a"b"c,d', "stray_quote"),
        (b'"a,b', "unterminated_quote"),
        (b'a,b"', "unterminated_quote"),
        (b"a\0,b", "nul_byte"),
        (b"x" * 1_001, "line_too_long"),
    ],
)
def test_line_that_is_no_record_is_cut_out_with_a_reason(line: bytes, reason: str) -> None:
    found = scan(b"1,2\n" + line + b"\n3,4\n")

    assert found.records == [(1, b"1,2"), (3, b"3,4")]
    assert found.reasons == [(2, reason)]
    assert found.cut[0].raw == line[:1_000]


def test_cell_at_fault_is_named_where_the_cells_can_be_told() -> None:
    found = scan(b'a,"b\0"\na\0"\na\0\n')

    assert [cut.cell for cut in found.cut] == [1, None, None]


def test_bad_bytes_are_looked_for_only_where_the_text_is_not_known_to_be_sound() -> None:
    text = b"a,\xe9\nb,\xc3\xa9\n"

    assert scan(text, make_shape(is_utf8=True)).reasons == []
    found = scan(text, make_shape(is_utf8=False))
    assert found.reasons == [(1, "bad_encoding")]
    assert found.cut[0].cell == 1


def test_open_quote_joins_lines_up_to_the_one_that_closes_it() -> None:
    found = scan(b'"a\n\n""b""\nc",d\ne,f\n')

    assert found.records == [(1, b'"a\n\n""b""\nc",d'), (5, b"e,f")]
    assert found.reasons == []


def test_line_with_every_delimiter_may_go_on_where_the_line_that_ends_it_has_none() -> None:
    found = scan(b'a,"b\nc"\nd,e\n')

    assert found.records == [(1, b'a,"b\nc"'), (3, b"d,e")]
    assert found.reasons == []


@pytest.mark.parametrize("lines_count", [19, 20])
def test_record_may_span_twenty_lines(lines_count: int) -> None:
    text = b'"a' + b"\n\nx" * (lines_count - 1) + b'\nb",c\n'

    assert bool(scan(text).records) is (lines_count < 20)


def test_joined_lines_must_make_one_record() -> None:
    found = scan(b'"a\nb",c,d\ne,f\n')

    assert found.reasons == [(1, "unterminated_quote"), (2, "unterminated_quote")]
    assert found.records == [(3, b"e,f")]


@pytest.mark.parametrize(
    "text",
    [
        b'"a,b\nc,d\ne",f\n',
        b'"a,b\nc",d\n',
    ],
)
def test_lines_that_look_whole_are_never_buried_in_a_cell(text: bytes) -> None:
    found = scan(text)

    assert [reason for _, reason in found.reasons] == ["unterminated_quote"] * 2


def test_joined_record_is_held_to_the_limits_as_one() -> None:
    assert scan(b'"a\0\nb",c\n').reasons == [(1, "nul_byte")]
    assert scan(b'"a\n\xe9",c\n', make_shape(is_utf8=False)).reasons == [(1, "bad_encoding")]
    long = b'"' + b"x" * 600 + b"\n" + b"x" * 600 + b'",c\n'
    assert scan(long).reasons == [(1, "unterminated_quote"), (2, "unterminated_quote")]
