import duckdb
import pytest

from songpop.warehouse.transaction import transaction


def write_and_fail(con: duckdb.DuckDBPyConnection, error: type[BaseException]) -> None:
    con.execute("insert into t values (1)")
    raise error


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_block_that_is_left_by_an_error_writes_nothing(error: type[BaseException]) -> None:
    with duckdb.connect() as con:
        con.execute("create table t (a integer)")

        with pytest.raises(error), transaction(con):
            write_and_fail(con, error)

        assert con.execute("from t").fetchall() == []
        with transaction(con):
            con.execute("insert into t values (2)")
        assert con.execute("from t").fetchall() == [(2,)]
