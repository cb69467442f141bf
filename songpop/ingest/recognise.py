"""Which format and layout a file is: by its header, never by its name."""

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from songpop.errors import FormatError, expected
from songpop.formats.spec import FormatSpec, LayoutSpec
from songpop.ingest.headers import DELIMITERS, Match, describe_mismatch, match_header, nearest_match
from songpop.ingest.landed import LandedFile
from songpop.ingest.quoting import split_record
from songpop.ingest.source import read_bytes
from songpop.settings import IngestSettings

PREAMBLE_MAXIMUM: Final = 10
"""Most lines before the header."""
SAMPLE_ROWS: Final = 20
"""Rows that are looked at for the week before the whole file is read."""

_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
_UTF16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ZIP_MARK: Final = b"PK\x03\x04"
_LOOKED_AT_BYTES: Final = 256


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file's header says."""

    spec: FormatSpec
    layout: LayoutSpec
    columns: tuple[str, ...]
    """The format's names of the columns, in the order of the file."""
    header_line: int
    """Physical line of the header, from 1; 0 in Parquet, which has none."""
    sample: tuple[tuple[str, ...], ...]
    """Cells of the first rows, where they tell the week."""


def recognise(
    file: LandedFile, formats: Mapping[str, FormatSpec], settings: IngestSettings
) -> Recognised:
    """Find the format and the layout whose columns the header of *file* names.

    Order and aliases are free; blanks around a header and its case do not matter; up to ten lines
    may precede it.

    Raises:
        FormatError: the file is empty, or its header is none of the declared ones; the message
            names what is missing and unknown against the nearest.
        LandingError: the file cannot be read.
    """
    if file.kind == "parquet":
        from songpop.ingest.parquet import read_parquet_head  # noqa: PLC0415 - loads slowly

        names, sample = read_parquet_head(file, settings, SAMPLE_ROWS)
        _check_count(file, len(names), settings)
        match = _choose(file, match_header(names, formats, None), names, formats)
        return Recognised(match.spec, match.layout, match.columns, 0, sample)
    lines = read_head(file, settings)
    for number, line in enumerate(lines[: PREAMBLE_MAXIMUM + 1], start=1):
        matches = _match_line(line, formats)
        if matches:
            match = _choose(file, matches, [], formats)
            sample = _read_sample(lines[number:], match)
            return Recognised(match.spec, match.layout, match.columns, number, sample)
    first = lines[: PREAMBLE_MAXIMUM + 1]
    raise FormatError(
        _describe_delimiter(file, first, formats) or _describe_lines(file, first, formats, settings)
    )


def read_head(file: LandedFile, settings: IngestSettings) -> list[bytes]:
    """Return the physical lines of the first max_line_bytes of the text.

    Raises:
        FormatError: the file is empty, UTF-16, a zip archive or spreadsheet, or one endless line.
        LandingError: it cannot be read.
    """
    text = next(read_bytes(file, settings), b"")
    if text.startswith(_ZIP_MARK):
        got, remedy = "a spreadsheet or a zip archive", "save it as CSV, or unpack it"
        raise FormatError(expected(file.shown, "text as UTF-8", got, remedy))
    beginning = text[:_LOOKED_AT_BYTES]
    if 4 * beginning.count(0) > 3 * len(beginning):
        # What a file system may leave of a file that was being written when the power went.
        got, remedy = "one that begins with NUL bytes", "copy or export it again"
        raise FormatError(expected(file.shown, "text as UTF-8", got, remedy))
    if text.startswith(_UTF16_MARKS) or _is_half_nul(beginning):
        raise FormatError(expected(file.shown, "text as UTF-8", "UTF-16", "export it as UTF-8"))
    head = text.removeprefix(codecs.BOM_UTF8)[: settings.max_line_bytes + 1]
    if not head.strip():
        got = "an empty file" if not text else "blank lines"
        raise FormatError(expected(file.shown, "a header and rows", got, "export it again"))
    lines = _LINE_END.split(head)
    # The last line may go on beyond the head.
    whole = lines[:-1] if len(head) > settings.max_line_bytes else lines
    if not whole:
        wanted = f"a header of at most {settings.max_line_bytes:,} bytes (max_line_bytes)"
        remedy = "check that it is an export, or raise the setting"
        raise FormatError(expected(file.shown, wanted, "a longer line", remedy))
    return whole


