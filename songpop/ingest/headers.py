"""A header against the declared layouts: the exact match, or the nearest and what it lacks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from songpop.errors import expected, list_names
from songpop.formats.spec import FormatSpec, LayoutSpec
from songpop.ingest.landed import printable

DELIMITERS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
"""What cells may be cut at, in words."""

_REMEDY = "export it again with these columns, or declare its format in formats_dir"


@dataclass(frozen=True, slots=True)
class Match:
    """One header held against one layout."""

    spec: FormatSpec
    layout: LayoutSpec
    columns: tuple[str, ...]
    """The format's names of the known headers, in the order of the file."""
    missing: tuple[str, ...]
    """First header of each column that is absent."""
    unknown: tuple[str, ...]
    repeated: tuple[str, ...]
    """Headers of columns that an earlier header names already."""

    @property
    def is_exact(self) -> bool:
        """Whether each column is named once and nothing else is."""
        return not (self.missing or self.unknown or self.repeated)

    @property
    def closeness(self) -> tuple[int, int]:
        """More is nearer: columns known, then fewer faults."""
        faults = len(self.missing) + len(self.unknown) + len(self.repeated)
        return len(set(self.columns)), -faults


def match_header(
    names: Sequence[str], formats: Mapping[str, FormatSpec], delimiter: str | None
) -> list[Match]:
    """Hold a header against every layout.

    Args:
        names: the header's cells.
        formats: the declared formats.
        delimiter: only layouts with it are tried; null tries all.
    """
    return [
        _match_layout(names, spec, layout)
        for spec in formats.values()
        for layout in spec.layouts
        if delimiter in (None, layout.delimiter)
    ]


def nearest_match(matches: Sequence[Match]) -> Match | None:
    """Return the match that knows most columns; null where none that is exported knows any."""
    exported = [match for match in matches if match.spec.is_exported]
    best = max(exported, key=lambda match: match.closeness, default=None)
    return best if best is not None and best.columns else None


def describe_mismatch(
    file_name: str, match: Match | None, names: Sequence[str], formats: Mapping[str, FormatSpec]
) -> str:
    """Return the message for a header that no layout has.

    Args:
        file_name: the file.
        match: the nearest layout; null where no column is known at all.
        names: the header's cells, or the first line.
        formats: the declared formats.
    """
    if match is None:
        named = ", ".join(sorted(name for name, spec in formats.items() if spec.is_exported))
        wanted = f"a header of one of the formats {named}, or of a platform's export (see README)"
        return expected(file_name, wanted, f'"{_shown(names[0]) if names else ""}"', _REMEDY)
    count = len(match.spec.columns_of(match.layout))
    parts = [str(len(names))]
    for words in ("missing", "unknown", "repeated"):
        faults: tuple[str, ...] = getattr(match, words)
        if faults:
            quoted = list_names(f'"{_shown(fault)}"' for fault in faults)
            parts.append(f"{words} {quoted}")
    wanted = f"the columns of {match.spec.name} ({count})"
    return expected(file_name, wanted, ", ".join(parts), _REMEDY)


def _match_layout(names: Sequence[str], spec: FormatSpec, layout: LayoutSpec) -> Match:
    columns = spec.columns_of(layout)
    aliases = {
        header.strip().casefold(): column.name for column in columns for header in column.headers
    }
    known: list[str] = []
    unknown: list[str] = []
    repeated: list[str] = []
    for name in names:
        column = aliases.get(name.strip().casefold())
        if column is None:
            unknown.append(name)
        elif column in known:
            repeated.append(name)
        else:
            known.append(column)
    missing = tuple(column.headers[0] for column in columns if column.name not in known)
    return Match(spec, layout, tuple(known), missing, tuple(unknown), tuple(repeated))


def _shown(text: str, most: int = 60) -> str:
    safe = printable(text.strip())
    return safe if len(safe) <= most else safe[:most] + "…"
