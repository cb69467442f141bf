"""A stretch of history decided anew under other settings."""

from dataclasses import replace

import duckdb

from songpop.drift.policy import Decision
from songpop.drift.profile import WeekProfile
from songpop.drift.replay import ReplayedWeek, replay
from songpop.drift.store import write_losses, write_profile, write_scores
from songpop.drift.verdict_store import write_decision, write_verdicts
from songpop.settings import DriftSettings
from tests.builders import NOW, week_number
from tests.songpop.drift.builders import (
    FEED,
    SPEC,
    make_column,
    make_profile,
    make_small_warehouse,
    make_verdict,
    spread,
    store_weeks,
)
from tests.songpop.drift.test_performance import make_loss, make_scores

LASTING = DriftSettings(distance=0.05, persistence_weeks=2)


def add_champion(
    con: duckdb.DuckDBPyConnection, week: int, because: str = "first", version: str = "m"
) -> None:
    con.execute(
        """
        insert into ml.models by name
        select
            $version as version, $feed as feed, 'network' as kind, 'level' as label,
            4 as horizon_weeks, 'champion' as status, $week as trained_week,
            $because as trained_because, 'promoted' as decision, $weeks as trained_on_weeks,
            []::varchar[] as trained_on_exports, $week as seen_until_week, 9 as rows_count,
            '{}' as settings, '{}' as metrics, '{}' as calibration, 's' as artefact_sha256,
            $now as created_at
        """,
        {
            "version": f"{version}-{week}",
            "feed": FEED,
            "week": week_number(week),
            "because": because,
            "weeks": [week_number(number) for number in range(1, week + 1)],
            "now": NOW,
        },
    )
    con.execute(
        "insert into ml.champions values ($feed, $week, $version, 'because', 'gate')",
        {"feed": FEED, "week": week_number(week), "version": f"{version}-{week}"},
    )


def moved(week: int, start: int) -> WeekProfile:
    return make_profile(week, make_column(level=spread(start=start)))


def make_history(*starts: int, champion: int | None = 8) -> duckdb.DuckDBPyConnection:
    """Return eight calm weeks, then one that moved so far for each of *starts*."""
    con = make_small_warehouse()
    store_weeks(con, *range(1, 9), load=True)
    if champion is not None:
        add_champion(con, champion)
    for week, start in enumerate(starts, start=9):
        store_weeks(con, week, load=True)
        write_profile(con, FEED, moved(week, start), is_accepted=True)
    return con


def decisions(weeks: list[ReplayedWeek]) -> list[str]:
    return [week.decision.decision for week in weeks]


def run(
    con: duckdb.DuckDBPyConnection, settings: DriftSettings = LASTING, **span: int
) -> list[ReplayedWeek]:
    weeks = {name: week_number(number) for name, number in span.items()}
    return replay(con, FEED, SPEC, settings, **weeks)


def test_every_profiled_week_is_decided_oldest_first_with_what_was_recorded() -> None:
    con = make_history(100)
    key: dict[str, object] = {"feed": FEED, "week": week_number(2)}
    write_decision(con, key, Decision("warn", "noticed", ()), ["r"], "run")

    weeks = run(con)

    assert [week.week for week in weeks] == [week_number(number) for number in range(1, 10)]
    assert [week.recorded for week in weeks] == [None, "warn", *[None] * 7]
    assert decisions(weeks) == ["quiet"] * 9
    assert weeks[0].reasons == ("not judged: fewer than three weeks to compare with",)


def test_other_settings_decide_otherwise() -> None:
    con = make_history(*[100] * 4, 107, 107)

    assert decisions(run(con, DriftSettings(), from_week=13)) == ["quiet", "quiet"]
    assert decisions(run(con, from_week=13)) == ["warn", "retrain"]


def test_replay_writes_nothing() -> None:
    con = make_history(*[100] * 4, 140, 140)
    before = con.execute("select count(*) from ml.drift").fetchall()

    run(con)

    assert before == [(0,)]
    assert con.execute("select count(*) from ml.drift").fetchall() == before
    assert con.execute("select count(*) from ml.drift_weeks").fetchall() == before


