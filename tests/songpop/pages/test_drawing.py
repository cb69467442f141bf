from collections.abc import Callable
from xml.etree import ElementTree as ET

from songpop.pages.drawing import Axes, render
from songpop.pages.style import BLUE, INK, variable
from tests.songpop.pages.read import Page


def line(slope: float) -> Callable[[Axes], None]:
    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, slope], color=BLUE)

    return draw


def test_drawing_names_itself_and_refers_to_nothing_outside() -> None:
    text = render([line(1), line(2)], 'A "line" <b>', columns=2)
    root = ET.fromstring(text)  # noqa: S314 - written by the code under test

    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == 'A "line" <b>'
    assert root[0].text == 'A "line" <b>'
    assert all(address.startswith("#") for address in Page(text).addresses)
    assert "metadata" not in text


def test_colours_follow_the_reader() -> None:
    text = render([line(1)], "line")

    assert f"stroke: {variable(BLUE)}" in text
    assert f": {BLUE}" not in text
    assert f": {INK}" not in text


def test_same_panels_give_the_same_bytes_and_others_other_ids() -> None:
    one, again, other = (render([line(slope)], "line") for slope in (1, 1, 2))

    assert one == again
    assert not set(Page(one).ids) & set(Page(other).ids)
    assert set(Page(one).addresses) <= {f"#{name}" for name in Page(one).ids}
