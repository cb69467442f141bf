from pathlib import Path
from typing import cast

import duckdb
import polars as pl
import pyarrow as pa
import pytest
from polars.testing import assert_frame_equal

from songpop.warehouse.frames import ROW_GROUP_ROWS, registered, registered_files
from songpop.warehouse.parts import PartsWriter
from songpop.warehouse.transaction import transaction


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


def make_files(folder: Path) -> tuple[Path, ...]:
    """Return three files of the numbers from 0 to 4."""
    writer = PartsWriter(folder, "rows", 2)
    writer.add(pl.DataFrame({"number": range(5)}))
    return writer.finish().files


@pytest.mark.parametrize("name", ["plain", "it's [1]*", "k=1"])
def test_files_are_read_under_one_name(tmp_path: Path, name: str) -> None:
    con = duckdb.connect()
    files = make_files(tmp_path / name)

    with registered_files(con, "coming", files):
        got = con.execute("select number from coming order by number").pl()

    assert len(files) == 3
    assert_frame_equal(got, pl.DataFrame({"number": range(5)}))
    with pytest.raises(duckdb.CatalogException):
        con.execute("from coming")


def test_failure_takes_the_name_of_files_back_with_its_transaction(tmp_path: Path) -> None:
    con = duckdb.connect()
    files = make_files(tmp_path)

    for _ in range(2):
        with (
            pytest.raises(duckdb.BinderException),
            transaction(con),
            registered_files(con, "coming", files),
        ):
            con.execute("select nothing from coming")

    with pytest.raises(duckdb.CatalogException):
        con.execute("from coming")


def test_name_of_files_may_be_taken_by_what_an_earlier_block_left(tmp_path: Path) -> None:
    con = duckdb.connect()
    con.execute("create temp view coming as select 'earlier' as number")

    with registered_files(con, "coming", make_files(tmp_path)):
        assert con.execute("select sum(number) from coming").fetchall() == [(10,)]
