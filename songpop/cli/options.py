"""Options that several commands share, declared once."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from songpop.errors import InputError, expected

WarehouseOption = Annotated[
    Path | None,
    typer.Option("--warehouse", help="Warehouse folder. [default: warehouse]", show_default=False),
]
LandingOption = Annotated[
    Path | None,
    typer.Option(
        "--landing",
        help="Folder of exports, scanned recursively. [default: <warehouse>/landing]",
        show_default=False,
    ),
]
FeedOption = Annotated[
    str | None,
    typer.Option("--feed", help="One feed only; a new name names the feed of what landed."),
]
WeekOption = Annotated[
    str | None,
    typer.Option("--week", help="Last day of the week, YYYY-MM-DD; dates a file that has no date."),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print JSON, and nothing else, on standard output.")
]


def parse_week(text: str | None, option: str = "--week") -> dt.date | None:
    """Return the date that *text* names; null stays null.

    Raises:
        InputError: it is no date of the form YYYY-MM-DD.
    """
    if text is None:
        return None
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a date has no zone
    except ValueError as error:
        message = expected(option, "a date like 2024-06-13", repr(text), "pass the last day of it")
        raise InputError(message) from error


def parse_time(text: str | None, option: str) -> dt.datetime | None:
    """Return the time that *text* names, in UTC where it says no zone; null stays null.

    A date means its end: what was there when the day was over.

    Raises:
        InputError: it is neither a date nor a time of ISO 8601.
    """
    if text is None:
        return None
    try:
        time = dt.datetime.fromisoformat(text)
    except ValueError as error:
        wanted = "a date like 2026-11-20 or a time like 2026-11-20T08:30"
        raise InputError(expected(option, wanted, repr(text), "pass one")) from error
    if time.tzinfo is None:
        time = time.replace(tzinfo=dt.UTC)
    is_date = len(text) == len("2026-11-20")
    return time + dt.timedelta(days=1, microseconds=-1) if is_date else time
