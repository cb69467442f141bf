"""All checks of one week that need its profile alone."""

import pytest

from songpop.drift.assess import assess_week
from songpop.drift.profile import WeekProfile
from songpop.drift.references import References
from songpop.settings import DriftSettings
from tests.songpop.drift.builders import METRICS
from tests.songpop.drift.test_joint import correlated

WEEKS = tuple(correlated(week, 0.5, 0.5, 0.5) for week in range(2, 11))


def assess(now: WeekProfile, count: int) -> list[tuple[str, str | None]]:
    references = References(training=WEEKS[:count])
    verdicts = assess_week(now, references, DriftSettings())
    return [(verdict.check_name, verdict.column_name) for verdict in verdicts]


def test_every_check_of_every_column_is_made_once() -> None:
    found = assess(WEEKS[-1], 8)

    of_columns = {
        (check, name) for check in ("change", "level", "missing", "association") for name in METRICS
    }
    assert len(found) == len(set(found))
    assert set(found) == of_columns | {("ages", None), ("newcomers", None)}


@pytest.mark.parametrize("count", [0, 1, 2])
def test_fewer_than_three_weeks_judge_nothing(count: int) -> None:
    assert assess(WEEKS[-1], count) == []


def test_quiet_week_passes_everything() -> None:
    verdicts = assess_week(WEEKS[-1], References(training=WEEKS[:8]), DriftSettings())

    assert {verdict.verdict for verdict in verdicts} == {"pass"}
