"""Frames handed to SQL statements."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Final

import duckdb
import polars as pl
import pyarrow as pa

ROW_GROUP_ROWS: Final = 122_880
"""Rows of one of DuckDB's row groups (its documentation, "Tuning Workloads")."""


@contextmanager
def registered(con: duckdb.DuckDBPyConnection, name: str, df: pl.DataFrame) -> Generator[None]:
    """Let the statements of the block read *df* under *name*.

    It is handed over a row group at a time. DuckDB reads each piece of an Arrow table on one
    thread, so one large piece would be compressed by one thread alone: an insert of 1 M scores
    takes 2.8 s instead of 5.5 s on two cores.
    """
    table = df.to_arrow().combine_chunks()
    pieces = table.to_batches(max_chunksize=ROW_GROUP_ROWS)
    con.register(name, pa.Table.from_batches(pieces, schema=table.schema))
    try:
        yield
    finally:
        con.unregister(name)


@contextmanager
def registered_stream(
    con: duckdb.DuckDBPyConnection, name: str, frames: Iterator[pl.DataFrame]
) -> Generator[None]:
    """Let one statement of the block read *frames*, in their order, under *name*; only once.

    Each is asked for when DuckDB wants its rows, and two are held at most. (Registered in turn,
    they would stay: inside a transaction DuckDB keeps what was registered until its end.) What is
    raised in making them, an interrupt too, is raised by the block.

    Args:
        con: a connection.
        name: what the statement calls them.
        frames: at least one, all of the same columns, best of ``ROW_GROUP_ROWS`` rows.
    """
    first = next(frames).to_arrow().combine_chunks()
    waiting = [first]
    failures: list[BaseException] = []

    def read() -> Iterator[object]:
        yield from waiting.pop().to_batches(max_chunksize=ROW_GROUP_ROWS)
        try:
            for df in frames:
                table = df.to_arrow().combine_chunks()
                yield from table.to_batches(max_chunksize=ROW_GROUP_ROWS)
        except BaseException as error:
            failures.append(error)
            raise

    con.register(name, pa.RecordBatchReader.from_batches(first.schema, read()))
    del first
    try:
        yield
    except (duckdb.Error, RuntimeError) as error:
        # DuckDB tells of what failed in its own words, of an interrupt as a RuntimeError.
        if failures:
            raise failures[0] from error
        raise
    finally:
        con.unregister(name)
