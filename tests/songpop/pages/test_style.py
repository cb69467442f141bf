from songpop.pages.style import DARK, STYLE, variable

DARK_PAPER = "#14191f"


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_colours_can_be_told_from_the_dark_paper() -> None:
    for colour in DARK.values():
        assert (luminance(colour) + 0.05) / (luminance(DARK_PAPER) + 0.05) >= 4.5


def test_every_colour_has_a_dark_one_in_the_style() -> None:
    assert f"--paper:{DARK_PAPER}" in STYLE
    for light, dark in DARK.items():
        assert f"--c{light[1:]}:{dark}" in STYLE
        assert variable(light) == f"var(--c{light[1:]},{light})"


def test_style_has_as_many_opening_as_closing_braces() -> None:
    assert STYLE.count("{") == STYLE.count("}")
