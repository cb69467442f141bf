"""One HTML document that loads nothing: its head, its text, its tables and figures.

All text is escaped here, so that what comes from an export cannot become markup. Functions that
return ``str`` return markup; what they are given as text is text.
"""

import base64
import hashlib
import html
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from songpop.pages.style import STYLE

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
"""Nothing is fetched or run, even if markup from outside should ever get in (W3C, Content Security
Policy Level 3)."""

_JOINERS: Final = "\u200c\u200d"
"""Parts of Persian words and of emoji that nobody sees."""


def make_document(
    title: str, sections: Iterable[str], *, style: str = "", script: str = "", stamp: str = ""
) -> str:
    """Return the whole HTML document with *sections*, markup, as its body.

    Args:
        title: of the document.
        sections: markup; empty ones are left out.
        style: CSS beside that of every page.
        script: JavaScript, of ours; nothing else can run, since the policy names its digest.
        stamp: what the page was made from, for those who ask whether it is still true.
    """
    policy = _POLICY
    if script:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        policy += f"; script-src 'sha256-{digest}'"
    head = (
        '<meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        + (f'<meta name="stamp" content="{escape(stamp)}">' if stamp else "")
        + f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<title>{escape(title)}</title><style>{STYLE}{style}</style>"
    )
    body = "\n".join(section for section in sections if section)
    end = f"<script>{script}</script>" if script else ""
    return (
        f'<!doctype html>\n<html lang="en"><head>{head}</head>\n'
        f"<body><main>{body}</main>{end}</body></html>\n"
    )


def escape(text: str) -> str:
    """Return *text* as it may stand in markup or between quotes.

    Signs that cannot be printed appear as escapes: a right-to-left mark would turn round what
    stands beside it. Blanks of any width, and what joins emoji, are as harmless as letters.
    """
    if not text.isprintable():
        text = "".join(map(_show_sign, text))
    return html.escape(text)


def _show_sign(sign: str) -> str:
    if sign.isprintable() or sign in _JOINERS or unicodedata.category(sign) == "Zs":
        return sign
    return sign.encode("unicode_escape").decode()


def heading(text: str, level: int = 2) -> str:
    """Return *text* as a heading."""
    return f"<h{level}>{escape(text)}</h{level}>"


def paragraph(text: str, kind: str = "") -> str:
    """Return *text* as a paragraph of the style *kind*: ``lead``, ``warn``, ``note`` or none."""
    start = f'<p class="{kind}">' if kind else "<p>"
    return f"{start}{escape(text)}</p>"


def bullets(texts: Iterable[str]) -> str:
    """Return *texts* as a list."""
    return "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>"


def table(
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    caption: str = "",
    marked: Collection[int] = (),
) -> str:
    """Return a table whose first column names its rows; on a narrow screen it scrolls.

    Args:
        header: a title for each column.
        rows: text of each cell.
        caption: what the table shows.
        marked: numbers of the rows that stand out, from 0.
    """
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in header)
    body = "".join(_row(row, is_marked=place in marked) for place, row in enumerate(rows))
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    # Something that scrolls must be reachable by keyboard, and then it needs a name.
    label = escape(caption or f"table of {header[0]}")
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{label}"><table>{title}'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(cells: Sequence[str], *, is_marked: bool) -> str:
    first, *others = cells
    start = '<tr class="marked">' if is_marked else "<tr>"
    rest = "".join(f"<td>{escape(cell)}</td>" for cell in others)
    return f'{start}<th scope="row">{escape(first)}</th>{rest}</tr>'


def figure(caption: str, svg: str) -> str:
    """Return a drawing, markup, under its caption."""
    return f"<figure><figcaption>{escape(caption)}</figcaption>{svg}</figure>"


def side_by_side(parts: Iterable[str]) -> str:
    """Return tables and figures, markup, in a row where there is room for it."""
    return f'<div class="beside">{"".join(parts)}</div>'


def fold(summary: str, content: str) -> str:
    """Return *content*, markup, folded under its summary until it is asked for."""
    return f"<details><summary>{escape(summary)}</summary>{content}</details>"
