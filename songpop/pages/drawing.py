"""Drawings as SVG text that stands inside a page: nothing to load, nothing to run."""

import hashlib
import io
import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from songpop.pages.document import escape
from songpop.pages.style import DARK, INK, variable

Axes = Any
"""matplotlib.axes.Axes"""
Draw = Callable[[Axes], None]
Margins = tuple[float, float, float, float]
"""Left, bottom, right and top of the axes, as shares of the figure."""

PANEL_INCHES: Final = (3.1, 2.9)
_ID_CHARACTERS: Final = 8

_STYLE: Final[Any] = {
    "svg.hashsalt": "songpop",  # else every rendering has other ids
    "svg.fonttype": "path",  # else the labels would depend on the reader's fonts
    "font.family": "DejaVu Sans",  # comes with matplotlib, so every machine draws alike
    "font.size": 8,
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
}


def render(
    panels: Sequence[Draw],
    label: str,
    *,
    columns: int = 1,
    inches: tuple[float, float] = PANEL_INCHES,
    margins: Margins | None = None,
) -> str:
    """Draw panels in rows of *columns*; return one ``<svg>`` element.

    The same panels give the same bytes. Colours of ``songpop.pages.style`` follow the reader's
    preference for light or dark; others stay as they are. Text between two dollar signs is read as
    a formula, so nothing from outside may be drawn.

    Args:
        panels: each draws on the axes that it is given.
        label: what is to be seen, for those who cannot see it.
        columns: panels side by side.
        inches: width and height of a panel.
        margins: left, bottom, right and top of the axes; null: found out, which takes as long
            as all the rest.
    """
    # Half a second of import, the first time, that no other command pays.
    import matplotlib as mpl  # noqa: PLC0415
    from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: PLC0415 - as above

    with mpl.rc_context(_STYLE):
        written = io.StringIO()
        figure = _compose(panels, columns, inches, margins)
        FigureCanvasSVG(figure).print_svg(written, metadata={"Date": None})
    text = written.getvalue()
    return _label(_own_ids(_adapt(text[text.index("<svg") :])), label)


def render_png(
    panel: Draw, *, inches: tuple[float, float], margins: Margins, dots_per_inch: int
) -> bytes:
    """Draw one panel on white; return it as PNG, for programs that show no SVG."""
    import matplotlib as mpl  # noqa: PLC0415 - as above
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - as above

    with mpl.rc_context({**_STYLE, "figure.facecolor": "white"}):
        written = io.BytesIO()
        figure = _compose([panel], 1, inches, margins)
        figure.set_dpi(dots_per_inch)
        FigureCanvasAgg(figure).print_png(written, metadata={"Software": None})
    return written.getvalue()


def _compose(
    panels: Sequence[Draw], columns: int, inches: tuple[float, float], margins: Margins | None
) -> Any:  # noqa: ANN401 - a figure of matplotlib, which has no types
    from matplotlib.figure import Figure  # noqa: PLC0415 - as above

    rows = -(-len(panels) // columns)
    width, height = inches
    layout = "constrained" if margins is None else None
    figure: Any = Figure(figsize=(width * columns, height * rows), layout=layout)
    if margins is not None:
        left, bottom, right, top = margins
        figure.subplots_adjust(left=left, bottom=bottom, right=right, top=top)
    for number, draw in enumerate(panels, start=1):
        draw(figure.add_subplot(rows, columns, number))
    return figure


def _adapt(svg: str) -> str:
    # matplotlib names itself and its vocabulary by address: a page has no use for either.
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    for colour in DARK:
        svg = svg.replace(f": {colour}", f": {variable(colour)}")
    return svg


def _own_ids(svg: str) -> str:
    """Return the drawing with ids that no other drawing of a page has."""
    prefix = "d" + hashlib.blake2b(svg.encode()).hexdigest()[:_ID_CHARACTERS]
    return re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{prefix}-", svg)


def _label(svg: str, label: str) -> str:
    end = svg.index(">")
    text = escape(label)
    return f'{svg[:end]} role="img" aria-label="{text}"><title>{text}</title>{svg[end + 1 :]}'
