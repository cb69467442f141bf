"""What a correction changed, cell by cell."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import polars as pl

from songpop.formats.spec import TEXT_COLUMNS, ColumnSpec, FormatSpec
from songpop.ingest.identity import Identity
from songpop.warehouse.frames import registered
from songpop.warehouse.sqlfiles import read_sql

ROW = "(row)"
"""Stands for the column where a whole row appears or vanishes."""

_CELLS = {
    "track_id": pl.String(),
    "column_name": pl.String(),
    "before": pl.String(),
    "after": pl.String(),
}


@dataclass(frozen=True)
class Differences:
    """Changed cells: track_id, column_name, before, after (text; null means empty or absent)."""

    cells: pl.DataFrame

    @classmethod
    def none(cls) -> "Differences":
        """Return the differences of an export that replaces nothing."""
        return cls(pl.DataFrame(schema=_CELLS))

    @property
    def text_count(self) -> int:
        """Number of changed cells in text columns."""
        return self.cells.filter(pl.col("column_name").is_in(TEXT_COLUMNS)).height

    @property
    def metric_count(self) -> int:
        """Number of changed cells, and of rows come or gone, that features can depend on."""
        return self.cells.height - self.text_count

    @property
    def changes_metrics(self) -> bool:
        """Whether a score can differ because of this correction."""
        return self.metric_count > 0

    def store(
        self, con: duckdb.DuckDBPyConnection, sha256: str, replaces_sha256: str, most: int
    ) -> None:
        """Write at most *most* changed cells to raw.differences."""
        with registered(con, "changed_cells", self.cells):
            con.execute(
                read_sql("load/insert_differences"),
                {"sha256": sha256, "replaces_sha256": replaces_sha256, "most": most},
            )


def content_columns(spec: FormatSpec) -> list[ColumnSpec]:
    """Return the format's columns whose cells are kept: all but the key and the week."""
    return [column for column in spec.columns if column.kind not in {"key", "week", "ignored"}]


def compare_exports(
    con: duckdb.DuckDBPyConnection, identity: Identity, spec: FormatSpec, replaced: Sequence[str]
) -> Differences:
    """Compare the rows in ``staged_rows`` with those of the exports that they replace.

    Args:
        con: the writer's connection.
        identity: feed and week of both exports.
        spec: their format.
        replaced: SHA-256 of the exports whose rows stand in core.track_weeks.

    Returns:
        One row per changed cell, sorted by track_id and column_name.
    """
    columns = content_columns(spec)
    names = ", ".join(f'"{column.name}"' for column in columns)
    before = con.execute(
        f"""
        select track_id, {names} from core.track_weeks
        where feed = $feed and week = $week and list_contains($replaced, sha256)
        """,  # noqa: S608 - the names are those that the format declares
        {"feed": identity.feed, "week": identity.week, "replaced": list(replaced)},
    ).pl()
    after = con.execute(f"select track_id, {names} from staged_rows").pl()  # noqa: S608 - as above
    both = before.join(after, on="track_id", suffix="_after")
    changed = [
        both.filter(pl.col(column.name).ne_missing(pl.col(f"{column.name}_after"))).select(
            "track_id",
            pl.lit(column.name).alias("column_name"),
            pl.col(column.name).cast(pl.String).alias("before"),
            pl.col(f"{column.name}_after").cast(pl.String).alias("after"),
        )
        for column in columns
    ]
    gone = _whole_rows(before.join(after, on="track_id", how="anti"), "before")
    come = _whole_rows(after.join(before, on="track_id", how="anti"), "after")
    cells = pl.concat([pl.DataFrame(schema=_CELLS), *changed, gone, come])
    return Differences(cells.sort("track_id", "column_name"))


def _whole_rows(rows: pl.DataFrame, side: str) -> pl.DataFrame:
    return rows.select(
        "track_id",
        pl.lit(ROW).alias("column_name"),
        *(
            (pl.col("track_id") if name == side else pl.lit(None, pl.String)).alias(name)
            for name in ("before", "after")
        ),
    )
