"""The form that every column's rule has."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from songpop.formats.spec import ColumnSpec

BAD_SCHEMA: Final[dict[str, pl.DataType]] = {
    "line": pl.Int64(),
    "column_name": pl.String(),
    "reason": pl.String(),
    "raw_text": pl.String(),
}
"""Rows kept aside: one row per reason; column_name is null where the whole record is at fault."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How one column is read: expressions over a frame of cells.

    ``is_bad`` and ``reason`` also read the column that ``value`` became, under its own name.
    """

    column: ColumnSpec
    value: pl.Expr
    """The typed value; null where the cell is empty."""
    is_bad: pl.Expr
    """Whether the cell is unreadable or impossible; null counts as no."""
    reason: pl.Expr
    """A code of ``REASONS``; only asked for bad cells."""


def cell_name(name: str) -> str:
    """Return the name under which the text of column *name* stands in a frame of cells."""
    return f"{name}__cell"


def first_true(cases: list[tuple[pl.Expr, str]], otherwise: str) -> pl.Expr:
    """Return the code of the first condition that holds, else *otherwise*."""
    result = pl.lit(otherwise)
    for condition, code in reversed(cases):
        result = pl.when(condition).then(pl.lit(code)).otherwise(result)
    return result
