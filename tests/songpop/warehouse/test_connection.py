from pathlib import Path

from songpop.warehouse.connection import is_locked, open_database

HAS_BAR = "select current_setting('enable_progress_bar')"


def test_slow_statement_has_no_bar_on_standard_output(tmp_path: Path) -> None:
    # Captured output shows none before two seconds, and the setting of that time brings it back.
    with open_database(tmp_path / "x.duckdb") as con:
        assert con.execute(HAS_BAR).fetchall() == [(False,)]
        assert con.cursor().execute(HAS_BAR).fetchall() == [(False,)]


def test_file_that_another_connection_locked_can_be_opened(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    open_database(path).close()
    with open_database(path, read_only=True) as first:
        first.execute("set lock_configuration = true")
        with open_database(path, read_only=True) as second:
            assert is_locked(second)
