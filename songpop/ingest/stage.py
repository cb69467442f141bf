"""Staging: every row of an export ends as loaded, duplicate or quarantined, and is counted."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

import duckdb
import polars as pl

from songpop.errors import CheckError, LandingError, expected
from songpop.ingest.batches import RowSource, read_raw_texts
from songpop.ingest.delimited import DelimitedSource
from songpop.ingest.identity import Identity
from songpop.ingest.landed import LandedFile, hash_landed
from songpop.ingest.prefetch import map_ahead
from songpop.ingest.reasons import REFUSALS
from songpop.ingest.rule import BAD_SCHEMA
from songpop.ingest.rules import typing_of
from songpop.ingest.source import is_utf8_text
from songpop.ingest.typed import type_batch
from songpop.settings import IngestSettings
from songpop.warehouse.frames import registered
from songpop.warehouse.sqlfiles import read_sql

# The table takes few large pieces at half the cost of many small ones.
_INSERTED_BYTES: Final = 192 << 20


@dataclass(frozen=True)
class StagedExport:
    """One export as read, with the fate of each row.

    ``loaded + duplicate + quarantined == rows_read``, always.
    """

    identity: Identity
    file_name: str
    size_bytes: int
    sha256: str
    encoding: str
    rows_read: int
    loaded: int
    duplicate: int
    quarantined: int
    damaged_text_count: int
    """Accepted rows with a damaged name."""
    refused_because: str | None
    """A code of REFUSALS; null where the export is accepted."""
    bad: pl.DataFrame
    """line, column_name, reason, raw_text: one row a reason, sorted by line; see BAD_SCHEMA."""
    table: str
    """Temporary table of the accepted rows: line, track_id, the names, release_date, is_explicit,
    flags, and the format's metrics; nothing if refused."""
    source: RowSource = field(repr=False, compare=False)
    cause: str | None = None
    """Why it was refused, in words; null where it was not."""

    def with_bad_lines(self, lines: Iterable[int], reason: str) -> pl.DataFrame:
        """Return ``bad`` with a row for each of *lines*, which the table holds, beside."""
        wanted = pl.Series("line", list(lines), dtype=pl.Int64)
        return _merge(self.bad, _describe_rows(self.source, wanted, reason))

    def without(
        self,
        con: duckdb.DuckDBPyConnection,
        repeats: pl.Series,
        contradictions: pl.Series,
        settings: IngestSettings,
    ) -> "StagedExport":
        """Take rows of the table out: those that repeat or contradict what the week holds.

        Args:
            con: the connection on which it was staged.
            repeats: lines, Int64, which become duplicates.
            contradictions: lines, Int64, which are quarantined.
            settings: the largest share of bad rows.

        Returns:
            The export with the fate of every row; refused whole where too many are bad now.
        """
        lines = pl.concat([repeats, contradictions]).alias("line").to_frame()
        with registered(con, "clashing_rows", lines):
            con.execute(f"delete from {self.table} where line in (from clashing_rows)")  # noqa: S608 - our own temporary table
        quarantined = self.quarantined + len(contradictions)
        bad = self.with_bad_lines(contradictions, "contradicts_week")
        refused_because = _judge(self.rows_read, quarantined, settings)
        if refused_because is not None:
            return replace(self, bad=bad).refuse(con, refused_because)
        loaded, damaged = _count_staged(con, self.table)
        rest = replace(
            self,
            loaded=loaded,
            duplicate=self.duplicate + len(repeats),
            quarantined=quarantined,
            damaged_text_count=damaged,
            bad=bad,
        )
        _check_counts(rest)
        return rest

    def refuse(
        self, con: duckdb.DuckDBPyConnection, because: str, cause: str | None = None
    ) -> "StagedExport":
        """Refuse the export whole: every row of it is quarantined, and its table is empty.

        Args:
            con: the connection on which it was staged.
            because: a code of REFUSALS.
            cause: why, in words; null for those of the code.
        """
        con.execute(f"delete from {self.table}")  # noqa: S608 - our own temporary table
        refused = replace(
            self,
            loaded=0,
            duplicate=0,
            quarantined=self.rows_read,
            damaged_text_count=0,
            refused_because=because,
            cause=cause or REFUSALS[because],
            bad=_list_all(self.file_name, self.source, self.bad, self.rows_read),
        )
        _check_counts(refused)
        return refused


def stage_export(
    con: duckdb.DuckDBPyConnection,
    file: LandedFile,
    identity: Identity,
    settings: IngestSettings,
    *,
    sha256: str | None = None,
) -> StagedExport:
    """Read an export into a temporary table.

    Args:
        con: the writer's connection; only temporary objects are made.
        file: the export.
        identity: its format, feed and week.
        settings: its limits.
        sha256: of the file, where the caller has just computed it; null computes it.

    Returns:
        The export with the fate of every row. One whose share of bad rows exceeds
        max_bad_share, or that has none, is refused whole.

    Raises:
        LandingError: the file cannot be read, changed meanwhile, breaks a limit, or has more bad
            rows than can be listed.
        CheckError: the counts do not add up; nothing may be written.
    """
    with ThreadPoolExecutor(1, "hash") as pool:
        hashing = pool.submit(lambda: sha256 or hash_landed(file))
        is_utf8 = file.kind == "parquet" or is_utf8_text(file, settings)
        source = _open_source(file, identity, settings, is_utf8=is_utf8)
        rows_read, bad = _stage_batches(con, file, source, identity)
        duplicate, repeated = _take_out_repeats(con)
        bad = _merge(bad, _describe_rows(source, repeated, "repeated_key"))
        refused_because = _judge(rows_read, bad["line"].n_unique(), settings)
        if refused_because is not None:
            con.execute(read_sql("load/clear_staged"))
            duplicate, bad = 0, _list_all(file.name, source, bad, rows_read)
    sha256 = hashing.result()
    table = f"staged_{sha256}"
    con.execute(f"drop table if exists {table}")
    con.execute(f"alter table staged_export rename to {table}")
    loaded, damaged = _count_staged(con, table)
    staged = StagedExport(
        identity=identity,
        file_name=file.name,
        size_bytes=file.size_bytes,
        sha256=sha256,
        encoding=source.encoding,
        rows_read=rows_read,
        loaded=loaded,
        duplicate=duplicate,
        quarantined=bad["line"].n_unique(),
        damaged_text_count=damaged,
        refused_because=refused_because,
        bad=bad,
        table=table,
        source=source,
        cause=None if refused_because is None else REFUSALS[refused_because],
    )
    _check_counts(staged)
    return staged