def test_part_of_a_replay_equals_that_part_of_the_whole() -> None:
    con = make_history(*[100] * 4, *[110] * 7)

    whole = run(con)

    for from_week in (12, 13, 14, 15, 18):
        part = run(con, from_week=from_week)
        assert part == [week for week in whole if week.week >= week_number(from_week)]
    assert decisions(whole)[12:] == ["warn", "retrain", "warn", "warn", "warn", "retrain", "warn"]


def test_weeks_after_the_last_one_asked_for_are_left_out() -> None:
    assert len(run(make_history(100, 100), to_week=4)) == 4


def test_training_that_drift_started_is_replaced_by_the_replayed_ones() -> None:
    con = make_history(*[100] * 4, 107, 107)
    add_champion(con, 12, "drift")
    key: dict[str, object] = {"feed": FEED, "week": week_number(12)}
    write_decision(con, key, Decision("retrain", "strong", ()), ["r"], "run")
    other = make_history(*[100] * 4, 107, 107)
    add_champion(other, 12, "refresh")

    assert decisions(run(con, from_week=13)) == ["warn", "retrain"]
    assert decisions(run(other, from_week=13)) == ["warn", "warn"]


def test_training_of_a_stand_in_that_no_decision_started_still_cools() -> None:
    con = make_history(*[100] * 4, 107, 107)
    add_champion(con, 12, "drift")

    assert decisions(run(con, from_week=13)) == ["warn", "warn"]


def test_retraining_without_a_champion_trains_nothing_and_cools_nothing() -> None:
    con = make_history(*[100] * 4, 110, 120, 130, 140, champion=None)

    assert decisions(run(con, from_week=13)) == ["warn", "retrain", "retrain", "retrain"]


def test_week_that_other_settings_keep_out_is_no_earlier_week() -> None:
    con = make_history(*[100] * 4, 110, 110, 110)
    write_profile(
        con,
        FEED,
        make_profile(14, make_column(level=spread(start=110), median_log_ratio=2.0)),
        is_accepted=True,
    )

    assert decisions(run(con, from_week=13)) == ["warn", "quarantine", "retrain"]


def test_week_that_a_person_let_in_stays_in() -> None:
    con = make_history(*[100] * 4)
    jump = make_profile(12, make_column(median_log_ratio=2.0))
    write_profile(con, FEED, jump, is_accepted=True)
    assert decisions(run(con, from_week=12)) == ["quarantine"]

    con.execute(
        "insert into core.accepted_weeks values ($feed, $week, ['s'], 'true', $now)",
        {"feed": FEED, "week": week_number(12), "now": NOW},
    )

    (week,) = run(con, from_week=12)
    assert week.decision.decision == "warn"
    assert "let in" in week.reasons[0]


def test_classifiers_area_is_rated_by_the_other_thresholds() -> None:
    con = make_history(*[100] * 4)
    for number in range(5, 13):
        area = make_verdict(
            "domain", None, "pass", statistic=0.5 if number < 12 else 0.58, threshold=0.6
        )
        write_verdicts(con, FEED, week_number(number), [area])

    usual = run(con, DriftSettings(), from_week=12)
    strict = run(con, DriftSettings(domain_auc_fail=0.55, domain_auc_strong=0.57), from_week=12)

    assert decisions(usual) == ["warn"]
    assert decisions(strict) == ["retrain"]
    assert strict[0].decision.because == "strong"


def test_scores_are_judged_by_the_other_thresholds_in_the_week_that_they_are_of() -> None:
    con = make_history(*[100] * 5)
    for number, loss in ((9, 0.4), (10, 0.4), (11, 0.4), (12, 0.42)):
        write_scores(con, FEED, replace(make_scores(number, loss=loss), model_version="m-8"))

    assert decisions(run(con, DriftSettings(), from_week=12)) == ["quiet", "quiet"]
    assert decisions(run(con, DriftSettings(loss_change=0.015), from_week=12)) == ["warn", "quiet"]


def test_losses_are_judged_by_the_other_thresholds() -> None:
    con = make_history(*[100] * 4)
    for number in range(1, 9):
        loss = make_loss(number, 0.02 if number == 8 else 0.0)
        write_losses(con, FEED, week_number(number + 4), [loss])

    assert decisions(run(con, DriftSettings(), from_week=12)) == ["quiet"]
    assert decisions(run(con, DriftSettings(loss_change=0.015), from_week=12)) == ["warn"]
