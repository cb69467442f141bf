"""Which platform's export a file is: by its header, and by the lines before it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from songpop.errors import FormatError, expected, list_names
from songpop.ingest.landed import LandedFile, printable
from songpop.ingest.recognise import PREAMBLE_MAXIMUM, read_head, split_names
from songpop.platforms.spec import LayoutSpec, PlatformSpec, fold
from songpop.settings import IngestSettings

DELIMITERS: Final = (",", "\t", ";")
NOTE_SUFFIX: Final = ".txt"
"""What people call their notes, too."""
SUFFIXES: Final = (".tsv", NOTE_SUFFIX)
"""What platforms call their exports beside .csv."""


@dataclass(frozen=True, slots=True)
class Header:
    """One header line, understood."""

    layout: LayoutSpec
    delimiter: str
    names: tuple[str, ...]
    """Of each column, in the order of the file: its role, its metric, or ``ignored_<n>``."""


@dataclass(frozen=True, slots=True)
class RecognisedExport:
    """What a file's first lines say."""

    spec: PlatformSpec
    header: Header
    header_line: int
    """Physical line of the header, from 1."""
    said: Mapping[str, str]
    """What the lines before it say: ``artist``, ``date``, ``window``."""


def recognise_export(
    file: LandedFile, platforms: Mapping[str, PlatformSpec], settings: IngestSettings
) -> RecognisedExport | None:
    """Find the format whose header, and lines before it, *file* has.

    Order of columns, case, outer blanks, and comma, tab or semicolon are free; up to ten lines may
    precede the header.

    Returns:
        The export; null where no format has such a header.

    Raises:
        FormatError: it is empty, UTF-16, or has the header of several formats.
        LandingError: it cannot be read.
    """
    if file.kind == "parquet":
        return None
    lines = read_head(file, settings)
    for number, line in enumerate(lines[: PREAMBLE_MAXIMUM + 1], start=1):
        before = _decode(b"\n".join(lines[: number - 1]))
        found = [
            RecognisedExport(spec, header, number, said)
            for spec in platforms.values()
            if (header := read_header(line, spec)) is not None
            and (said := _read_preamble(before, spec)) is not None
        ]
        if len(found) > 1:
            both = " and ".join(sorted(one.spec.name for one in found))
            remedy = "tell their headers apart in the format files"
            wanted = "the header of one platform's format"
            raise FormatError(expected(file.shown, wanted, f"that of {both}", remedy))
        if found:
            return found[0]
    return None


def describe_nearest(
    file: LandedFile, platforms: Mapping[str, PlatformSpec], settings: IngestSettings
) -> str | None:
    """Say how the header of *file* differs from the format that it comes nearest to.

    Null where of the columns of both together less than two thirds are shared, with each of them.
    """
    if file.kind == "parquet":
        return None
    lines = read_head(file, settings)[: PREAMBLE_MAXIMUM + 1]
    for spec in platforms.values():
        if any(read_header(line, spec, "|") for line in lines):
            wanted = f"the columns of {spec.title}, cut at commas, tabs or semicolons"
            remedy = "save it with commas"
            return expected(file.shown, wanted, "vertical bars", remedy)
    headers = [
        {fold(cell) for cell in cells}
        for line in lines
        for delimiter in DELIMITERS
        if (cells := split_names(line, delimiter)) is not None and len(cells) > 1
    ]
    candidates = [
        (len(known & header), spec, header, known)
        for header in headers
        for spec in platforms.values()
        for layout in spec.layouts
        if 3 * len((known := set(map(fold, layout.headers))) & header) >= 2 * len(known | header)
    ]
    if not candidates:
        return None
    _, spec, header, known = max(candidates, key=lambda one: (one[0], one[1].name))
    if known == header and spec.preamble is not None:
        wanted = f"the lines before the header of {spec.title}"
        remedy = "export it again, and keep its first lines"
        return expected(file.shown, wanted, "none of them", remedy)
    parts = [str(len(header))]
    for words, names in (("missing", known - header), ("unknown", header - known)):
        parts += [f"{words} {list_names(map(printable, names))}"] if names else []
    remedy = "export it again with these columns, or declare its header in formats_dir/platforms"
    wanted = f"the columns of {spec.title} ({len(known)})"
    return expected(file.shown, wanted, ", ".join(parts), remedy)


def read_header(
    line: bytes, spec: PlatformSpec, delimiters: Iterable[str] = DELIMITERS
) -> Header | None:
    """Return the header that *line* is in one of the layouts of *spec*; null where it is none."""
    for delimiter in delimiters:
        cells = split_names(line, delimiter)
        if cells is None:
            continue
        folded = [fold(cell) for cell in cells]
        for layout in spec.layouts:
            if sorted(folded) == sorted(map(fold, layout.headers)):
                names = tuple(
                    spec.meanings.get(header) or f"ignored_{place}"
                    for place, header in enumerate(folded)
                )
                return Header(layout, delimiter, names)
    return None


def _read_preamble(before: str, spec: PlatformSpec) -> dict[str, str] | None:
    if spec.preamble is None:
        return {}
    match = re.search(spec.preamble, before)
    if match is None:
        return None if spec.needs_preamble else {}
    return {k: v.strip() for k, v in match.groupdict().items() if v}


def _decode(text: bytes) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text.decode("latin-1")
