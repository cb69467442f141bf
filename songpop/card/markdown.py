"""Markdown whose shape no text can break, and figures rounded for people."""

import re
from collections.abc import Iterable, Sequence

UNKNOWN = "–"
"""Stands for a figure that does not exist."""

_SIGNS = re.compile(r"[\\`*\[\]<>|~&$]|(?<![^\W_])_|_(?![^\W_])")
"""What Markdown would act upon within a line; an underscore inside a word it leaves alone."""


def make_safe(text: str) -> str:
    """Return *text* on one line, control and direction characters as visible escapes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def plain(value: object) -> str:
    """Return *value* so that Markdown shows it as it is, whatever it holds.

    Backslash escapes as in CommonMark, section 2.4; the result is one line of printable text.
    """
    return _SIGNS.sub(lambda found: "\\" + found[0], make_safe(str(value)))


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table, its columns padded so that the source can be read as well.

    Numbers should come as text already; every cell is escaped. The first column is aligned to
    the left, the others to the right.
    """
    cells = [[plain(cell) for cell in row] for row in [header, *rows]]
    widths = [max(3, *(len(cell) for cell in column)) for column in zip(*cells, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    padded = (
        [row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))]
        for row in (cells[0], rule, *cells[1:])
    )
    return "\n".join("| " + " | ".join(row) + " |" for row in padded)


def bullets(items: Iterable[str]) -> str:
    """Return a list; the items are Markdown already, one line each."""
    return "\n".join(f"- {item}" for item in items)


def count(number: int) -> str:
    """Return a whole number with thousands separators."""
    return f"{number:,}"


def rows_of(number: int) -> str:
    """Return a number of rows in words."""
    return "1 row" if number == 1 else f"{number:,} rows"


def weeks_of(number: int) -> str:
    """Return a number of weeks in words."""
    return "1 week" if number == 1 else f"{number:,} weeks"


def share(value: float | None) -> str:
    """Return a share in per cent, to one decimal."""
    return UNKNOWN if value is None else f"{100 * value:.1f} %"


def level(value: float | None) -> str:
    """Return a loss, an error or an area, to three decimals."""
    return UNKNOWN if value is None else f"{value:.3f}"


def factor(value: float | None) -> str:
    """Return a ratio, to two decimals."""
    return UNKNOWN if value is None else f"{value:.2f}×"


def signed(value: float) -> str:
    """Return a difference with its sign, to four decimals."""
    text = f"{value:+.4f}"
    return "0.0000" if float(text) == 0 else text.replace("-", "−")
