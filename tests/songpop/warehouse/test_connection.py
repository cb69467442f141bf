import subprocess
import sys
from pathlib import Path

from songpop.warehouse.connection import is_locked, open_database

SLOW = "select sum(a.range * b.range % 7) from range(20_000) a, range(20_000) b"
PROGRAM = """
import sys
from pathlib import Path
from songpop.warehouse.connection import open_database
path = Path(sys.argv[1])
with open_database(path) as con:
    con.execute("set progress_bar_time = 1")
    con.execute(sys.argv[2]).fetchall()
"""


def test_slow_statement_writes_nothing_to_standard_output(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "x.duckdb"), SLOW],
        capture_output=True,
        check=True,
        timeout=120,
    )

    assert (done.stdout, done.stderr) == (b"", b"")


def test_file_that_another_connection_locked_can_be_opened(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    open_database(path).close()
    with open_database(path, read_only=True) as first:
        first.execute("set lock_configuration = true")
        with open_database(path, read_only=True) as second:
            assert is_locked(second)
