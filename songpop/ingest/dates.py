"""Dates: real days with years of four digits, in the layout's formats."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Final

import polars as pl

from songpop.formats.spec import ColumnSpec
from songpop.ingest.rule import Rule, first_true

EARLIEST_DATE: Final = dt.date(1900, 1, 1)
"""No recording on a streaming service was released before."""
MOST_DAYS_AHEAD: Final = 366
"""Announced releases are exported up to a year before they come out."""
LATEST_WEEK: Final = dt.date(9999, 12, 31) - dt.timedelta(days=MOST_DAYS_AHEAD)
"""The last week whose announced releases have a date."""

_DAY_OR_MONTH: Final = "[0-9]{1,2}"


def date_rule(column: ColumnSpec, cell: pl.Expr, formats: Sequence[str], week: dt.date) -> Rule:
    """Return the rule of a release date, or of the week that a row belongs to.

    Args:
        column: of kind date or week.
        cell: its text, null where it says nothing.
        formats: strptime formats of %Y, %m and %d; months and days may lack their leading zero.
        week: the export's. A release date may lie up to a year after it; a week must equal it.
    """
    value = pl.col(column.name)
    if column.kind == "week":
        is_impossible, beyond = value != week, "other_week"
    else:
        latest = week + dt.timedelta(days=MOST_DAYS_AHEAD)
        is_impossible, beyond = (value < EARLIEST_DATE) | (value > latest), "impossible_date"
    return Rule(
        column,
        value=parse_dates(cell, formats),
        is_bad=cell.is_not_null() & (value.is_null() | is_impossible),
        reason=first_true(
            [
                (value.is_not_null(), beyond),
                (_has_form(cell, formats, year_digits=4), "impossible_date"),
                (_has_form(cell, formats, year_digits=2), "two_digit_year"),
            ],
            "unreadable_date",
        ),
    )


def parse_dates(cell: pl.Expr, formats: Sequence[str]) -> pl.Expr:
    """Return the dates that text in one of *formats* names, else null."""
    return pl.coalesce(
        pl.when(cell.str.contains(_pattern(text, year_digits=4)))
        .then(cell)
        .str.to_date(text, strict=False)
        for text in formats
    )


def _has_form(cell: pl.Expr, formats: Sequence[str], *, year_digits: int) -> pl.Expr:
    return pl.any_horizontal(
        cell.str.contains(_pattern(text, year_digits=year_digits)) for text in formats
    )


def _pattern(text: str, *, year_digits: int) -> str:
    fields = {"%Y": f"[0-9]{{{year_digits}}}", "%m": _DAY_OR_MONTH, "%d": _DAY_OR_MONTH}
    pieces = (fields.get(piece) or re.escape(piece) for piece in re.split("(%[Ymd])", text))
    return f"^{''.join(pieces)}$"
