"""One batch of an export typed: what is readable, and why the rest is not."""

from dataclasses import dataclass

import polars as pl

from songpop.ingest.batches import Batch
from songpop.ingest.rule import BAD_SCHEMA
from songpop.ingest.rules import Typing


@dataclass(frozen=True, slots=True)
class TypedBatch:
    """The fate of a batch's rows."""

    rows_count: int
    """Rows that were read."""
    good: pl.DataFrame
    """The readable ones, with the columns of the staged table."""
    bad: pl.DataFrame
    """The other ones, in the form of BAD_SCHEMA."""


def type_batch(batch: Batch, typing: Typing) -> TypedBatch:
    """Divide a batch into cells, type them, and list what cannot be read.

    Raises:
        CheckError: the parser and the scan disagree on the batch's rows.
    """
    good, unreadable = typing.split(batch.read_cells())
    bad = [batch.cut, pl.DataFrame(schema=BAD_SCHEMA)]
    if unreadable.height:
        rows = batch.lines.search_sorted(unreadable["line"])
        texts = unreadable.select("line", pl.Series("raw_text", batch.raw(rows.to_list())))
        bad.append(typing.explain(unreadable).join(texts, on="line", how="left"))
    return TypedBatch(batch.rows_count, good, pl.concat(bad))
