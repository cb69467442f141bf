from typing import cast

import duckdb
import polars as pl
import pyarrow as pa
import pytest

from songpop.warehouse.frames import ROW_GROUP_ROWS, registered


@pytest.mark.parametrize("count", [0, 1, ROW_GROUP_ROWS + 1])
def test_block_reads_every_row(count: int) -> None:
    con = duckdb.connect()
    df = pl.DataFrame({"number": pl.int_range(count, eager=True), "name": ["ä"] * count})

    with registered(con, "coming", df):
        got = con.execute("select count(*), count(name), sum(number) from coming").fetchone()

    assert got == (count, count, count * (count - 1) // 2 if count else None)


def test_name_is_free_after_a_failure() -> None:
    con = duckdb.connect()

    with (
        pytest.raises(duckdb.BinderException),
        registered(con, "coming", pl.DataFrame({"a": [1]})),
    ):
        con.execute("select b from coming")

    with pytest.raises(duckdb.CatalogException):
        con.execute("from coming")


def test_pieces_are_as_large_as_the_row_groups_of_duckdb() -> None:
    con = duckdb.connect()
    con.execute("create table t as select range as n from range(200_000)")

    groups = con.execute(
        "select sum(count) from pragma_storage_info('t') where segment_type = 'BIGINT' "
        "group by row_group_id order by row_group_id"
    ).fetchall()

    assert groups[0] == (ROW_GROUP_ROWS,)


class Noted:
    """Stands for a connection; keeps what is registered."""

    def __init__(self) -> None:
        self.tables: dict[str, object] = {}

    def register(self, name: str, table: object) -> None:
        self.tables[name] = table

    def unregister(self, name: str) -> None:
        del self.tables[name]


def test_frame_is_handed_over_a_row_group_at_a_time() -> None:
    noted = Noted()
    rows = pl.DataFrame({"number": range(ROW_GROUP_ROWS + 1)})
    df = pl.concat([rows.head(7), rows.tail(-7)], rechunk=False)

    with registered(cast("duckdb.DuckDBPyConnection", noted), "coming", df):
        table = cast("pa.Table", noted.tables["coming"])
        heights = [piece.num_rows for piece in table.to_batches()]

    assert heights == [ROW_GROUP_ROWS, 1]
    assert noted.tables == {}
