import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from songpop.ingest.dates import EARLIEST_DATE, MOST_DAYS_AHEAD, date_rule
from tests.songpop.ingest.judge import cell_of, judge, make_column

WEEK = dt.date(2024, 2, 29)
RELEASED = make_column("date", "release_date")
PERIOD = make_column("week", "week")
AMERICAN = ["%m/%d/%Y"]


def judge_dates(cells: list[str | None], formats: list[str]) -> list[object]:
    return judge(date_rule(RELEASED, cell_of(RELEASED), formats, WEEK), cells)


@pytest.mark.parametrize(
    ("cell", "result"),
    [
        (None, None),
        ("4/26/2023", dt.date(2023, 4, 26)),
        ("04/06/2023", dt.date(2023, 4, 6)),
        ("2/29/2024", dt.date(2024, 2, 29)),
        ("2/29/2023", "!impossible_date"),
        ("13/1/2023", "!impossible_date"),
        ("0/1/2023", "!impossible_date"),
        ("12/31/1899", "!impossible_date"),
        ("1/1/1900", EARLIEST_DATE),
        ("4/26/23", "!two_digit_year"),
        ("4/26/023", "!unreadable_date"),
        ("4/26/02023", "!unreadable_date"),
        ("2023-04-26", "!unreadable_date"),
        (" 4/26/2023", "!unreadable_date"),
        ("4/26/2023\n", "!unreadable_date"),
        ("4/26/2023 10:00", "!unreadable_date"),
        ("", "!unreadable_date"),
    ],
)
def test_dates_are_real_days_with_four_digit_years(cell: str | None, result: object) -> None:
    assert judge_dates([cell], AMERICAN) == [result]


def test_release_may_lie_up_to_a_year_after_the_week() -> None:
    latest = WEEK + dt.timedelta(days=MOST_DAYS_AHEAD)
    beyond = latest + dt.timedelta(days=1)

    cells: list[str | None] = [str(latest), str(beyond)]

    assert judge_dates(cells, ["%Y-%m-%d"]) == [latest, "!impossible_date"]


def test_each_format_of_the_layout_is_tried_in_order() -> None:
    formats = ["%d.%m.%Y", "%Y%m%d"]

    assert judge_dates(["26.4.2023", "20230426", "26x4x2023"], formats) == [
        dt.date(2023, 4, 26),
        dt.date(2023, 4, 26),
        "!unreadable_date",
    ]


def test_row_belongs_to_the_week_of_its_export() -> None:
    rule = date_rule(PERIOD, cell_of(PERIOD), ["%Y-%m-%d"], WEEK)

    assert judge(rule, ["2024-02-29", "2024-02-22", None]) == [WEEK, "!other_week", None]


@given(st.dates(EARLIEST_DATE, WEEK), st.sampled_from(["%m/%d/%Y", "%Y-%m-%d", "%d.%m.%Y"]))
def test_every_day_is_read_back(day: dt.date, text: str) -> None:
    assert judge_dates([day.strftime(text)], [text]) == [day]
