import weakref
from collections.abc import Iterable, Iterator
from typing import cast

import duckdb
import polars as pl
import pyarrow as pa
import pytest
from polars.testing import assert_frame_equal

from songpop.errors import CheckError
from songpop.warehouse.frames import ROW_GROUP_ROWS, registered, registered_stream
from songpop.warehouse.transaction import transaction


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


def test_pieces_are_as_large_as_the_row_groups_of_duckdb() -> None:
    con = duckdb.connect()
    con.execute("create table t as select range as n from range(200_000)")

    groups = con.execute(
        "select sum(count) from pragma_storage_info('t') where segment_type = 'BIGINT' "
        "group by row_group_id order by row_group_id"
    ).fetchall()

    assert groups[0] == (ROW_GROUP_ROWS,)


class Noted:
    """Stands for a connection; keeps what is registered."""

    def __init__(self) -> None:
        self.tables: dict[str, object] = {}

    def register(self, name: str, table: object) -> None:
        self.tables[name] = table

    def unregister(self, name: str) -> None:
        del self.tables[name]


def test_frame_is_handed_over_a_row_group_at_a_time() -> None:
    noted = Noted()
    rows = pl.DataFrame({"number": range(ROW_GROUP_ROWS + 1)})
    df = pl.concat([rows.head(7), rows.tail(-7)], rechunk=False)

    with registered(cast("duckdb.DuckDBPyConnection", noted), "coming", df):
        table = cast("pa.Table", noted.tables["coming"])
        heights = [piece.num_rows for piece in table.to_batches()]

    assert heights == [ROW_GROUP_ROWS, 1]
    assert noted.tables == {}


def count_up(heights: Iterable[int]) -> Iterator[pl.DataFrame]:
    """Yield frames of so many consecutive numbers, with a text each."""
    first = 0
    for height in heights:
        numbers = pl.Series("number", range(first, first + height), pl.Int64())
        yield pl.DataFrame([numbers, numbers.cast(pl.String()).alias("text")])
        first += height


@pytest.mark.parametrize("heights", [(0,), (3,), (2, 0, 5), (2 * ROW_GROUP_ROWS + 1, 7)])
def test_stream_is_stored_whole_and_in_order(heights: tuple[int, ...]) -> None:
    con = duckdb.connect(config={"threads": 2})
    con.execute("create table got (number bigint, text varchar)")

    with transaction(con), registered_stream(con, "coming", count_up(heights)):
        con.execute("insert into got select number, text from coming")

    (wanted,) = count_up([sum(heights)])
    assert_frame_equal(con.execute("from got order by rowid").pl(), wanted)
    with pytest.raises(duckdb.CatalogException):
        con.execute("from coming")


def test_stream_is_asked_for_as_it_is_read() -> None:
    con = duckdb.connect(config={"threads": 1})
    asked: list[int] = []

    def noting() -> Iterator[pl.DataFrame]:
        for number, df in enumerate(count_up([ROW_GROUP_ROWS] * 9)):
            asked.append(number)
            yield df

    with registered_stream(con, "coming", noting()):
        con.execute("select number from coming limit 1").fetchall()

    assert asked[-1] < 8


@pytest.mark.parametrize(
    "error", [CheckError("a part: expected 3 rows, got 2; run again"), KeyboardInterrupt("now")]
)
def test_what_fails_within_a_stream_is_raised_as_it_is(error: BaseException) -> None:
    con = duckdb.connect()
    con.execute("create table got (number bigint, text varchar)")

    def failing() -> Iterator[pl.DataFrame]:
        yield from count_up([5])
        raise error

    with (
        pytest.raises(type(error), match=str(error)),
        transaction(con),
        registered_stream(con, "coming", failing()),
    ):
        con.execute("insert into got from coming")

    assert con.execute("select count(*) from got").fetchall() == [(0,)]


def test_statement_that_fails_is_told_by_duckdb() -> None:
    con = duckdb.connect()

    with (
        pytest.raises(duckdb.BinderException, match="nothing") as caught,
        registered_stream(con, "coming", count_up([5])),
    ):
        con.execute("select nothing from coming")

    assert caught.value.__cause__ is None


def test_stream_is_not_kept_once_it_was_read() -> None:
    con = duckdb.connect()
    frames = [*count_up([5, 5, 5])]
    kept = [weakref.ref(df) for df in frames]

    with transaction(con), registered_stream(con, "coming", iter_and_forget(frames)):
        con.execute("create table got as from coming")
        assert [one() for one in kept] == [None, None, None]


def iter_and_forget(frames: list[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    while frames:
        yield frames.pop(0)
