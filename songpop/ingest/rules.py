"""All rules of a layout, applied to a batch of cells: typed rows, and those that cannot be."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from songpop.formats.spec import TEXT_COLUMNS, ColumnSpec, FormatSpec, LayoutSpec
from songpop.ingest.arrow import ArrowColumn, ArrowTable, to_frame
from songpop.ingest.dates import date_rule
from songpop.ingest.digits import is_within, read_columns
from songpop.ingest.numbers import number_rule
from songpop.ingest.rule import BAD_SCHEMA, Rule, cell_name
from songpop.ingest.texts import damaged_text, flag_rule, ignored_rule, key_rule, text_rule

_TYPES: Final[dict[str, pl.DataType]] = {
    "VARCHAR": pl.String(),
    "DATE": pl.Date(),
    "BOOLEAN": pl.Boolean(),
    "BIGINT": pl.Int64(),
    "DOUBLE": pl.Float64(),
}
_IS_BAD: Final = cell_name("is_bad")
_STAGED_SCHEMA: Final[dict[str, pl.DataType]] = {
    "line": pl.Int64(),
    "track_id": pl.String(),
    **dict.fromkeys(TEXT_COLUMNS, pl.String()),
    "release_date": pl.Date(),
    "is_explicit": pl.Boolean(),
    "flags": pl.String(),
}


@dataclass(frozen=True, slots=True)
class Typing:
    """What turns the cells of one layout into rows of one week."""

    spec: FormatSpec
    rules: tuple[Rule, ...]
    is_latin1: bool

    def split(self, cells: ArrowTable) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Type the cells and divide the rows.

        Args:
            cells: (n, 1 + c): line, and one text column ``<name>__cell`` a column, null = empty.

        Returns:
            The readable rows, typed, with the columns of the staged table; and the cells of the
            other ones as they came.
        """
        numbers = _read_fast(self.rules, cells)
        slow = [rule for rule in self.rules if rule.column.name not in numbers]
        frame = cells.select(["line", *(cell_name(rule.column.name) for rule in slow)])
        for name, column in numbers.items():
            frame = frame.append_column(name, column)
        values = to_frame(frame).with_columns(rule.value.alias(rule.column.name) for rule in slow)
        is_bad = pl.any_horizontal(rule.is_bad for rule in slow).fill_null(value=False)
        typed = values.select(*self._outputs(), is_bad.alias(_IS_BAD))
        bad = typed.drop_in_place(_IS_BAD)
        if not bad.any():
            return typed, to_frame(cells.slice(0, 0))
        return typed.filter(~bad), to_frame(cells).filter(bad)

    def no_rows(self) -> pl.DataFrame:
        """Return the readable rows of an export that has none."""
        return pl.DataFrame(schema=self._schema())

    def explain(self, cells: pl.DataFrame) -> pl.DataFrame:
        """List the unreadable cells of the rows that ``split`` put aside.

        Returns:
            (m, 3): line, column_name, reason; at least one row a line.
        """
        valued = cells.with_columns(rule.value.alias(rule.column.name) for rule in self.rules)
        parts = [
            valued.select(
                "line",
                pl.lit(rule.column.name).alias("column_name"),
                pl.when(rule.is_bad).then(rule.reason).alias("reason"),
            ).drop_nulls("reason")
            for rule in self.rules
        ]
        schema = {name: BAD_SCHEMA[name] for name in ("line", "column_name", "reason")}
        return pl.concat([pl.DataFrame(schema=schema), *parts]).sort("line", maintain_order=True)

    def _schema(self) -> dict[str, pl.DataType]:
        metrics = {column.name: _TYPES[column.sql_type] for column in self.spec.metrics}
        return {**_STAGED_SCHEMA, **metrics}

    def _outputs(self) -> list[pl.Expr]:
        present = {rule.column.name for rule in self.rules}
        texts = [text for text in TEXT_COLUMNS if text in present]
        made = {
            "line": pl.col("line"),
            "flags": damaged_text(texts, is_latin1=self.is_latin1).alias("flags"),
            **{name: pl.col(name) for name in present},
        }
        return [
            made.get(name, pl.lit(None, kind).alias(name)) for name, kind in self._schema().items()
        ]


def typing_of(spec: FormatSpec, layout: LayoutSpec, week: dt.date, *, is_latin1: bool) -> Typing:
    """Return the typing of one layout for one week.

    Args:
        spec: the format.
        layout: which columns there are, and how dates are written.
        week: the export's; dates may lie up to a year after it.
        is_latin1: whether the text was decoded as latin-1, where a lone ï ends a damaged name.
    """
    rules = tuple(_rule_of(column, layout, week) for column in spec.columns_of(layout))
    return Typing(spec, rules, is_latin1)


def _rule_of(column: ColumnSpec, layout: LayoutSpec, week: dt.date) -> Rule:
    cell = pl.col(cell_name(column.name))
    if column.null_values:
        cell = pl.when(~cell.is_in(list(column.null_values))).then(cell)
    if column.is_metric:
        return number_rule(column, cell)
    if column.kind in {"date", "week"}:
        return date_rule(column, cell, layout.date_formats, week)
    rules = {"key": key_rule, "flag": flag_rule, "text": text_rule, "ignored": ignored_rule}
    return rules[column.kind](column, cell)


def _read_fast(rules: Sequence[Rule], cells: ArrowTable) -> dict[str, ArrowColumn]:
    """Read the columns of whole numbers at once, except those that only their rule can judge."""
    columns = [
        rule.column
        for rule in rules
        if rule.column.is_metric and rule.column.type == "integer" and not rule.column.null_values
    ]
    texts = cells.select([cell_name(column.name) for column in columns]).combine_chunks()
    pieces = [text.chunk(0) for text in texts.columns] if cells.num_rows else []
    read = zip(columns, read_columns(pieces), strict=False)
    return {
        column.name: numbers
        for column, numbers in read
        if numbers is not None and is_within(numbers, column.minimum, column.largest)
    }
