"""Files that a person names, found to be platforms' exports, or refused by name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from songpop.errors import FormatError, expected
from songpop.ingest.landed import LandedFile, hash_landed, land_file, printable
from songpop.ingest.recognise import read_head
from songpop.platforms.outcome import PlatformFile
from songpop.platforms.recognise import describe_nearest, recognise_export
from songpop.platforms.said import identify_file
from songpop.platforms.spec import PlatformSpec
from songpop.settings import IngestSettings

_SHOWN_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Named:
    """What the files that were named are."""

    new: tuple[PlatformFile, ...]
    known_count: int
    """Files that are loaded, or that songpop does not load."""


def find_named(
    paths: Iterable[Path],
    platforms: Mapping[str, PlatformSpec],
    known: Mapping[str, str],
    settings: IngestSettings,
) -> Named:
    """Recognise files by their headers.

    Args:
        paths: as the person gave them.
        platforms: the formats.
        known: status of the files that came, by SHA-256; those that were refused or unloaded are
            tried again.
        settings: limits.

    Raises:
        FormatError: a file is no platform's export.
        LandingError: a file is absent or cannot be read.
    """
    new: dict[str, PlatformFile] = {}
    known_count = 0
    for path in paths:
        file = land_file(path)
        export = recognise_export(file, platforms, settings)
        if export is None:
            nearest = describe_nearest(file, platforms, settings)
            raise FormatError(nearest or _describe_unknown(file, platforms, settings))
        sha256 = identify_file(file, export, hash_landed(file))
        if known.get(sha256) in {"loaded", "not loaded"} or sha256 in new:
            known_count += 1
        else:
            new[sha256] = PlatformFile(file, export, sha256)
    return Named(tuple(new.values()), known_count)


def _describe_unknown(
    file: LandedFile, platforms: Mapping[str, PlatformSpec], settings: IngestSettings
) -> str:
    first = "a Parquet file"
    if file.kind != "parquet":
        lines = read_head(file, settings)
        line = next((line for line in lines if line.strip()), b"")
        first = (
            f'"{printable(line.decode("utf-8", "backslashreplace").strip())[:_SHOWN_CHARACTERS]}"'
        )
    names = ", ".join(sorted(platforms))
    remedy = "export it again, or land it for `songpop run` if it belongs to a feed"
    return expected(file.shown, f"the header of one of {names}", first, remedy)
