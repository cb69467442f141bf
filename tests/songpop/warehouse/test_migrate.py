import hashlib
from pathlib import Path

import duckdb
import pytest

from songpop.errors import CheckError
from songpop.formats.registry import load_formats
from songpop.warehouse import migrate as module
from songpop.warehouse.doctor import audit_migrations
from songpop.warehouse.migrate import add_metric_columns, migrate
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.revision import read_revision
from songpop.warehouse.sqlfiles import list_sql, read_sql
from tests.builders import NOW


def test_migrations_are_applied_once_and_in_order() -> None:
    con = duckdb.connect()

    assert migrate(con, NOW) == list_sql("migrations")
    assert migrate(con, NOW) == []
    rows = con.execute("select name, applied_at from schema_migrations order by rowid").fetchall()
    assert rows == [(name, NOW) for name in list_sql("migrations")]


def fill_a_row(con: duckdb.DuckDBPyConnection) -> None:
    """Write a row into what readers were shown, as every warehouse has that was published."""
    con.execute(
        "insert into mart.publication_weeks by name select 'weekly_scores' as table_name, "
        "'us' as feed, date '2024-01-05' as week, 1 as revision, 2 as rows_count, "
        "170141183460469231731687303715884105727::hugeint as hash_sum"
    )


@pytest.mark.parametrize("count", range(5, len(list_sql("migrations"))))
def test_older_warehouse_with_rows_is_brought_up_to_date(count: int) -> None:
    con = duckdb.connect()
    con.execute(read_sql("load/create_migrations"))
    for name in list_sql("migrations")[:count]:
        con.execute(read_sql(name))
        sha256 = hashlib.sha256(read_sql(name).encode()).hexdigest()
        done = {"name": name, "sha256": sha256, "applied_at": NOW}
        con.execute(read_sql("load/record_migration"), done)
    fill_a_row(con)

    assert migrate(con, NOW) == list_sql("migrations")[count:]

    found = con.execute("select hash_sum from mart.publication_weeks").fetchall()
    assert found == [("170141183460469231731687303715884105727",)]


def test_text_that_was_mended_need_not_be_applied_again(tmp_path: Path) -> None:
    con = duckdb.connect()
    migrate(con, NOW)
    old = "8905df8139b9fbbe5b019220e1ce7f6ac9ca740c1a848cd88d42872c0556a5e0"
    con.execute(
        "update schema_migrations set sha256 = $old where name like '%0016_lake'", {"old": old}
    )

    assert migrate(con, NOW) == []
    assert audit_migrations(con, WarehousePaths(tmp_path)) == []


def test_migration_that_was_edited_after_it_was_applied_is_refused() -> None:
    con = duckdb.connect()
    migrate(con, NOW)
    con.execute("update schema_migrations set sha256 = 'ab' where name = 'migrations/0002_core'")
    got = hashlib.sha256(read_sql("migrations/0002_core").encode()).hexdigest()[:12]
    remedy = "restore the file and put the change into a new migration"

    with pytest.raises(CheckError) as refused:
        migrate(con, NOW)

    message = f"sql/migrations/0002_core.sql: expected SHA-256 ab…, got {got}…; {remedy}"
    assert str(refused.value) == message


def test_digest_of_a_migration_as_it_was_is_shown_in_twelve_digits() -> None:
    con = duckdb.connect()
    migrate(con, NOW)
    con.execute(
        "update schema_migrations set sha256 = '0123456789abcdef' "
        "where name = 'migrations/0002_core'"
    )

    with pytest.raises(CheckError, match="expected SHA-256 0123456789ab…, got"):
        migrate(con, NOW)


def test_warehouse_of_a_newer_songpop_is_refused() -> None:
    con = duckdb.connect()
    migrate(con, NOW)
    for name in ("9999_b", "9999_c", "9999_a"):
        con.execute("insert into schema_migrations values ('migrations/' || ?, '', ?)", [name, NOW])

    with pytest.raises(CheckError) as refused:
        migrate(con, NOW)

    wanted = f"expected migrations up to {max(list_sql('migrations'))}, got migrations/9999_c"
    assert str(refused.value) == f"warehouse: {wanted}; install a newer songpop"


def test_migration_that_fails_leaves_nothing_of_those_before_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    con = duckdb.connect()
    last = max(list_sql("migrations"))

    def read_broken(name: str) -> str:
        return "from nothing" if name == last else read_sql(name)

    monkeypatch.setattr(module, "read_sql", read_broken)
    with pytest.raises(duckdb.CatalogException):
        migrate(con, NOW)
    monkeypatch.undo()

    assert con.execute("from schema_migrations").fetchall() == []
    assert migrate(con, NOW) == list_sql("migrations")


def test_lake_is_made_without_the_ways_in_which_duckdb_stores_columns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    con = duckdb.connect()
    last = max(list_sql("migrations"))

    def read_compressed(name: str) -> str:
        more = "create table main.t (a varchar \n USING Compression nosuch, b integer);"
        return read_sql(name) + (more if name == last else "")

    monkeypatch.setattr(module, "read_sql", read_compressed)
    with pytest.raises(duckdb.Error, match="nosuch"):
        migrate(con, NOW)

    def is_own(asked: duckdb.DuckDBPyConnection) -> bool:
        return asked is con

    monkeypatch.setattr(module, "is_lake", is_own)

    assert migrate(con, NOW) == list_sql("migrations")
    assert con.table("main.t").columns == ["a", "b"]


def test_what_is_recorded_is_the_digest_of_the_text_that_ships() -> None:
    con = duckdb.connect()
    migrate(con, NOW)

    recorded = dict(con.execute("select name, sha256 from schema_migrations").fetchall())

    assert recorded == {
        name: hashlib.sha256(read_sql(name).encode()).hexdigest() for name in list_sql("migrations")
    }


def test_every_metric_of_a_format_gets_a_nullable_column_once() -> None:
    con = duckdb.connect()
    migrate(con, NOW)
    formats = load_formats().values()

    add_metric_columns(con, formats)
    add_metric_columns(con, formats)

    columns = dict(
        con.execute(
            "select column_name, data_type from duckdb_columns() "
            "where table_name = 'track_weeks' and is_nullable"
        ).fetchall()
    )
    for spec in formats:
        for metric in spec.metrics:
            assert columns[metric.name] == ("DOUBLE" if metric.type == "decimal" else "BIGINT")


def test_metric_more_is_news_for_readers_once_there_are_any() -> None:
    con = duckdb.connect()
    migrate(con, NOW)
    formats = load_formats()
    chartmetric, charts = formats["chartmetric"], formats["spotify_charts"]

    add_metric_columns(con, [chartmetric])
    assert read_revision(con) == 0

    con.execute("update mart.publication set revision = 1")
    add_metric_columns(con, [chartmetric])
    assert read_revision(con) == 1

    add_metric_columns(con, [chartmetric, charts])
    assert read_revision(con) == 2
