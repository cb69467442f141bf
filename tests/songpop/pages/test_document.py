import pytest

from songpop.pages import document
from tests.songpop.pages.read import Page

HOSTILE = "<script>alert('x')</script>&\"\u202e\x00"


@pytest.mark.parametrize(
    "markup",
    [
        document.make_document(HOSTILE, [document.heading(HOSTILE, level=1)]),
        document.paragraph(HOSTILE),
        document.bullets([HOSTILE]),
        document.table([HOSTILE], [[HOSTILE], [HOSTILE]], HOSTILE),
        document.figure(HOSTILE, "<svg></svg>"),
        document.fold(HOSTILE, "<p></p>"),
    ],
)
def test_text_cannot_become_markup_nor_turn_its_surroundings_round(markup: str) -> None:
    page = Page(markup)

    assert "script" not in page.tags
    assert r"<script>alert('x')</script>&" + '"' + r"\u202e\x00" in page.texts


def test_document_allows_nothing_to_be_loaded_or_run() -> None:
    page = document.make_document("Title", ["<p>text</p>", "", "<p>more</p>"])

    assert "default-src 'none'" in page
    assert "prefers-color-scheme:dark" in page
    assert "<main><p>text</p>\n<p>more</p></main>" in page
    assert "://" not in page


def test_table_names_its_rows_and_columns_and_marks_what_stands_out() -> None:
    markup = document.table(["model", "loss"], [["a", "1"], ["b", "2"]], "Losses", marked=[1])

    assert Page(markup).tables == [[["model", "loss"], ["a", "1"], ["b", "2"]]]
    assert "<caption>Losses</caption>" in markup
    assert '<tr><th scope="row">a</th>' in markup
    assert '<tr class="marked"><th scope="row">b</th>' in markup
