"""What a finding of a check says, shown on checks of one line instead of those in sql/checks."""

from collections.abc import Callable, Iterator

import duckdb
import pytest

from songpop.errors import CheckError
from songpop.warehouse import checks
from songpop.warehouse.checks import Finding, assert_checks, assert_tables, run_checks

HEADER = "-- holds: no number\n-- remedy:  take it away\n"
NUMBERS = f"{HEADER}select range as number, 'us' as feed from range({{}})"

Declare = Callable[..., None]


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch) -> Iterator[Declare]:
    """Let the checks be those that are given, by name."""

    def put(**texts: str) -> None:
        known = {f"checks/{name.replace('__', '.')}": text for name, text in texts.items()}

        def list_known(folder: str) -> list[str]:
            return list(known) if folder == "checks" else []

        monkeypatch.setattr(checks, "list_sql", list_known)
        monkeypatch.setattr(checks, "read_sql", known.__getitem__)

    checks.read_header.cache_clear()
    yield put
    checks.read_header.cache_clear()


def run_over_all() -> list[Finding]:
    with duckdb.connect() as con:
        return run_checks(con, "warehouse")


def test_finding_has_the_check_its_table_and_all_that_the_header_says(declare: Declare) -> None:
    declare(core__weeks__rows=NUMBERS.format(2), core__weeks__keys=NUMBERS.format(0))

    assert run_over_all() == [
        Finding(
            "error",
            "core.weeks.rows",
            "core.weeks",
            "check core.weeks.rows: expected no number, got 2 offending: "
            "number=0 feed=us; number=1 feed=us; take it away",
        )
    ]


@pytest.mark.parametrize(("count", "more"), [(5, ""), (6, "; …"), (10_005, "; …"), (30_000, "; …")])
def test_all_rows_are_counted_and_five_are_shown(declare: Declare, count: int, more: str) -> None:
    declare(a__b__c=NUMBERS.format(count))

    (finding,) = run_over_all()

    shown = "; ".join(f"number={number} feed=us" for number in range(5))
    assert f", got {count} offending: {shown}{more}; take it away" in finding.message


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 59 + "…"),
        ("naïve", "naïve"),
        ("a\nb", r"'a\nb'"),
        (None, "None"),
        (7, "7"),
    ],
)
def test_cell_is_shown_as_it_is_unless_it_is_long_or_does_not_print(
    declare: Declare, value: object, shown: str
) -> None:
    declare(a__b__c=f"{HEADER}select $week as cell")

    with duckdb.connect() as con:
        (finding,) = run_checks(con, "week", {"week": value})

    assert f"got 1 offending: cell={shown}; take it away" in finding.message


def test_checks_of_a_week_get_it_and_over_all_weeks_they_get_none(declare: Declare) -> None:
    asked = f"{HEADER}select $feed as feed, $week as week"
    declare(a__b__week=asked, a__b__whole=NUMBERS.format(1))
    params = {"feed": "us", "week": 6}

    with duckdb.connect() as con:
        of_week = run_checks(con, "week", params)
        of_all = run_checks(con, "warehouse", params)

    assert [finding.check for finding in of_week] == ["a.b.week"]
    assert "offending: feed=us week=6; " in of_week[0].message
    assert [finding.check for finding in of_all] == ["a.b.week", "a.b.whole"]
    assert "offending: feed=None week=None; " in of_all[0].message


def test_error_has_a_line_for_each_check_that_does_not_hold(declare: Declare) -> None:
    declare(a__b__one=NUMBERS.format(1), a__b__two=NUMBERS.format(1), c__d__three=NUMBERS.format(1))
    found = "expected no number, got 1 offending: number=0 feed=us; take it away"

    with duckdb.connect() as con:
        with pytest.raises(CheckError) as of_all:
            assert_checks(con, "warehouse")
        with pytest.raises(CheckError) as of_tables:
            assert_tables(con, ["a.b", "x.y"])
        assert_tables(con, ["x.y"])
        assert_checks(con, "week", {"feed": "us", "week": 6})

    lines = [f"check {name}: {found}" for name in ("a.b.one", "a.b.two", "c.d.three")]
    assert str(of_all.value).splitlines() == lines
    assert str(of_tables.value).splitlines() == lines[:2]


@pytest.mark.parametrize("lacking", ["holds", "remedy"])
def test_check_that_says_only_half_is_named(declare: Declare, lacking: str) -> None:
    declare(a__b__c=NUMBERS.format(1).replace(f"-- {lacking}:", "-- "))

    with pytest.raises(CheckError) as refused:
        run_over_all()

    wanted = "expected holds: and remedy: in its header, got none; add them"
    assert str(refused.value) == f"sql/checks/a.b.c.sql: {wanted}"
