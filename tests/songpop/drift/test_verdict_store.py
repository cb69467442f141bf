"""Verdicts and decisions in the warehouse."""

import pytest

from songpop.drift.policy import Decision
from songpop.drift.verdict import Verdict
from songpop.drift.verdict_store import read_verdicts, write_decision, write_verdicts
from songpop.errors import CheckError
from tests.builders import make_warehouse, week_number
from tests.songpop.drift.builders import FEED, LIKES, make_verdict

FULL = Verdict(
    check_name="level",
    column_name=LIKES,
    statistic=-0.25,
    threshold=0.1,
    p_value=0.001,
    verdict="fail",
    is_strong=True,
    direction=-1,
    segment="tracks under 4 weeks",
    reference="training weeks",
    details="lower",
)
BARE = make_verdict("ages", None, "pass", statistic=0.0, details="")


def test_verdicts_read_back_are_those_that_were_written() -> None:
    con = make_warehouse()

    write_verdicts(con, FEED, week_number(1), [FULL, BARE])

    found = read_verdicts(con, FEED, week_number(1), week_number(2))
    assert found == {week_number(1): [BARE, FULL]}


def test_verdicts_written_again_replace_the_former() -> None:
    con = make_warehouse()
    write_verdicts(con, FEED, week_number(1), [FULL, BARE])
    write_verdicts(con, "other", week_number(1), [FULL])

    write_verdicts(con, FEED, week_number(1), [])

    assert read_verdicts(con, FEED, week_number(1), week_number(2)) == {}
    assert len(read_verdicts(con, "other", week_number(1), week_number(2))) == 1


def test_verdicts_come_newest_week_first_and_within_the_weeks_asked_for() -> None:
    con = make_warehouse()
    for week in (2, 1, 4, 3):
        write_verdicts(con, FEED, week_number(week), [BARE])

    found = read_verdicts(con, FEED, week_number(2), week_number(4))

    assert list(found) == [week_number(3), week_number(2)]


@pytest.mark.parametrize("statistic", [float("nan"), float("inf")])
def test_verdict_without_a_number_is_refused(statistic: float) -> None:
    broken = make_verdict(statistic=statistic)

    with pytest.raises(CheckError, match=f"verdicts on {FEED} {week_number(1)}.*statistic"):
        write_verdicts(make_warehouse(), FEED, week_number(1), [broken])


def test_decision_is_stored_once_a_week_with_its_reasons_in_order() -> None:
    con = make_warehouse()
    key: dict[str, object] = {"feed": FEED, "week": week_number(1)}

    write_decision(con, key, Decision("warn", "noticed", ()), ["b"], "first")
    write_decision(con, key, Decision("retrain", "strong", ()), ["z", "a"], "second")

    stored = con.execute("select decision, because, reasons, run_id from ml.drift_weeks").fetchall()
    assert stored == [("retrain", "strong", ["z", "a"], "second")]
