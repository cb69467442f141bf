"""Every row of one export in file order: nothing is keyed, so nothing is a duplicate."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import polars as pl

from songpop.errors import FormatError, InputError, expected
from songpop.formats.spec import FormatSpec
from songpop.ingest.batches import RowSource
from songpop.ingest.dates import MOST_DAYS_AHEAD
from songpop.ingest.delimited import DelimitedSource
from songpop.ingest.landed import LandedFile, land_file
from songpop.ingest.reasons import REASONS
from songpop.ingest.recognise import Recognised, recognise
from songpop.ingest.rules import Typing, typing_of
from songpop.ingest.source import is_utf8_text
from songpop.ingest.typed import type_batch
from songpop.settings import IngestSettings

MIN_ROWS: Final = 200
"""Fewer rows leave fewer than 40 to test on, and folds inside folds that lack a class."""

# The week is counted from the dates in the file, so they are read before it is known.
_ANY_WEEK: Final = dt.date.max - dt.timedelta(days=MOST_DAYS_AHEAD)


@dataclass(frozen=True, eq=False)
class ExportRows:
    """What one file says.

    Attributes:
        name: the file's name, safe to print.
        spec: its format, which declares a snapshot source.
        rows: (n, c) in file order: line, track_id, the names, release_date, is_explicit, flags
            and the format's metrics; the snapshot source is never null.
        left_out_count: rows that cannot be read or do not say the snapshot source.
    """

    name: str
    spec: FormatSpec
    rows: pl.DataFrame
    left_out_count: int


def read_rows(
    path: Path, formats: Mapping[str, FormatSpec], settings: IngestSettings
) -> ExportRows:
    """Read an export row by row.

    Args:
        path: the file, in any form that the landing folder takes.
        formats: the declared formats, recognised by the header.
        settings: limits; ``max_bad_share`` is the largest share of rows that may be left out.

    Raises:
        LandingError: the file is absent or cannot be read.
        FormatError: no format has its header, or the one that has declares no snapshot source.
        InputError: too many rows are unreadable, or fewer than 200 remain.
    """
    file = land_file(path)
    recognised = recognise(file, formats, settings)
    source_name = recognised.spec.snapshot_source
    if source_name is None:
        wanted = "an export with a snapshot source, such as Track Score"
        remedy = "pass a Chartmetric-style export"
        got = f"one of the format {recognised.spec.name}, which has none"
        raise FormatError(expected(file.shown, wanted, got, remedy))
    good, bad, rows_count = _read_typed(file, recognised, settings)
    known = good.filter(pl.col(source_name).cast(pl.Float64).is_finite())
    left_out_count = rows_count - known.height
    if left_out_count > settings.max_bad_share * rows_count:
        raise InputError(_describe_bad(file, bad, left_out_count, rows_count))
    if known.height < MIN_ROWS:
        wanted = f"at least {MIN_ROWS} rows"
        remedy = "pass a whole export"
        raise InputError(expected(file.shown, wanted, str(known.height), remedy))
    return ExportRows(file.name, recognised.spec, known, left_out_count)


def _read_typed(
    file: LandedFile, recognised: Recognised, settings: IngestSettings
) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    source = _open_source(file, recognised, settings)
    typing = _typing(recognised, is_latin1=source.encoding == "latin-1")
    typed = [type_batch(batch, typing) for batch in source.batches()]
    good = pl.concat([typing.no_rows(), *(one.good for one in typed)])
    bad = pl.concat([one.bad for one in typed]) if typed else pl.DataFrame()
    return good, bad, sum(one.rows_count for one in typed)


def _open_source(file: LandedFile, recognised: Recognised, settings: IngestSettings) -> RowSource:
    if file.kind == "parquet":
        from songpop.ingest.parquet import ParquetSource  # noqa: PLC0415 - loads slowly

        return ParquetSource(file, recognised, settings)
    return DelimitedSource(file, recognised, settings, is_utf8_text(file, settings))


def _typing(recognised: Recognised, *, is_latin1: bool) -> Typing:
    typing = typing_of(recognised.spec, recognised.layout, _ANY_WEEK, is_latin1=is_latin1)
    # One table is all there is: whatever week it names is the week.
    rules = tuple(rule for rule in typing.rules if rule.column.kind != "week")
    return replace(typing, rules=rules)


def _describe_bad(file: LandedFile, bad: pl.DataFrame, left_out_count: int, rows_count: int) -> str:
    first = ""
    if not bad.is_empty():
        line, reason = bad.sort("line").select("line", "reason").row(0)
        first = f", line {line} for {REASONS[reason]}"
    wanted = "rows that can be read and say the snapshot source"
    got = f"{left_out_count:,} of {rows_count:,} that cannot or do not{first}"
    return expected(file.shown, wanted, got, "mend the export, or export it again")
