import pytest

from songpop.ingest.batches import join_cells, show_raw


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"plain \xc3\xa9, \ttext\n", "plain é, \ttext\n"),
        (b"a\xffb\xc3", "a\\xffb\\xc3"),
        ("\x1b[31m\x00\x9b\x7f", "\\x1b[31m\\x00\\x9b\\x7f"),
        ("x" * 1_000, "x" * 1_000),
        ("x" * 1_001, "x" * 1_000 + "…"),
    ],
)
def test_raw_text_is_shown_without_harm(raw: bytes | str, shown: str) -> None:
    assert show_raw(raw) == shown


def test_cells_are_joined_as_a_record() -> None:
    assert join_cells(["a,b", None, 'c"d', "e\nf"]) == '"a,b",,"c""d","e\nf"'
