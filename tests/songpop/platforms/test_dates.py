import datetime as dt

import pytest

from songpop.errors import WaitingError
from songpop.platforms import dates

DAY = dt.date
BOTH = ("%d/%m/%y", "%m/%d/%y")
BARE = ("%B %d",)


def add_years(*texts: str, today: str = "2026-09-01", year: int | None = None) -> list[str]:
    last = dates.last_on_or_before("f.csv", DAY.fromisoformat(today), year)
    return [str(day) for day in dates.add_years("f.csv", texts, BARE, last)]


@pytest.mark.parametrize(
    ("text", "formats", "day"),
    [
        ("2025-02-03", ("%Y-%m-%d",), DAY(2025, 2, 3)),
        ("2021-04", ("%Y-%m",), DAY(2021, 4, 1)),
        ("Oct 2019", ("%Y-%m", "%b %Y"), DAY(2019, 10, 1)),
        ("7/31/2023 12:00:00 AM", ("%m/%d/%Y %I:%M:%S %p",), DAY(2023, 7, 31)),
        ("6/24/23 11:45am", ("%m/%d/%y %I:%M%p",), DAY(2023, 6, 24)),
        ("25-02-03", ("%Y-%m-%d",), None),
        ("2025-02-30", ("%Y-%m-%d",), None),
        ("", ("%Y-%m-%d",), None),
    ],
)
def test_day_is_read_in_the_formats_of_the_file(
    text: str, formats: tuple[str, ...], day: dt.date | None
) -> None:
    assert dates.parse_day(text, formats) == day


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2025-02-28", None),
        ("2025-02-30", "impossible_date"),
        ("1899-12-31", "impossible_date"),
        ("2026-09-01", None),
        ("2026-09-02", "future_date"),
        ("28.02.2025", "unreadable_date"),
        ("Total", "unreadable_date"),
    ],
)
def test_day_that_cannot_be_is_told(text: str, reason: str | None) -> None:
    formats = ("%Y-%m-%d",)
    day = dates.parse_day(text, formats)

    assert dates.judge_day(text, day, formats, DAY(2026, 9, 1)) == reason


def test_order_of_day_and_month_is_told_by_the_sequence() -> None:
    months = [f"01/{month:02}/24" for month in range(1, 13)] + ["01/01/25"]
    days = [f"01/{day:02}/24" for day in range(1, 32)]

    assert dates.choose_order("f.csv", months, BOTH) == "%d/%m/%y"
    assert dates.choose_order("f.csv", days, BOTH) == "%m/%d/%y"


@pytest.mark.parametrize(
    ("texts", "got"),
    [
        (["01/01/24", "01/02/24", "01/03/24"], "both"),
        (["01/01/24", "01/01/26"], "neither"),
        (["31/01/24", "01/31/24"], "neither"),
    ],
)
def test_order_that_stays_open_waits_for_a_person(texts: list[str], got: str) -> None:
    pattern = f"f.csv: expected dates whose order .*, got {got}; .*--date-order day-first"
    with pytest.raises(WaitingError, match=pattern):
        dates.choose_order("f.csv", texts, BOTH)


def test_steps_tell_days_from_months() -> None:
    days = [DAY(2024, 1, 30), DAY(2024, 1, 31), DAY(2024, 2, 1)]
    months = [DAY(2024, 1, 1), DAY(2024, 2, 1), DAY(2024, 3, 1)]

    assert (dates.find_grain("f", days), dates.find_grain("f", months)) == ("day", "month")


@pytest.mark.parametrize("days", [[DAY(2024, 1, 1), DAY(2024, 1, 8)], [DAY(2024, 1, 1)]])
def test_other_steps_wait(days: list[dt.date]) -> None:
    with pytest.raises(WaitingError, match="f: expected a row a day or a row a month, got steps"):
        dates.find_grain("f", days)


def test_one_row_is_too_few_to_tell_days_from_months() -> None:
    dates.check_rows("f", ["01/01/24", "02/01/24"])
    with pytest.raises(WaitingError, match=r"f: expected two rows .*, got one, 01/02/24; download"):
        dates.check_rows("f", ["01/02/24"])


def test_example_is_one_day_in_every_form() -> None:
    assert dates.example_of(("%d/%m/%y", "%m/%d/%y")) == "02/01/26 or 01/02/26"
    assert dates.example_of(("%Y-%m-%d",)) == "2026-01-02"


def test_year_is_that_of_the_newest_such_day_and_turns_at_new_year() -> None:
    assert add_years("December 30", "December 31", "January 1") == [
        "2025-12-30",
        "2025-12-31",
        "2026-01-01",
    ]
    assert add_years("September 1") == ["2026-09-01"]
    assert add_years("September 2") == ["2025-09-02"]


def test_year_that_is_said_is_that_of_the_last_row() -> None:
    assert add_years("December 31", "January 1", year=2020) == ["2019-12-31", "2020-01-01"]


def test_leap_day_needs_a_leap_year() -> None:
    assert add_years("February 29", "March 1", year=2024) == ["2024-02-29", "2024-03-01"]
    with pytest.raises(WaitingError, match=r"got 29 February in 2026; .*--year"):
        add_years("February 29", "March 1")


def test_rows_without_years_in_no_order_wait() -> None:
    with pytest.raises(WaitingError, match=r"in the order of time.*got 01 June before 01 March"):
        add_years("June 1", "March 1")


def test_text_that_is_no_day_takes_no_part_in_the_order() -> None:
    assert add_years("December 31", "Total", "January 1") == ["2025-12-31", "None", "2026-01-01"]
