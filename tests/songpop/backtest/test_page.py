from dataclasses import replace
from pathlib import Path

from songpop.backtest.page import make_page, write_page
from tests.songpop.backtest.builders import make_backtest
from tests.songpop.pages.read import Page

FOUND = make_backtest()
HOSTILE = "<script>alert(1)</script>\"'&\u202e$x$"


def test_page_holds_every_table_and_plot_and_loads_nothing() -> None:
    text = make_page(FOUND)
    page = Page(text)

    assert page.tags.count("svg") == 4
    assert len(page.tables) == 11
    assert "script" not in page.tags
    assert len(page.ids) == len(set(page.ids))
    assert all(address.startswith("#") for address in page.addresses)
    for space in ("2000/svg", "1999/xlink"):
        text = text.replace(f'="http://www.w3.org/{space}"', "")
    assert "://" not in text


def test_figures_on_the_page_are_those_of_the_evaluation() -> None:
    page = Page(make_page(FOUND))
    network = FOUND.evaluation.model("network")

    assert page.table("model")["network"]["log loss"] == f"{network.whole.log_loss:.4f}"
    assert page.table("age")["13 to 51 weeks"]["log loss, network"] == (
        f"{network.slices['age: 13 to 51 weeks'].log_loss:.4f}"
    )
    assert page.table("artist")["new to the model"]["rows"] == (
        f"{network.slices['artist: new to the model'].rows_count:,}"
    )
    assert len(page.table("feed")) == 2
    assert len(page.table("week")) == 6


def test_a_network_that_loses_is_said_to_lose_before_anything_else() -> None:
    page = make_page(make_backtest(noise={"network": 3.0}))

    lead = page.split("</h1>")[1].lstrip()
    assert lead.startswith('<p class="lead warn">The network loses to ')


def test_a_network_that_does_not_lose_is_not_marked() -> None:
    assert '<p class="lead">Tested was' in make_page(FOUND)


def test_text_from_outside_is_escaped() -> None:
    found = make_backtest(feeds=(HOSTILE, "charts_us"), origins_count=1, artist=HOSTILE)
    page = make_page(replace(found, name=HOSTILE))

    assert "script" not in Page(page).tags
    assert "\u202e" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&amp;\\u202e$x$" in page


def test_one_feed_has_no_table_of_feeds() -> None:
    page = make_page(make_backtest(feeds=("charts_us",), origins_count=1))

    assert "Feed by feed" not in page
    assert "1 feed (charts_us)" in page


def test_without_intervals_their_section_is_missing() -> None:
    evaluation = FOUND.evaluation.model_copy(update={"intervals": None})

    assert "Do the 80 % intervals hold?" not in make_page(replace(FOUND, evaluation=evaluation))


def test_page_replaces_an_older_one_with_the_same_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "reports" / "backtest"
    page = write_page(FOUND, folder)
    first = page.read_bytes()
    page.write_text("older", encoding="utf-8")
    write_page(FOUND, folder)

    assert page == folder / "index.html"
    assert page.read_bytes() == first
    assert [path.name for path in folder.iterdir()] == ["index.html"]
