from pathlib import Path

import duckdb

from songpop.warehouse.cursors import cursor_at_home, name_database, use_database


def test_cursor_uses_the_database_of_its_connection(tmp_path: Path) -> None:
    with duckdb.connect() as con:
        con.execute(f"attach '{tmp_path / 'x.duckdb'}' as \"the lake\"")
        assert name_database(con) == "memory"
        use_database(con, "the lake")

        with cursor_at_home(con) as cursor:
            assert name_database(cursor) == "the lake"
            cursor.execute("create table t as select 1 as a")
            use_database(cursor, "memory")

        assert name_database(con) == "the lake"
        assert con.execute("from t").fetchall() == [(1,)]