def is_text(file: LandedFile, settings: IngestSettings) -> bool:
    """Whether a file has lines that could be an export's.

    Raises:
        LandingError: it cannot be read.
    """
    try:
        return bool(read_head(file, settings))
    except FormatError:
        return False


def _is_half_nul(text: bytes) -> bool:
    """Whether every other byte is NUL, as in UTF-16 of Latin letters without its mark."""
    return any(2 * half.count(0) > len(half) for half in (text[::2], text[1::2]))


def _match_line(line: bytes, formats: Mapping[str, FormatSpec]) -> list[Match]:
    delimiters = sorted({layout.delimiter for spec in formats.values() for layout in spec.layouts})
    return [
        match
        for delimiter in delimiters
        if (names := split_names(line, delimiter)) is not None
        for match in match_header(names, formats, delimiter)
        if match.is_exact
    ]


def split_names(line: bytes, delimiter: str) -> list[str] | None:
    """Return the cells of a header's line; null where its quoting is malformed."""
    cells = split_record(line, delimiter.encode())
    return None if cells is None else [_decode(cell) for cell in cells]


def _decode(cell: bytes) -> str:
    try:
        return cell.decode()
    except UnicodeDecodeError:
        return cell.decode("latin-1")


def _choose(
    file: LandedFile, matches: list[Match], names: list[str], formats: Mapping[str, FormatSpec]
) -> Match:
    exact = [match for match in matches if match.is_exact]
    if not exact:
        raise FormatError(describe_mismatch(file.shown, nearest_match(matches), names, formats))
    if len({match.spec.name for match in exact}) > 1:
        both = " and ".join(sorted({match.spec.name for match in exact}))
        remedy = "tell their headers apart in the format files"
        raise FormatError(
            expected(file.shown, "the header of one format", f"that of {both}", remedy)
        )
    return exact[0]


def _read_sample(lines: list[bytes], match: Match) -> tuple[tuple[str, ...], ...]:
    rows: list[tuple[str, ...]] = []
    if match.spec.week_in_content not in match.columns:
        return ()
    for line in lines[:SAMPLE_ROWS]:
        cells = split_record(line, match.layout.delimiter.encode())
        if cells is not None and len(cells) == len(match.columns):
            rows.append(tuple(_decode(cell) for cell in cells))
    return tuple(rows)


def _describe_delimiter(
    file: LandedFile, lines: list[bytes], formats: Mapping[str, FormatSpec]
) -> str | None:
    """Say where a header would be a format's if it were cut otherwise; null: nowhere."""
    for line in lines:
        for delimiter, words in DELIMITERS.items():
            names = split_names(line, delimiter) or []
            for match in match_header(names, formats, None):
                if match.is_exact and match.spec.is_exported:
                    wanted = DELIMITERS.get(match.layout.delimiter, match.layout.delimiter)
                    columns = f"the columns of {match.spec.name}, cut at {wanted}"
                    return expected(file.shown, columns, words, f"save it with {wanted}")
    return None


def _describe_lines(
    file: LandedFile,
    lines: list[bytes],
    formats: Mapping[str, FormatSpec],
    settings: IngestSettings,
) -> str:
    """Say how the line that comes nearest to a header differs from it."""
    best: tuple[Match, list[str]] | None = None
    delimiters = sorted({layout.delimiter for spec in formats.values() for layout in spec.layouts})
    for line in lines:
        for delimiter in delimiters:
            names = split_names(line, delimiter) or [_decode(line)]
            _check_count(file, len(names), settings)
            match = nearest_match(match_header(names, formats, delimiter))
            if match is not None and (best is None or match.closeness > best[0].closeness):
                best = match, names
    first = [_decode(next(line for line in lines if line.strip()))]
    match, names = best or (None, first)
    return describe_mismatch(file.shown, match, names, formats)


def _check_count(file: LandedFile, count: int, settings: IngestSettings) -> None:
    if count > settings.max_columns:
        wanted = f"at most {settings.max_columns:,} columns (max_columns)"
        remedy = "check that it is an export, or raise the setting"
        raise FormatError(expected(file.shown, wanted, f"{count:,}", remedy))
