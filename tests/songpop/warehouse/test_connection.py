import subprocess
import sys
from pathlib import Path

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
