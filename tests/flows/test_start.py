import datetime as dt

import pytest

from flows.start import Start, read_start
from songpop.pipeline.plan import Selection

DUE = dt.date(2024, 1, 5)


def test_run_takes_what_had_ended_by_its_day() -> None:
    assert Start(DUE).narrow(Selection(feed="f")) == Selection(feed="f", to_week=DUE)


@pytest.mark.parametrize(
    "named",
    [Selection(week=DUE), Selection(from_week=DUE), Selection(to_week=dt.date(2030, 1, 1))],
)
def test_weeks_that_were_named_go_before(named: Selection) -> None:
    assert Start(DUE).narrow(named) == named


def test_flow_without_a_deployment_has_no_day() -> None:
    assert read_start() == Start(None)
    assert Start(None).narrow(Selection()) == Selection()


def test_run_in_the_place_of_another_stands_for_its_day() -> None:
    assert read_start(DUE) == Start(DUE)
