import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from songpop.warehouse.connection import is_locked, open_database

PROGRAM = """
import duckdb
from songpop.warehouse.connection import open_database
for con in (duckdb.connect(), open_database()):
    print(con.execute("select current_setting('enable_progress_bar')").fetchall())
"""


def test_interpreter_without_a_script_has_no_progress_bar() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.splitlines() == ["[(True,)]", "[(False,)]"]


def test_file_that_another_connection_locked_can_be_opened(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    open_database(path).close()
    with open_database(path, read_only=True) as first:
        first.execute("set lock_configuration = true")
        with open_database(path, read_only=True) as second:
            assert is_locked(second)


def test_only_a_locked_connection_is_said_to_be_locked() -> None:
    with open_database() as con:
        assert not is_locked(con)
        con.execute("set lock_configuration = true")
        assert is_locked(con)


def test_database_is_a_file_or_in_memory_with_the_options_that_are_given(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    with open_database(path, config={"threads": "1"}) as con:
        con.execute("create table t as select 1 as a")
        assert con.execute("select current_setting('threads')").fetchall() == [(1,)]
    with open_database() as con:
        assert con.execute("show tables").fetchall() == []

    with open_database(path, read_only=True) as con:
        assert con.execute("from t").fetchall() == [(1,)]
        with pytest.raises(duckdb.InvalidInputException, match="read-only"):
            con.execute("drop table t")
    with pytest.raises(duckdb.IOException, match="does not exist"):
        open_database(tmp_path / "none.duckdb", read_only=True)
