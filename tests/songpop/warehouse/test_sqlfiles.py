import pytest

from songpop.errors import CheckError
from songpop.warehouse.sqlfiles import SQL_ROOT, list_sql, read_sql


def test_files_are_listed_by_name_and_sorted() -> None:
    names = list_sql("migrations")

    assert names == sorted(names)
    assert names[0] == "migrations/0001_raw"


def test_name_with_a_dot_is_a_table_and_no_suffix() -> None:
    assert "views/mart.movers" in list_sql("views")
    assert read_sql("views/mart.movers").startswith("-- mart.movers: one row per ")


def test_every_file_begins_by_saying_what_it_is() -> None:
    for path in sorted(SQL_ROOT.rglob("*.sql")):
        assert path.read_text(encoding="utf-8").startswith("-- "), path


def test_missing_file_is_named_with_its_remedy() -> None:
    with pytest.raises(CheckError) as refused:
        read_sql("load/none")

    assert str(refused.value) == "sql/load/none.sql: expected a file, got none; reinstall songpop"


def test_unknown_folder_lists_nothing() -> None:
    assert list_sql("nowhere") == []
