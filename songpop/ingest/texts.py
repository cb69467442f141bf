"""Keys, names and flags: kept exactly as decoded, and flagged where earlier hands damaged them."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from songpop.formats.spec import ColumnSpec
from songpop.ingest.rule import Rule, first_true

DAMAGED_TEXT: Final = "damaged_text"
"""What ``flags`` holds where a name is damaged."""

_CONTROL: Final = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F]"
_KEY_CONTROL: Final = r"[\x00-\x1F\x7F]"
# U+FFFD; its UTF-8 bytes read as latin-1, whole or truncated; its low byte, always in pairs, since
# one character was several bytes; and the C1 codes, which no name holds.
_DAMAGED: Final = "\ufffd|ï¿|ýý|[\\x{80}-\\x{9F}]"
# The first of those bytes alone, at the end of a name.
_DAMAGED_LATIN1: Final = f"{_DAMAGED}|ï$"
_FLAGS: Final = {"0": False, "false": False, "1": True, "true": True}


def text_rule(column: ColumnSpec, cell: pl.Expr) -> Rule:
    """Return the rule of a name: any text but control characters, blanks included."""
    return Rule(
        column,
        value=cell,
        is_bad=cell.str.contains(_CONTROL),
        reason=pl.lit("control_character"),
    )


def ignored_rule(column: ColumnSpec, cell: pl.Expr) -> Rule:
    """Return the rule of a column that is known and not kept: any text."""
    return Rule(column, value=cell, is_bad=pl.lit(value=False), reason=pl.lit(None, pl.String))


def key_rule(column: ColumnSpec, cell: pl.Expr) -> Rule:
    """Return the rule of a key: never empty, and of the form that the format declares."""
    key = cell
    if column.extract is not None:
        before, after = column.template.split("{}")
        key = pl.lit(before) + cell.str.extract(column.extract, 1) + pl.lit(after)
    has_control = cell.str.contains(_KEY_CONTROL)
    return Rule(
        column,
        value=key,
        is_bad=pl.col(column.name).is_null() | has_control | (cell != cell.str.strip_chars()),
        reason=first_true(
            [(cell.is_null(), "empty_key"), (has_control, "control_character")], "unreadable_key"
        ),
    )


def flag_rule(column: ColumnSpec, cell: pl.Expr) -> Rule:
    """Return the rule of a flag: 0, 1, true or false in any case."""
    names = pl.Series(list(_FLAGS), dtype=pl.String)
    values = pl.Series(list(_FLAGS.values()), dtype=pl.Boolean)
    return Rule(
        column,
        value=cell.str.to_lowercase().replace_strict(
            names, values, default=None, return_dtype=pl.Boolean
        ),
        is_bad=cell.is_not_null() & pl.col(column.name).is_null(),
        reason=pl.lit("unreadable_flag"),
    )


def damaged_text(names: Sequence[str], *, is_latin1: bool) -> pl.Expr:
    """Return ``damaged_text`` where any of the columns *names* holds damaged text, else null."""
    pattern = _DAMAGED_LATIN1 if is_latin1 else _DAMAGED
    if not names:
        return pl.lit(None, pl.String)
    is_damaged = pl.any_horizontal(pl.col(name).str.contains(pattern) for name in names)
    return pl.when(is_damaged).then(pl.lit(DAMAGED_TEXT))
