from dataclasses import replace
from pathlib import Path

from songpop.reproduce.page import make_page
from tests.songpop.pages.read import Page
from tests.songpop.reproduce.builders import make_reproduction


def test_page_holds_every_table_and_plot_and_loads_nothing(tmp_path: Path) -> None:
    reader = Page(make_page(make_reproduction(tmp_path)))

    assert reader.tags.count("svg") == 6
    assert reader.tags.count("table") == 10
    assert "script" not in reader.tags
    assert all(load.startswith("#") for load in reader.addresses)


def test_leak_is_labelled_wherever_its_figures_stand(tmp_path: Path) -> None:
    page = make_page(make_reproduction(tmp_path))

    assert page.count("(leak)</th>") == 6 + 3 + 6
    assert "With Track Score: a leak" in page
    assert "published l2" in page


def test_text_from_outside_is_escaped(tmp_path: Path) -> None:
    found = replace(make_reproduction(tmp_path), file_name="<script>alert(1)</script>.csv")
    page = make_page(found)

    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;.csv" in page
