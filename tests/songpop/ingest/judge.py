"""One rule applied to a few cells, as a batch applies it."""

import polars as pl

from songpop.formats.spec import ColumnSpec
from songpop.ingest.rule import Rule, cell_name


def make_column(kind: str, name: str, **options: object) -> ColumnSpec:
    """Return a column of the given kind."""
    return ColumnSpec.model_validate(
        {"name": name, "headers": [name], "kind": kind, "label": name, **options}
    )


def cell_of(column: ColumnSpec) -> pl.Expr:
    """Return the expression that reads the column's text."""
    return pl.col(cell_name(column.name))


def judge(rule: Rule, cells: list[str | None]) -> list[object]:
    """Return each cell's value, or ``!reason`` where it is bad."""
    name = rule.column.name
    frame = pl.DataFrame({cell_name(name): cells}, schema={cell_name(name): pl.String})
    valued = frame.with_columns(rule.value.alias(name))
    judged = valued.select(pl.col(name), pl.when(rule.is_bad).then(rule.reason).alias("reason"))
    return [value if reason is None else f"!{reason}" for value, reason in judged.iter_rows()]
