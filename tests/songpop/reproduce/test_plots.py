from pathlib import Path
from xml.etree import ElementTree as ET

from songpop.reproduce import plots
from tests.songpop.reproduce.builders import make_reproduction


def draw_all(folder: Path) -> list[str]:
    found = make_reproduction(folder)
    networks = [result for result in found.results if result.model in {"vanilla", "l1", "l2"}]
    return [
        plots.draw_confusions(found.results[:6], found.test_y),
        plots.draw_roc({"leak": found.results[:6], "honest": found.results[6:]}, found.test_y),
        plots.draw_learning_curves(networks),
        plots.draw_grid({"l2": found.results[2].choice}),
    ]


def test_plots_are_svg_that_loads_nothing(tmp_path: Path) -> None:
    for text in draw_all(tmp_path):
        root = ET.fromstring(text)  # noqa: S314 - written by the code under test

        assert root.tag.endswith("svg")
        links = [value for node in root.iter() for key, value in node.items() if "href" in key]
        assert all(link.startswith("#") for link in links)


def test_the_same_figures_give_the_same_bytes(tmp_path: Path) -> None:
    choice = make_reproduction(tmp_path).results[2].choice

    assert plots.draw_grid({"l2": choice}) == plots.draw_grid({"l2": choice})
