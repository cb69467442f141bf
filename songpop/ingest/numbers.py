"""Counters, gauges and ranks: plain or grouped decimal digits, and nothing else."""

from typing import Final

import polars as pl

from songpop.formats.spec import ColumnSpec
from songpop.ingest.rule import Rule, first_true

# Digits alone, or groups of three behind commas: 12,345 but not 12,34,5.
_DIGITS: Final = r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)"
_WHOLE: Final = rf"^{_DIGITS}$"
_DECIMAL: Final = rf"^{_DIGITS}(?:\.[0-9]+)?$"
_NEGATIVE: Final = rf"^-{_DIGITS}(?:\.[0-9]+)?$"
_NOT_WHOLE: Final = rf"^{_DIGITS}(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?$"
_GROUPED: Final = r"^[0-9,]*,[0-9,]*(?:\.[0-9]+)?$"


def number_rule(column: ColumnSpec, cell: pl.Expr) -> Rule:
    """Return the rule of a metric.

    A cell is read as it stands: surrounding blanks, signs, exponents and other digits than 0 to 9
    are unreadable, so that nothing is guessed.

    Args:
        column: a counter, gauge or rank.
        cell: its text, null where it says nothing.
    """
    is_whole = column.type == "integer"
    number = pl.Int64 if is_whole else pl.Float64
    has_form = cell.str.contains(_WHOLE if is_whole else _DECIMAL)
    value = pl.col(column.name)
    is_too_large = value > column.largest if column.maximum is not None else pl.lit(value=False)
    if not is_whole:
        is_too_large = is_too_large | value.is_infinite()
    is_too_small = value < column.minimum
    return Rule(
        column,
        value=cell.str.replace_all(",", "", literal=True).cast(number, strict=False),
        is_bad=cell.is_not_null()
        & (~has_form | value.is_null() | is_too_large | is_too_small).fill_null(value=True),
        reason=first_true(
            [
                (has_form & is_too_small, "too_small"),
                # Of the right form, yet no value: beyond what the type holds.
                (has_form, "too_large"),
                (cell.str.contains(_NEGATIVE), "negative"),
                (pl.lit(is_whole) & cell.str.contains(_NOT_WHOLE), "not_whole"),
                (cell.str.contains(_GROUPED), "bad_thousands"),
            ],
            "unreadable_number",
        ),
    )
