from pathlib import Path

import duckdb
import polars as pl
import pytest

from songpop.errors import CheckError, InputError
from songpop.warehouse.paths import WarehousePaths
from songpop.warehouse.query import explain_damage, open_snapshot, run_file, run_query
from tests.builders import week_number
from tests.songpop.warehouse.make_warehouse import damage_blocks, make_healthy

DAMAGED = r"songpop\.duckdb: expected a readable database, got .*; run `songpop repair`"


def make_published(root: Path) -> WarehousePaths:
    paths, con = make_healthy(root)
    con.close()
    return paths


def test_query_answers_with_names_rows_and_their_order(tmp_path: Path) -> None:
    paths = make_published(tmp_path)

    df = run_query(paths, "select track_id, score from mart.current_scores order by score")

    assert df.rows() == [("c", 0.3), ("b", 0.5), ("a", 0.7)]
    assert df.schema == {"track_id": pl.String(), "score": pl.Float64()}


@pytest.mark.parametrize(
    "sql",
    [
        "from mart.movers",
        "with a as (select 1 as b) from a",
        "show all tables",
        "describe mart.weekly_scores",
        "explain select 1",
        "select count(*) from mart.weekly_scores;",
        "-- a comment\nselect 1 as one",
    ],
)
def test_everything_that_reads_is_answered(tmp_path: Path, sql: str) -> None:
    assert run_query(make_published(tmp_path), sql).height > 0


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("interval 1 month + interval 3 day", "1 month 3 days"),
        ("[interval 1 day, null]", "[1 day, NULL]"),
        ("{'age': interval 1 day}", "{'age': 1 day}"),
        ("map {'age': interval 1 day}", "{age=1 day}"),
        ("[{'age': interval 1 day}]", "[{'age': 1 day}]"),
        ("array_value(interval 1 day, interval 2 day)", "[1 day, 2 days]"),
        ("row(1, 'a')", "(1, a)"),
        ("get_type(1)", "INTEGER"),
        ("cast(1 as variant)", "1"),
        ("{'k': union_value(k := 1)}", "{'k': 1}"),
        ("union_value(k := 1)", "1"),
        ("cast(1 as bignum)", "1"),
        (
            "340282366920938463463374607431768211455::uhugeint",
            "340282366920938463463374607431768211455",
        ),
        ("'10:00:00+01'::time with time zone", "10:00:00+01"),
    ],
)
def test_what_polars_cannot_hold_is_shown_as_text(tmp_path: Path, value: str, text: str) -> None:
    rows = "(values (2), (1), (3)) as t(i) order by t.i"
    sql = f'select t.i, {value} as "a ""b"" c" from {rows}'

    df = run_query(make_published(tmp_path), sql)

    assert df.rows() == [(number, text) for number in (1, 2, 3)]
    assert df.columns == ["i", 'a "b" c']


@pytest.mark.parametrize(
    ("sql", "columns"),
    [
        ("select 1 as a, 2 as a, interval 1 day as a where false", ["a", "a_1", "a_2"]),
        ("select interval 1 day as i from mart.weekly_scores where false", ["i"]),
    ],
)
def test_text_of_no_rows_is_no_rows(tmp_path: Path, sql: str, columns: list[str]) -> None:
    df = run_query(make_published(tmp_path), sql)

    assert (df.height, df.columns) == (0, columns)


def test_stored_query_takes_parameters(tmp_path: Path) -> None:
    paths = make_published(tmp_path)
    params = {"feed": "us", "week": week_number(6)}

    df = run_file(paths, "marts/weekly/mart.weekly_scores", params)

    assert df["track_id"].to_list() == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("sql", "pattern"),
    [
        ("selec 1", r"query: expected valid SQL, got Parser Error: .*selec.*; mend the query; "),
        ("", r"query: expected one statement, got 0; ask one at a time"),
        ("from mart.nothing", r"query: expected one that can be answered, got Catalog Error: .*"),
        ("select score / 'a' from mart.movers", r"one that can be answered, got Conversion Error"),
        ("select $track", r"expected one without parameters, got 1: \$track; write their values"),
        ("delete from raw.exports", r"query: expected one that reads, got delete statement; "),
        ("create table t as select 1", r"expected one that reads, got create statement"),
        ("create temp table t as select 1", r"expected one that reads, got create statement"),
        ("set enable_external_access = true", r"expected one that reads, got set statement"),
        ("attach 'other.duckdb'", r"expected one that reads, got attach statement"),
        ("copy (select 1) to 'file.csv'", r"expected one that reads, got copy statement"),
        ("install httpfs", r"expected one that reads, got load statement"),
        ("begin", r"expected one that reads, got transaction statement"),
    ],
)
def test_what_is_no_single_reading_query_is_refused(tmp_path: Path, sql: str, pattern: str) -> None:
    with pytest.raises(InputError, match=pattern) as caught:
        run_query(make_published(tmp_path), sql)

    assert "\n" not in str(caught.value)


