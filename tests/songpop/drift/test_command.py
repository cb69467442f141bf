"""From the options of ``songpop drift replay`` to its answer."""

from pathlib import Path

import pytest

from songpop.drift.command import replay_feed
from songpop.errors import InputError
from songpop.settings import DriftSettings, Settings
from tests.builders import make_settings, week_number
from tests.songpop.pipeline.drift_history import DriftLabel, chart_rows
from tests.songpop.pipeline.test_runner import FEED


@pytest.fixture(scope="module")
def charts(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Six weeks of a chart whose streams grew by half in the last two; no model yet."""
    label = DriftLabel(tmp_path_factory.mktemp("replay"))
    for week in range(1, 7):
        label.land(week, rows={week: chart_rows(week, 1.5 if week > 4 else 1.0, count=300)})
    label.run()
    return label.settings


def test_same_settings_decide_what_was_recorded(charts: Settings) -> None:
    weeks = replay_feed(charts, FEED, charts.drift, None, None)

    assert [week.week for week in weeks] == [week_number(number) for number in range(1, 7)]
    assert [week.decision.decision for week in weeks] == [week.recorded for week in weeks]
    assert {week.recorded for week in weeks} > {"quiet"}


def test_other_settings_decide_otherwise_and_the_record_stays(charts: Settings) -> None:
    recorded = replay_feed(charts, FEED, charts.drift, None, None)
    blind = DriftSettings(distance=0.99, domain_auc_warn=0.99, domain_auc_fail=0.99)

    weeks = replay_feed(charts, FEED, blind, None, None)

    assert {week.decision.decision for week in weeks} == {"quiet"}
    assert [week.recorded for week in weeks] == [week.recorded for week in recorded]


def test_span_of_weeks_includes_both_ends(charts: Settings) -> None:
    weeks = replay_feed(charts, FEED, charts.drift, week_number(2), week_number(4))

    assert [week.week for week in weeks] == [week_number(number) for number in (2, 3, 4)]


def test_unknown_feed_is_named_beside_those_that_there_are(charts: Settings) -> None:
    message = f"feed nosuch: expected a feed that is loaded, got none; feeds are .*{FEED}"
    with pytest.raises(InputError, match=message):
        replay_feed(charts, "nosuch", charts.drift, None, None)


def test_span_without_a_week_says_how_to_mend_it(charts: Settings) -> None:
    message = f"feed {FEED}: expected weeks between --from and --to, got none; widen them"
    with pytest.raises(InputError, match=message):
        replay_feed(charts, FEED, charts.drift, week_number(20), None)


def test_folder_without_a_warehouse_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a warehouse, got none"):
        replay_feed(make_settings(tmp_path), FEED, DriftSettings(), None, None)
