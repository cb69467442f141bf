"""Days and months as platforms write them, with two-digit years or none at all."""

import datetime as dt
import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from songpop.errors import WaitingError, expected
from songpop.ingest.dates import EARLIEST_DATE

LONGEST_STEP_DAYS: Final = 31
"""Most days between rows of one table; more are a sign that day and month were swapped."""

_EXAMPLE: Final = dt.datetime(2026, 1, 2)  # noqa: DTZ001 - a day has no zone
_LEAP_YEAR: Final = 2000
_MONTHS_STEP: Final = range(28, LONGEST_STEP_DAYS + 1)
_FIELDS: Final = {"%Y": "[0-9]{4}", "%y": "[0-9]{2}", "%m": "[0-9]{1,2}", "%d": "[0-9]{1,2}"}

DayOf = Mapping[str, dt.date]
"""The day that each text names; texts that name none are absent."""


def parse_day(text: str, formats: Sequence[str]) -> dt.date | None:
    """Return the day that *text* names in the first of *formats* that it has; null for none."""
    for form in formats:
        try:
            return dt.datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def has_form(text: str, formats: Sequence[str]) -> bool:
    """Whether *text* looks like a date of one of *formats*, be it a real one or not."""
    return any(
        re.fullmatch(
            "".join(_FIELDS.get(piece, re.escape(piece)) for piece in re.split("(%.)", form)), text
        )
        for form in formats
        if set(re.findall("%.", form)) <= set(_FIELDS)
    )


def example_of(formats: Sequence[str]) -> str:
    """Return how 2 January 2026 is written in each of *formats*."""
    return " or ".join(dict.fromkeys(f"{_EXAMPLE:{form}}" for form in formats))


def judge_day(text: str, day: dt.date | None, formats: Sequence[str], today: dt.date) -> str | None:
    """Return why a date cannot be taken, as a code of REASONS; null where it can."""
    if day is None:
        return "impossible_date" if has_form(text, formats) else "unreadable_date"
    if day < EARLIEST_DATE:
        return "impossible_date"
    return "future_date" if day > today else None


def choose_order(subject: str, texts: Sequence[str], formats: Sequence[str]) -> str:
    """Return the format under which the rows of a table follow each other.

    Args:
        subject: the file, for messages.
        texts: the dates in the order of the file.
        formats: those in question, like ``%d/%m/%y`` and ``%m/%d/%y``.

    Raises:
        WaitingError: both orders are possible, or none is.
    """
    fitting = [form for form in formats if _follows(texts, form)]
    if len(fitting) == 1:
        return fitting[0]
    got = "both" if fitting else "neither"
    wanted = "dates whose order of day and month their sequence tells"
    remedy = "`songpop platforms load` it with --date-order day-first, or month-first"
    raise WaitingError(expected(subject, wanted, got, remedy))


def check_rows(subject: str, texts: Sequence[str]) -> None:
    """Refuse a table that is too short to say whether its rows are days or months.

    Raises:
        WaitingError: it has one row.
    """
    if len(texts) == 1:
        wanted = "two rows or more, since one does not tell whether it is a day or a month"
        got, remedy = f"one, {texts[0]}", "download a longer period"
        raise WaitingError(expected(subject, wanted, got, remedy))


def find_grain(subject: str, days: Sequence[dt.date]) -> str:
    """Return ``day`` or ``month``, as the steps between the days of a table say.

    Raises:
        WaitingError: they are neither.
    """
    steps = {(later - day).days for day, later in itertools.pairwise(days)}
    if steps == {1}:
        return "day"
    is_monthly = all(step in _MONTHS_STEP for step in steps) and {day.day for day in days} == {1}
    if steps and is_monthly:
        return "month"
    wanted, remedy = "a row a day or a row a month", "export it by day or by month"
    got = f"steps of {', '.join(map(str, sorted(steps)[:5])) or 'no'} days"
    raise WaitingError(expected(subject, wanted, got, remedy))


def add_years(
    subject: str, texts: Sequence[str], formats: Sequence[str], last: Callable[[dt.date], dt.date]
) -> list[dt.date | None]:
    """Return the days of dates without a year, told by their order.

    Args:
        subject: the file, for messages.
        texts: the dates in the order of the file, the oldest first.
        formats: without a year.
        last: given the month and day of the last row, in the leap year 2000, says its day.

    Returns:
        A day for each text; null where it names none.

    Raises:
        WaitingError: the rows do not follow each other, or 29 February falls into a common year.
    """
    dated = [f"%Y {form}" for form in formats]
    bare = [parse_day(f"{_LEAP_YEAR} {text}", dated) for text in texts]
    days: list[dt.date | None] = []
    later: dt.date | None = None
    for one in reversed(bare):
        if one is not None:
            later = last(one) if later is None else _before(subject, one, later)
        days.append(None if one is None else later)
    return days[::-1]


def last_on_or_before(
    subject: str, today: dt.date, year: int | None
) -> Callable[[dt.date], dt.date]:
    """Return what dates a file's last row: in *year*, else on the newest such day up to today."""

    def date_last(bare: dt.date) -> dt.date:
        if year is not None:
            return _in_year(subject, bare, year)
        is_past = (bare.month, bare.day) <= (today.month, today.day)
        return _in_year(subject, bare, today.year if is_past else today.year - 1)

    return date_last


def _before(subject: str, bare: dt.date, later: dt.date) -> dt.date:
    is_same_year = (bare.month, bare.day) <= (later.month, later.day)
    day = _in_year(subject, bare, later.year if is_same_year else later.year - 1)
    if (later - day).days > LONGEST_STEP_DAYS:
        wanted = "dates without a year in the order of time, the oldest first"
        got = f"{bare:%d %B} before {later:%d %B}"
        raise WaitingError(expected(subject, wanted, got, "export it again, sorted by date"))
    return day


def _in_year(subject: str, bare: dt.date, year: int) -> dt.date:
    try:
        return bare.replace(year=year)
    except ValueError as error:
        wanted, got = "a year that has the days of its rows", f"29 February in {year}"
        remedy = "`songpop platforms load` it with --year, that of its last row"
        raise WaitingError(expected(subject, wanted, got, remedy)) from error


def _follows(texts: Sequence[str], form: str) -> bool:
    days = [parse_day(text, [form]) for text in texts]
    known = [day for day in days if day is not None]
    if len(known) < len(days):
        return False
    return all(
        0 < (later - day).days <= LONGEST_STEP_DAYS for day, later in itertools.pairwise(known)
    )