MEND = 'mend the query; `songpop sql "show all tables"` lists what there is'


@pytest.mark.parametrize(
    ("sql", "wanted", "got", "remedy"),
    [
        ("select 1 +", "valid SQL", "Parser Error: ", MEND),
        ("select 1; select 2", "one statement", "2", "ask one at a time"),
        ("drop table t", "one that reads", "drop statement", MEND),
        (
            "select 1\nwhere 'x'::integer = 1",
            "one that can be answered",
            "Conversion Error: Could not convert string 'x' to ",
            MEND,
        ),
    ],
)
def test_refusal_says_what_is_wrong_without_a_copy_of_the_query(
    tmp_path: Path, sql: str, wanted: str, got: str, remedy: str
) -> None:
    with pytest.raises(InputError) as refused:
        run_query(make_published(tmp_path), sql)

    message = str(refused.value)
    assert message.startswith(f"query: expected {wanted}, got {got}")
    assert message.endswith(f"; {remedy}")
    assert "LINE" not in message


def test_snapshot_is_sealed_in_every_respect_and_can_be_opened_twice(tmp_path: Path) -> None:
    paths = make_published(tmp_path)
    names = (
        "enable_external_access",
        "autoinstall_known_extensions",
        "autoload_known_extensions",
        "python_enable_replacements",
        "lock_configuration",
        "temp_directory",
    )

    with open_snapshot(paths) as con, open_snapshot(paths) as second:
        for one in (con, second):
            values = [one.execute(f"select current_setting('{name}')").fetchall() for name in names]
            assert values == [[(False,)]] * 4 + [[(True,)], [("",)]]

    with pytest.raises(duckdb.ConnectionException):
        con.execute("select 1")


def edit_snapshot(paths: WarehousePaths, statement: str) -> None:
    paths.snapshot.chmod(0o644)
    with duckdb.connect(str(paths.snapshot)) as con:
        con.execute(statement)


@pytest.mark.parametrize(
    ("statement", "got"),
    [
        ("drop table mart.parquet_files", "Catalog Error: Table with name parquet_files"),
        ("alter table mart.parquet_files rename feed to f", "Binder Error: Referenced column"),
    ],
)
def test_stored_query_that_the_snapshot_cannot_answer_finds_it_older(
    tmp_path: Path, statement: str, got: str
) -> None:
    paths = make_published(tmp_path)
    edit_snapshot(paths, statement)

    with pytest.raises(InputError) as refused:
        run_file(paths, "marts/list_parquet_files")

    message = str(refused.value)
    assert message.startswith(f"{paths.snapshot}: expected the tables of this songpop, got {got}")
    assert message.endswith("; run `songpop run`, which brings an older warehouse up to date")
    assert "\n" not in message


def test_stored_query_that_is_asked_wrongly_says_nothing_of_the_snapshot(tmp_path: Path) -> None:
    paths = make_published(tmp_path)

    with pytest.raises(InputError, match=r"^query: expected one that can be answered, got "):
        run_file(paths, "marts/weekly/mart.weekly_scores", {"feed": "us"})


