"""Tables whose cells are markup: scores, tracks and small drawings beside words."""

from collections.abc import Iterable, Sequence
from typing import Final

from songpop.pages.document import escape

Markup = str
Cell = tuple[Markup, float | str] | Markup
"""Markup, and what it is sorted by where that is something else than its text."""

WORDS: Final = "words"
"""Class of columns that hold words, which begin at the left."""
STACKED: Final = "stack"
"""Class of tables whose rows become blocks on a narrow screen, each cell after its title."""
UNTITLED: Final = "untitled"
"""Class of tables that stand under words which say the same as their caption."""


def make_table(
    header: Sequence[tuple[str, str]],
    rows: Iterable[Sequence[Cell]],
    caption: str,
    name: str = "",
    kind: str = "",
) -> Markup:
    """Return a table whose first column names its rows; on a narrow screen it scrolls.

    Args:
        header: title and class of each column; the class may be empty.
        rows: markup of each cell.
        caption: what the table shows.
        name: its id, where a script or a link refers to it.
        kind: ``STACKED``, ``UNTITLED`` or both, with a blank between.
    """
    head = "".join(f'<th scope="col"{_class(kind)}>{escape(title)}</th>' for title, kind in header)
    kinds = [kind for _, kind in header]
    body = "".join(f"<tr>{_cells(row, kinds)}</tr>\n" for row in rows)
    own = (f' id="{name}"' if name else "") + _class(kind)
    if STACKED in kind:
        titles = (f"--h{place}:'{escape(title)}'" for place, (title, _) in enumerate(header, 1))
        own += f' style="{";".join(titles)}"'
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{escape(caption)}">'
        f"<table{own}><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _cells(row: Sequence[Cell], kinds: Sequence[str]) -> Markup:
    parts: list[str] = []
    for place, (cell, kind) in enumerate(zip(row, kinds, strict=True)):
        content, value = cell if isinstance(cell, tuple) else (cell, None)
        sorts = "" if value is None else f' data-v="{escape(str(value))}"'
        start = '<th scope="row"' if place == 0 else "<td"
        end = "</th>" if place == 0 else "</td>"
        parts.append(f"{start}{_class(kind)}{sorts}>{content}{end}")
    return "".join(parts)


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


def show_bar(share: float) -> Markup:
    """Return a share of [0, 1] as a small bar, for the eye alone."""
    return f'<span class="bar" aria-hidden="true"><i style="width:{100 * share:.0f}%"></i></span>'
