import datetime as dt
from dataclasses import replace

import pytest

from songpop.policy import ModelKind, TrainingFacts, TrainingPlan, find_obstacle, plan_training
from songpop.settings import TrainingSettings

WEEK = dt.date(2024, 6, 13)
SETTINGS = TrainingSettings()
NOTHING_YET = TrainingFacts(
    week=WEEK,
    label="level",
    has_snapshot_source=False,
    matured_weeks_count=0,
    matured_rows_count=0,
    champion_kind=None,
    champion_label=None,
    last_trained_week=None,
    is_forced=False,
)
NETWORK = replace(
    NOTHING_YET,
    matured_weeks_count=30,
    matured_rows_count=6_000,
    champion_kind="network",
    champion_label="level",
    last_trained_week=WEEK - dt.timedelta(weeks=5),
)


def plan(facts: TrainingFacts) -> TrainingPlan | None:
    return plan_training(facts, SETTINGS)


def test_chart_without_matured_weeks_gets_no_model() -> None:
    assert plan(replace(NOTHING_YET, matured_weeks_count=3, matured_rows_count=600)) is None


def test_chart_gets_a_logistic_model_from_four_matured_weeks_on() -> None:
    chosen = plan(replace(NOTHING_YET, matured_weeks_count=4, matured_rows_count=800))

    assert chosen == TrainingPlan("logistic", "level", "first", replaces_unseen=True)


def test_feed_with_a_snapshot_source_starts_with_a_snapshot_network() -> None:
    chosen = plan(replace(NOTHING_YET, has_snapshot_source=True))

    assert chosen == TrainingPlan("network", "snapshot", "first", replaces_unseen=True)


def test_snapshot_feed_never_steps_down_to_the_logistic_model() -> None:
    facts = replace(
        NOTHING_YET,
        has_snapshot_source=True,
        matured_weeks_count=5,
        matured_rows_count=1_000,
        champion_kind="network",
        champion_label="snapshot",
        last_trained_week=WEEK - dt.timedelta(weeks=5),
    )

    assert plan(facts) is None


@pytest.mark.parametrize(("kind", "label"), [("logistic", "level"), ("network", "snapshot")])
def test_first_forward_network_replaces_a_lesser_champion_as_a_first_model_would(
    kind: str, label: str
) -> None:
    facts = replace(
        NETWORK,
        matured_weeks_count=8,
        matured_rows_count=5_000,
        champion_kind=kind,
        champion_label=label,
    )

    assert plan(facts) == TrainingPlan("network", "level", "first", replaces_unseen=True)


@pytest.mark.parametrize(("weeks", "rows"), [(7, 50_000), (8, 4_999)])
def test_network_needs_both_weeks_and_rows(weeks: int, rows: int) -> None:
    facts = replace(NOTHING_YET, matured_weeks_count=weeks, matured_rows_count=rows)

    chosen = plan(facts)

    assert chosen is not None
    assert chosen.kind == "logistic"


def test_champion_of_five_weeks_is_kept() -> None:
    assert plan(NETWORK) is None


def test_forced_retraining_is_compared_with_the_champion() -> None:
    chosen = plan(replace(NETWORK, is_forced=True))

    assert chosen == TrainingPlan("network", "level", "forced", replaces_unseen=False)


@pytest.mark.parametrize(
    ("days", "because"),
    [(13 * 7, "refresh"), (13 * 7 - 3, "refresh"), (13 * 7 - 4, None), (12 * 7, None)],
)
def test_refresh_is_due_after_thirteen_weeks_give_or_take_three_days(
    days: int, because: str | None
) -> None:
    chosen = plan(replace(NETWORK, last_trained_week=WEEK - dt.timedelta(days=days)))

    assert (chosen and chosen.because) == because


@pytest.mark.parametrize("kind", ["persistence", "constant"])
@pytest.mark.parametrize(("days", "because"), [(4 * 7 - 3, "drift"), (4 * 7 - 4, None)])
def test_stand_in_gets_a_challenger_every_four_weeks_that_must_pass_the_gate(
    kind: ModelKind, days: int, because: str | None
) -> None:
    trained = WEEK - dt.timedelta(days=days)

    chosen = plan(replace(NETWORK, champion_kind=kind, last_trained_week=trained))

    assert (chosen and chosen.because) == because
    assert chosen is None or chosen == TrainingPlan("network", "level", "drift", False)  # noqa: FBT003


def test_feed_labelled_snapshot_stays_with_snapshot_models() -> None:
    facts = replace(NETWORK, label="snapshot", has_snapshot_source=True, champion_label="snapshot")

    chosen = plan(replace(facts, is_forced=True))

    assert chosen is not None
    assert chosen.label == "snapshot"


def test_feed_labelled_snapshot_without_a_source_gets_no_model() -> None:
    assert plan(replace(NOTHING_YET, label="snapshot", matured_weeks_count=99)) is None


SNAPSHOT = replace(
    NOTHING_YET,
    has_snapshot_source=True,
    champion_kind="network",
    champion_label="snapshot",
    last_trained_week=WEEK - dt.timedelta(weeks=20),
)


def test_snapshot_model_gets_a_challenger_only_when_forced_and_why_not_is_said() -> None:
    assert plan(SNAPSHOT) is None
    assert plan(replace(SNAPSHOT, is_drifted=True)) is None
    assert plan(replace(SNAPSHOT, is_forced=True)) == TrainingPlan(
        "network", "snapshot", "forced", replaces_unseen=False
    )
    obstacle = find_obstacle(SNAPSHOT, SETTINGS)
    assert obstacle is not None
    assert obstacle.startswith("no later week could show a new snapshot model to be better")


def test_why_drift_trains_nothing_names_what_is_known_and_what_is_needed() -> None:
    without = replace(NOTHING_YET, matured_weeks_count=3)
    unsourced = replace(NOTHING_YET, label="snapshot")

    assert find_obstacle(without, SETTINGS) == (
        "no model yet: the labels of 3 weeks are known, of at least 4"
    )
    assert find_obstacle(replace(without, champion_kind="network"), SETTINGS) == (
        "the labels of 3 weeks are known, of at least 4"
    )
    assert "declares no source" in str(find_obstacle(unsourced, SETTINGS))
    assert find_obstacle(NETWORK, SETTINGS) is None