@pytest.mark.parametrize(
    ("error", "kind", "difference"),
    [
        (
            duckdb.BinderException("Binder Error: no column\nmore"),
            InputError,
            (
                "the tables of this songpop, got Binder Error: no column; "
                "run `songpop run`, which brings an older warehouse up to date"
            ),
        ),
        (
            duckdb.CatalogException("Catalog Error: no table"),
            InputError,
            (
                "the tables of this songpop, got Catalog Error: no table; "
                "run `songpop run`, which brings an older warehouse up to date"
            ),
        ),
        (
            duckdb.OutOfMemoryException("Out of Memory Error: 1 GB\nmore"),
            CheckError,
            (
                "room in memory, got Out of Memory Error: 1 GB; "
                "free memory on this machine, or ask for less; the tables are as they were"
            ),
        ),
        (
            duckdb.IOException("IO Error: bad\nblock \n\nLINE 1: from x"),
            CheckError,
            (
                "a readable database, got IO Error: bad block; "
                "run `songpop repair`, which publishes everything anew"
            ),
        ),
    ],
)
def test_what_is_wrong_with_a_snapshot_in_the_midst_of_reading_is_told_by_kind(
    tmp_path: Path, error: Exception, kind: type[Exception], difference: str
) -> None:
    paths = WarehousePaths(tmp_path)

    with pytest.raises(kind) as told, explain_damage(paths):
        raise error

    assert type(told.value) is kind
    assert str(told.value) == f"{paths.snapshot}: expected {difference}"


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_text('{file}')",
        "select * from '{file}'",
        "select * from glob('{folder}/*')",
        "select * from read_csv('{file}')",
        "select * from duckdb_secrets()",
        "select * from frame",
        "select * from paths",
    ],
)
def test_query_reads_no_file_and_no_variable_of_this_process(tmp_path: Path, sql: str) -> None:
    paths = make_published(tmp_path)
    frame = pl.DataFrame({"secret": [1]})
    file = tmp_path / "secret.csv"
    file.write_text("secret\n1\n")
    text = sql.format(file=file, folder=tmp_path)

    with pytest.raises(InputError, match="query: expected one that can be answered"):
        run_query(paths, text)
    assert frame.height == 1


@pytest.mark.parametrize(
    "statement",
    [
        "set enable_external_access = true",
        "reset lock_configuration",
        "set memory_limit = '9GB'",
        "install httpfs",
        "load httpfs",
        "attach '{file}'",
        "copy (select 1 as a) to '{file}'",
        "export database '{file}'",
        "insert into mart.publication values (1, 'x')",
        "update mart.weekly_scores set score = 1",
        "create table mart.t as select 1 as a",
    ],
)
def test_connection_itself_is_sealed(tmp_path: Path, statement: str) -> None:
    paths = make_published(tmp_path)
    file = tmp_path / "file"
    before = paths.snapshot.read_bytes()

    with open_snapshot(paths) as con, pytest.raises(Exception, match=r"Error: ") as caught:
        con.execute(statement.format(file=file))

    assert type(caught.value).__module__ == "_duckdb"
    assert not file.exists()
    assert paths.snapshot.read_bytes() == before


_WIDE = """
select count(*)
from (select distinct md5(i::varchar) || repeat('x', 90) from range(500_000) as numbers (i))
"""


def test_what_a_page_asks_goes_to_disk_where_it_does_not_fit(tmp_path: Path) -> None:
    paths = make_published(tmp_path)
    paths.scratch.mkdir(parents=True, exist_ok=True)

    with open_snapshot(paths, "48MB") as con:
        assert con.execute("select current_setting('memory_limit')").fetchall() == [("45.7 MiB",)]
        assert con.execute(_WIDE).fetchall() == [(500_000,)]
        with pytest.raises(duckdb.Error):
            con.execute("copy (select 1) to $path", {"path": str(paths.scratch / "file")})

    assert list(paths.scratch.rglob("*")) == []


def test_readers_question_is_never_written_to_disk(tmp_path: Path) -> None:
    paths = make_published(tmp_path)

    with open_snapshot(paths) as con:
        place = con.execute("select current_setting('temp_directory')").fetchall()

    assert place in ([("",)], [(None,)])


def test_absent_snapshot_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError) as told:
        run_query(WarehousePaths(tmp_path), "select 1")

    wanted = "a published warehouse, got none; run `songpop run` first, or pass --warehouse"
    assert str(told.value) == f"{tmp_path / 'songpop.duckdb'}: expected {wanted}"
    assert list(tmp_path.iterdir()) == []


def test_truncated_snapshot_is_named_with_what_to_do(tmp_path: Path) -> None:
    paths = make_published(tmp_path)
    paths.snapshot.chmod(0o644)
    paths.snapshot.write_bytes(paths.snapshot.read_bytes()[:20_000])

    with pytest.raises(CheckError, match=DAMAGED):
        run_query(paths, "select 1")


def test_snapshot_with_a_damaged_block_is_named_with_what_to_do(tmp_path: Path) -> None:
    paths = make_published(tmp_path)
    damage_blocks(paths, "mart.weekly_scores")

    with pytest.raises(CheckError, match=DAMAGED):
        run_query(paths, "select sum(score) from mart.weekly_scores")
