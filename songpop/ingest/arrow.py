"""Names for Arrow's objects, whose package ships no types, and the few calls that need one."""

from typing import Any, TypeAlias, cast

import polars as pl

ArrowTable: TypeAlias = Any
"""pyarrow.Table"""
ArrowColumn: TypeAlias = Any
"""pyarrow.Array or pyarrow.ChunkedArray"""


def to_frame(table: ArrowTable) -> pl.DataFrame:
    """Return an Arrow table or batch as a frame."""
    return cast("pl.DataFrame", pl.from_arrow(table))


def to_series(column: ArrowColumn, name: str) -> pl.Series:
    """Return an Arrow column as a series called *name*."""
    return cast("pl.Series", pl.from_arrow(column)).alias(name)
