"""A file read: every row of it is loaded, duplicate or quarantined, and becomes facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from songpop.errors import CheckError, expected
from songpop.ingest.landed import LandedFile, printable
from songpop.ingest.reasons import REASONS, REFUSALS
from songpop.ingest.rule import BAD_SCHEMA
from songpop.platforms.dates import example_of
from songpop.platforms.facts import FACT_SCHEMA, SPELLING_SCHEMA, make_facts, name_songs
from songpop.platforms.recognise import RecognisedExport
from songpop.platforms.rows import SONG_NAMES, TEXTS, Given, type_table
from songpop.platforms.spec import PlatformSpec
from songpop.platforms.tables import FileTables, Table, read_tables
from songpop.settings import IngestSettings

_SHOWN_CHARACTERS: Final = 60
_NO_TRACK: Final = "not_a_track"


@dataclass(frozen=True)
class StagedFile:
    """A file as read; ``loaded + duplicate + quarantined == rows_read``, always."""

    encoding: str
    rows_read: int
    loaded: int
    duplicate: int
    quarantined: int
    refused_because: str | None
    """A code of REFUSALS; null where the file is accepted."""
    facts: pl.DataFrame
    """One row a number that a loaded row says; see FACT_SCHEMA."""
    spellings: pl.DataFrame
    """How the songs of the loaded rows are written, and their keys; see SPELLING_SCHEMA."""
    bad: pl.DataFrame
    """In the form of BAD_SCHEMA, by line."""
    refused_words: str | None = None
    """Why it was refused, for a person."""


def stage_file(
    file: LandedFile, export: RecognisedExport, given: Given, settings: IngestSettings
) -> StagedFile:
    """Read a file.

    Args:
        file: the export.
        export: its format.
        given: what its rows do not say.
        settings: limits, and the share of bad rows above which it is refused whole. Rows about no
            track are no bad ones.

    Raises:
        LandingError: it cannot be read, or (WaitingError) leaves open which days it is about.
        CheckError: the counts do not add up.
    """
    read = read_tables(file, export, settings)
    parts = [_stage_table(table, export.spec, given) for table in read.tables]
    bad = pl.concat([pl.DataFrame(schema=BAD_SCHEMA), *(part.bad for part in parts)])
    rows_read = read.rows_read
    quarantined = bad["line"].n_unique()
    wrong = bad.filter(pl.col("reason") != _NO_TRACK).sort("line", maintain_order=True)
    refused = "no_rows" if rows_read == 0 else None
    if wrong["line"].n_unique() > settings.max_bad_share * rows_read:
        refused = "too_many_bad_rows"
    staged = StagedFile(
        encoding=read.encoding,
        rows_read=rows_read,
        loaded=sum(part.loaded for part in parts),
        duplicate=sum(part.duplicate for part in parts),
        quarantined=quarantined,
        refused_because=refused,
        facts=pl.concat([pl.DataFrame(schema=FACT_SCHEMA), *(part.facts for part in parts)]),
        spellings=pl.concat(
            [pl.DataFrame(schema=SPELLING_SCHEMA), *(part.spellings for part in parts)]
        ).unique(maintain_order=True),
        bad=bad.sort("line", maintain_order=True),
        refused_words=_tell_refusal(refused, wrong, read, export.spec, settings.max_bad_share),
    )
    _check_counts(file, staged)
    return staged if refused is None else _refuse(staged, [part.accepted for part in parts])


@dataclass(frozen=True)
class _Part:
    loaded: int
    duplicate: int
    facts: pl.DataFrame
    spellings: pl.DataFrame
    bad: pl.DataFrame
    accepted: pl.DataFrame
    """line and raw_text of the rows that are not bad."""


def _stage_table(table: Table, spec: PlatformSpec, given: Given) -> _Part:
    typed = type_table(table, spec, given)
    fate = _find_repeats(table, typed.good, spec)
    duplicates = fate.filter(is_duplicate=True)["line"]
    clashes = fate.filter(is_duplicate=False)["line"]
    rows = typed.good.filter(~pl.col("line").is_in(fate["line"].to_list()))
    texts = typed.shown
    clashing = texts.filter(pl.col("line").is_in(clashes.to_list())).select(
        "line",
        pl.lit(None, pl.String).alias("column_name"),
        pl.lit("repeated_key").alias("reason"),
        "raw_text",
    )
    bad = pl.concat([typed.bad, clashing])
    keyed, spellings = name_songs(rows, spec)
    return _Part(
        loaded=rows.height,
        duplicate=len(duplicates),
        facts=make_facts(keyed, spec, typed.grain),
        spellings=spellings,
        bad=bad,
        accepted=texts.join(bad.select("line"), on="line", how="anti"),
    )


def _find_repeats(table: Table, good: pl.DataFrame, spec: PlatformSpec) -> pl.DataFrame:
    """Return the lines that are left out, and whether each says just what another one says.

    Rows that add up clash with none: only what is the same in every cell, money and numbers of
    invoices included, is the same row. In other files one song may be written in several ways; its
    rows repeat each other as if it were written in one.
    """
    if spec.adds_up:
        return _list_repeats(table.cells.join(good.select("line"), on="line", how="semi"))
    named, _ = name_songs(good, spec)
    cells = table.cells.drop(SONG_NAMES, strict=False).join(
        named.select("line", "subject_id"), on="line", how="inner", maintain_order="left"
    )
    repeats = _list_repeats(cells)
    key = ["day", "subject_id", *(name for name in TEXTS if name not in SONG_NAMES)]
    firsts = named.join(repeats.select("line"), on="line", how="anti")
    clashing = firsts.filter(pl.struct(key).is_duplicated())
    clashed = named.join(clashing.select(key).unique(), on=key, how="semi", nulls_equal=True)
    clashes = clashed.select("line", is_duplicate=pl.lit(value=False))
    return pl.concat([repeats.join(clashes, on="line", how="anti"), clashes])


def _list_repeats(cells: pl.DataFrame) -> pl.DataFrame:
    """Return the lines that are the same as an earlier one in every other column."""
    is_first = pl.struct(pl.exclude("line")).is_first_distinct()
    return cells.filter(~is_first).select("line", is_duplicate=pl.lit(value=True))


def _tell_refusal(
    code: str | None, wrong: pl.DataFrame, read: FileTables, spec: PlatformSpec, most_share: float
) -> str | None:
    """Return in words why a file is refused; *wrong* are its bad cells, by line."""
    if code != "too_many_bad_rows":
        return None if code is None else REFUSALS[code]
    line, column, reason = wrong.select("line", "column_name", "reason").row(0)
    where = f"line {line}" if column is None else f"line {line}, {column}"
    cell = _find_cell(read, line, column)
    wanted = f"expected {example_of(spec.date_formats)}, " if reason == "unreadable_date" else ""
    what = REASONS[reason] if cell is None else f"{REASONS[reason]}: {wanted}got {cell}"
    return (
        f"{wrong['line'].n_unique():,} of {read.rows_read:,} rows are bad (first {where}: "
        f"{what}), more than the {most_share:.4g} of max_bad_share"
    )


def _find_cell(read: FileTables, line: int, column: str | None) -> str | None:
    """Return what stands in a cell, safe to print; null where it is empty."""
    texts = [
        text
        for table in read.tables
        if column in table.cells.columns
        for text in table.cells.filter(line=line)[column].to_list()
        if text is not None and text.strip()
    ]
    return printable(texts[0].strip())[:_SHOWN_CHARACTERS] if texts else None


def _refuse(staged: StagedFile, accepted: Sequence[pl.DataFrame]) -> StagedFile:
    """Return the file with every row of it quarantined."""
    rest = pl.concat(accepted).select(
        "line",
        pl.lit(None, pl.String).alias("column_name"),
        pl.lit("export_refused").alias("reason"),
        "raw_text",
    )
    return StagedFile(
        encoding=staged.encoding,
        rows_read=staged.rows_read,
        loaded=0,
        duplicate=0,
        quarantined=staged.rows_read,
        refused_because=staged.refused_because,
        facts=staged.facts.clear(),
        spellings=staged.spellings.clear(),
        bad=pl.concat([staged.bad, rest]).sort("line", maintain_order=True),
        refused_words=staged.refused_words,
    )


def _check_counts(file: LandedFile, staged: StagedFile) -> None:
    total = staged.loaded + staged.duplicate + staged.quarantined
    if total != staged.rows_read:
        got = (
            f"{staged.loaded:,} loaded + {staged.duplicate:,} duplicate + "
            f"{staged.quarantined:,} quarantined = {total:,}"
        )
        wanted = f"{staged.rows_read:,} rows accounted for"
        raise CheckError(expected(file.shown, wanted, got, "report this file"))
