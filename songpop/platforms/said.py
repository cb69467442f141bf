"""What a file is about that its rows do not say: its song, its artist, its week, its year."""

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from typing import Final, Literal

from songpop.errors import LandingError, WaitingError, expected
from songpop.ingest.dates import EARLIEST_DATE
from songpop.ingest.landed import LandedFile, printable
from songpop.platforms.dates import parse_day
from songpop.platforms.keys import strict_key
from songpop.platforms.recognise import SUFFIXES, RecognisedExport
from songpop.platforms.rows import Given

DateOrder = Literal["day-first", "month-first"]

_WEEK: Final = "7 days"
_ENDINGS: Final = (".gz", ".zst", ".csv", *SUFFIXES)
_DAY_IN_NAME: Final = re.compile(r"(?<!\d)(\d{4})[-_.]?(\d{2})[-_.]?(\d{2})(?!\d)")
_YEAR_IN_NAME: Final = re.compile(
    r"(?<!\d)(20\d{2})(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))?(?!\d)"
)
"""A year, by itself or at the head of a date."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said about the files of a command; null: nothing."""

    artist: str | None = None
    week: dt.date | None = None
    """Last day of files about one week that name none."""
    year: int | None = None
    """Of the last row of files whose dates have no year."""
    date_order: DateOrder | None = None


def complete(file: LandedFile, export: RecognisedExport, said: Said, today: dt.date) -> Given:
    """Return what the rows of *file* do not say, from its name, its first lines and the person.

    Raises:
        WaitingError: something is said nowhere; the message tells how to say it.
        LandingError: the day that its first lines or its name give is none.
    """
    spec = export.spec
    _check_window(file, export)
    artist = export.said.get("artist") or said.artist
    if artist is None and not spec.names_artist:
        remedy = (
            "set artist in [platforms] of songpop.toml, or `songpop platforms load "
            f"{file.shell_word} --artist NAME`"
        )
        wanted = f"the artist of {spec.title}"
        raise WaitingError(expected(file.shown, wanted, "none in the file", remedy))
    # A name that spans New Year ends with the year of the last row.
    years = _YEAR_IN_NAME.findall(file.path.name)
    return Given(
        subject=file.shown,
        today=today,
        title=_title_in_name(file, spec.title_in_name),
        artist=None if "artist" in spec.columns else artist,
        period_end=None if "date" in spec.columns else _find_week(file, export, said, today),
        year=said.year if said.year is not None or not years else int(years[-1]),
        date_order=said.date_order,
    )


def identify_file(file: LandedFile, export: RecognisedExport, content_sha256: str) -> str:
    """Return what an export is known by: the SHA-256 of its bytes.

    Where the song's title stands in the file's name alone, it is that of the title, too: songs that
    nobody played have the same bytes.
    """
    pattern = export.spec.title_in_name
    match = re.search(pattern, stem_of(file)) if pattern else None
    if match is None:
        return content_sha256
    key = strict_key(match.group("title")) or ""
    return hashlib.sha256(f"{content_sha256}\n{key}".encode()).hexdigest()


def stem_of(file: LandedFile) -> str:
    """Return the name of *file* without what tells how it is written."""
    name = file.name
    while (ending := next((e for e in _ENDINGS if name.casefold().endswith(e)), None)) is not None:
        name = name[: -len(ending)]
    return name


def _title_in_name(file: LandedFile, pattern: str | None) -> str | None:
    if pattern is None:
        return None
    match = re.search(pattern, stem_of(file))
    title = match.group("title").strip() if match else ""
    if not title:
        wanted, remedy = "a song's title in its name", "give it the name that it was downloaded as"
        raise LandingError(expected(file.shown, wanted, "none", remedy))
    return title


def _check_window(file: LandedFile, export: RecognisedExport) -> None:
    window = export.said.get("window", _WEEK)
    if window.casefold() != _WEEK:
        remedy = "download it for the past 7 days"
        raise WaitingError(expected(file.shown, f"a window of {_WEEK}", printable(window), remedy))
    pattern = export.spec.window_in_name
    if pattern is not None and not re.search(pattern, stem_of(file).casefold()):
        wanted = f"seven days in {export.spec.title} (a name like songs-7day.csv)"
        got, remedy = "another window, or none in its name", "download it with the 7-day filter"
        raise WaitingError(expected(file.shown, wanted, got, remedy))


def _find_week(file: LandedFile, export: RecognisedExport, said: Said, today: dt.date) -> dt.date:
    stated = export.said.get("date")
    in_name = _DAY_IN_NAME.search(file.path.name)
    if stated is not None:
        day = parse_day(stated, [export.spec.preamble_date_format])
    elif in_name is not None:
        day = parse_day("-".join(in_name.groups()), ["%Y-%m-%d"])
    elif said.week is not None:
        day = said.week
    else:
        wanted, remedy = "the last day of its week", "pass --week, or put the date into its name"
        raise WaitingError(expected(file.shown, wanted, "none in it or its name", remedy))
    if day is None or not EARLIEST_DATE <= day <= today:
        got = stated or (in_name.group() if in_name else str(day))
        wanted, remedy = "a last day of its week that is over", "mend the name, or pass --week"
        raise WaitingError(expected(file.shown, wanted, got, remedy))
    return day
