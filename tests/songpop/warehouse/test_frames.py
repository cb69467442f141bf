import duckdb
import polars as pl
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
