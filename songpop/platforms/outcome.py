"""Files of platforms before they are loaded, and what became of them."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from songpop.ingest.landed import LandedFile
from songpop.platforms.feed import OwnWeeks
from songpop.platforms.recognise import RecognisedExport

Status = Literal["loaded", "refused", "not loaded"]


@dataclass(frozen=True, slots=True)
class PlatformFile:
    """A landed file that is a platform's export and not known yet."""

    file: LandedFile
    export: RecognisedExport
    sha256: str
    """Of its bytes and, where its name alone tells the song's title, of that, too."""


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """What became of a file; the counts are rows."""

    file_name: str
    format: str
    platform: str
    status: Status
    reason: str | None
    """Why it was not loaded; null: it was."""
    title: str | None
    artist: str | None
    rows_read: int = 0
    loaded: int = 0
    duplicate: int = 0
    quarantined: int = 0
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    outdone: int = 0
    """Numbers, not rows, that do not count since another file says them, too."""
    shell_word: str = "FILE"
    """Its path as a shell takes it, from the folder in which the command ran."""


@dataclass(frozen=True, slots=True)
class PlatformsResult:
    """What a command's files of platforms came to."""

    files: tuple[LoadedFile, ...] = ()
    waiting: tuple[str, ...] = ()
    """One message for each file that waits for what a person has to say."""
    problems: tuple[str, ...] = ()
    """One message for each file that cannot be read."""
    known_count: int = 0
    passed_over_count: int = 0
    """Landed files that can neither be placed nor read, platforms' or not."""
    doubtful_count: int = 0
    """Pairs of songs that wait for a person, of all files."""
    own_weeks: OwnWeeks = field(default_factory=OwnWeeks)
    """Weekly tables of own songs that were made of it."""