def _open_source(
    file: LandedFile, identity: Identity, settings: IngestSettings, *, is_utf8: bool
) -> RowSource:
    if file.kind == "parquet":
        from songpop.ingest.parquet import ParquetSource  # noqa: PLC0415 - loads slowly

        return ParquetSource(file, identity.recognised, settings)
    return DelimitedSource(file, identity.recognised, settings, is_utf8)


def _stage_batches(
    con: duckdb.DuckDBPyConnection, file: LandedFile, source: RowSource, identity: Identity
) -> tuple[int, pl.DataFrame]:
    """Fill the table with the readable rows; return the rows read and the bad ones."""
    recognised = identity.recognised
    typing = typing_of(
        recognised.spec, recognised.layout, identity.week, is_latin1=source.encoding == "latin-1"
    )
    _execute_with(con, "create_staged", typing.no_rows())
    bad = [pl.DataFrame(schema=BAD_SCHEMA)]
    rows_read, bad_count = 0, 0
    waiting: list[pl.DataFrame] = []
    for batch in map_ahead(partial(type_batch, typing=typing), source.batches()):
        rows_read += batch.rows_count
        bad_count += batch.rows_count - batch.good.height
        _check_listable(file.shown, bad_count, source.settings)
        bad.append(batch.bad)
        waiting.append(batch.good)
        if sum(rows.estimated_size() for rows in waiting) > _INSERTED_BYTES:
            _execute_with(con, "insert_staged", pl.concat(waiting))
            waiting.clear()
    if waiting:
        _execute_with(con, "insert_staged", pl.concat(waiting))
    return rows_read, _merge(*bad)


def _take_out_repeats(con: duckdb.DuckDBPyConnection) -> tuple[int, pl.Series]:
    """Remove repeated rows; return how many repeat a row exactly, and the lines of the others."""
    repeats = con.execute(read_sql("load/staged_repeats")).pl()
    if repeats.height:
        _execute_with(con, "delete_staged", repeats.select("line"))
    is_duplicate = repeats["is_duplicate"]
    return int(is_duplicate.sum()), repeats["line"].filter(~is_duplicate)


def _judge(rows_read: int, bad_count: int, settings: IngestSettings) -> str | None:
    if rows_read == 0:
        return "no_rows"
    return "too_many_bad_rows" if bad_count > settings.max_bad_share * rows_read else None


def _list_all(file_name: str, source: RowSource, bad: pl.DataFrame, rows_read: int) -> pl.DataFrame:
    """Return *bad* with every other row of the file beside."""
    _check_listable(file_name, rows_read, source.settings)
    bad_lines = bad["line"].unique()
    rest = read_raw_texts(source, lambda lines: ~lines.is_in(bad_lines.implode()))
    return _merge(bad, _with_reason(rest, "export_refused"))


def _describe_rows(source: RowSource, lines: pl.Series, reason: str) -> pl.DataFrame:
    if lines.is_empty():
        return pl.DataFrame(schema=BAD_SCHEMA)
    texts = read_raw_texts(source, lambda some: some.is_in(lines.implode()))
    return _with_reason(texts, reason)


def _with_reason(texts: pl.DataFrame, reason: str) -> pl.DataFrame:
    return texts.select(
        "line",
        pl.lit(None, pl.String).alias("column_name"),
        pl.lit(reason).alias("reason"),
        "raw_text",
    )


def _merge(*parts: pl.DataFrame) -> pl.DataFrame:
    return pl.concat(parts).sort("line", maintain_order=True)


def _count_staged(con: duckdb.DuckDBPyConnection, table: str) -> tuple[int, int]:
    """Return the rows of a staged table, and those of them with a damaged name."""
    counts = con.execute(f"select count(*), count(flags) from {table}").fetchall()[0]  # noqa: S608 - our own temporary table
    return int(counts[0]), int(counts[1])


def _execute_with(con: duckdb.DuckDBPyConnection, name: str, rows: pl.DataFrame) -> None:
    with registered(con, "staged_rows_coming", rows):
        con.execute(read_sql(f"load/{name}"))


def _check_listable(file_name: str, count: int, settings: IngestSettings) -> None:
    if count > settings.max_bad_rows:
        wanted = f"at most {settings.max_bad_rows:,} rows to quarantine (max_bad_rows)"
        remedy = "check that it is what its header says; it stays there, nothing of it is recorded"
        raise LandingError(expected(file_name, wanted, "more", remedy))


def _check_counts(staged: StagedExport) -> None:
    total = staged.loaded + staged.duplicate + staged.quarantined
    if total != staged.rows_read:
        got = (
            f"{staged.loaded:,} loaded + {staged.duplicate:,} duplicate + "
            f"{staged.quarantined:,} quarantined = {total:,}"
        )
        wanted = f"{staged.rows_read:,} rows accounted for"
        raise CheckError(expected(staged.file_name, wanted, got, "report this file"))
