"""Text from exports, made harmless for a spreadsheet, a terminal and an editor.

The rules are those of OWASP: ASVS 5.0, 1.2.10, and "CSV Injection". They add an apostrophe and
nothing else, so that what was there can be had back; invisible signs are written as escapes.
"""

from typing import Final

import polars as pl

MOST_UNITS: Final = 32_767
"""UTF-16 units that a cell of Excel holds; what is beyond them would begin a cell of its own."""

_KEPT_CONTROLS: Final = "\t\n"
_BIDI_CONTROLS: Final = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Bidi_Control of Unicode Standard Annex 9, all twelve."""
_OTHER_INVISIBLE: Final = "\u2028\u2029\ufeff"
"""Line and paragraph separators, and a byte order mark within a text."""
_ESCAPES: Final = {
    sign: sign.encode("unicode_escape").decode()
    for sign in [
        *(chr(code) for code in [*range(0x20), *range(0x7F, 0xA0)]),
        *_BIDI_CONTROLS,
        *_OTHER_INVISIBLE,
    ]
    if sign not in _KEPT_CONTROLS
}
# Full-width and small forms are typed in East Asian locales, where they begin a formula too.
_SIGN: Final = "[=+@\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b-]"
# Zero-width signs and joiners are no blanks to a regular expression, and none to the eye.
_BLANK: Final = r"[\s\x{200B}-\x{200D}\x{2060}]"
# The apostrophes before keep it reversible: a text that has one already gets another.
_AT_START: Final = rf"^('*(?:{_BLANK}*{_SIGN}|[\t\n]))"
# Where a list separator is a semicolon, the same file is cut at semicolons, quoted or not.
_AFTER_SEPARATOR: Final = rf"([;\t\n](?:{_BLANK}|\")*)('*{_SIGN})"


def make_harmless(df: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Return *df* with its text columns made harmless, and how many cells had to be cut.

    Columns of other types are left alone, so that a negative number stays a number; those that are
    neither finite nor null become null.

    Args:
        df: any rows, its nested columns written as text already.
    """
    texts = [name for name, kind in df.schema.items() if kind == pl.String]
    floats = [name for name, kind in df.schema.items() if kind.is_float()]
    safe = df.with_columns(
        *(_protect(pl.col(name)) for name in texts),
        *(pl.when(pl.col(name).is_finite()).then(pl.col(name)) for name in floats),
    )
    if not texts:
        return safe, 0
    count = safe.select(pl.sum_horizontal(_is_long(pl.col(name)).sum() for name in texts)).item()
    return safe.with_columns(_cut(pl.col(name)) for name in texts), int(count)


def _protect(text: pl.Expr) -> pl.Expr:
    shown = text.str.replace_many(list(_ESCAPES), list(_ESCAPES.values()))
    return shown.str.replace_all(_AFTER_SEPARATOR, "${1}'${2}").str.replace(_AT_START, "'${1}")


def _is_long(text: pl.Expr) -> pl.Expr:
    units = text.str.len_chars() + text.str.count_matches(r"[\x{10000}-\x{10FFFF}]")
    return units > MOST_UNITS


def _cut(text: pl.Expr) -> pl.Expr:
    """Return *text* cut, where it is long, to a length that emoji alone would still fit in."""
    return (
        pl.when(_is_long(text))
        .then(text.str.head(MOST_UNITS // 2 - 1) + pl.lit("…"))
        .otherwise(text)
        .name.keep()
    )
