"""Every rule that keeps a week out: it fires at its threshold and not just below."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from songpop.drift.plausibility import FEWEST_COMPARED, judge_plausibility
from songpop.drift.profile import WeekProfile
from songpop.drift.references import References
from songpop.drift.verdict import Check, Verdict
from songpop.settings import DriftSettings
from tests.builders import week_number
from tests.songpop.drift.builders import (
    FOLLOWERS,
    LIKES,
    RANK,
    SPEC,
    STREAMS,
    make_column,
    make_profile,
)

SETTINGS = DriftSettings()
CALM = tuple(make_profile(week) for week in range(1, 9))


def judge(
    now: WeekProfile, recent: Sequence[WeekProfile] = CALM, held: WeekProfile | None = None
) -> list[Verdict]:
    return judge_plausibility(now, References(recent=tuple(recent), held=held), SPEC, SETTINGS)


def verdict_of(verdicts: list[Verdict], check: Check) -> Verdict:
    (found,) = [verdict for verdict in verdicts if verdict.check_name == check]
    return found


def with_column(week: int = 9, name: str = STREAMS, **fields: Any) -> WeekProfile:  # noqa: ANN401
    return make_profile(week, make_column(name, **fields))


def test_week_like_the_others_passes_every_check_once() -> None:
    verdicts = judge(make_profile(9))

    assert [verdict.check_name for verdict in verdicts] == [
        "volume",
        "missing_jump",
        "level_jump",
        "frozen",
        "falling",
    ]
    assert {verdict.verdict for verdict in verdicts} == {"pass"}


def test_nothing_is_judged_without_a_recent_week() -> None:
    broken = make_profile(9, make_column(median_log_ratio=9.0, equal_count=1_000), tracks=5)

    assert judge(broken, recent=()) == []


@pytest.mark.parametrize(("weeks", "is_near"), [(8, True), (9, False)])
def test_after_a_long_gap_only_what_no_time_explains_is_judged(
    weeks: int,
    is_near: bool,  # noqa: FBT001 - a case
) -> None:
    fallen = make_column(median_log_ratio=2.0, equal_count=970, fallen_count=30)
    now = replace(make_profile(9, fallen, rows=5_000), before_week=week_number(9 - weeks))

    found = {verdict.check_name for verdict in judge(now) if verdict.verdict == "quarantine"}

    assert found == {"frozen", "falling"} | ({"volume", "level_jump"} if is_near else set())


def test_other_units_are_no_news_however_long_the_gap() -> None:
    units = make_column(median_log_ratio=float(np.log(1_000)))
    now = replace(make_profile(9, units), before_week=week_number(9 - 50))

    found = verdict_of(judge(now), "units")

    assert found.verdict == "quarantine"
    assert found.details == "the median track has 1,000 times its value of the week before"


@pytest.mark.parametrize(
    ("rows", "verdict"),
    [
        (1_299, "pass"),
        (1_300, "quarantine"),
        (701, "pass"),
        (700, "quarantine"),
    ],
)
def test_volume_may_differ_by_less_than_three_tenths(rows: int, verdict: str) -> None:
    found = verdict_of(judge(make_profile(9, rows=rows)), "volume")

    assert found.verdict == verdict
    assert found.statistic == pytest.approx(rows / 1_000 - 1)
    assert found.details == f"{rows:,} tracks, usually 1,000"
    assert found.direction == (1 if rows > 1_000 else -1)


def test_usual_volume_is_the_median_of_the_recent_weeks() -> None:
    recent = [make_profile(week, rows=rows) for week, rows in enumerate((9, 500, 500, 9_000), 1)]

    assert verdict_of(judge(make_profile(9, rows=600), recent), "volume").verdict == "pass"
    assert verdict_of(judge(make_profile(9, rows=650), recent), "volume").verdict == "quarantine"


def test_volume_is_not_judged_by_two_weeks() -> None:
    verdicts = judge(make_profile(9, rows=5), CALM[:2])

    assert "volume" not in {verdict.check_name for verdict in verdicts}


@pytest.mark.parametrize(
    ("held", "verdict"), [(2_200, "warn"), (2_230, "quarantine"), (1_000, "quarantine")]
)
def test_volume_that_repeats_within_a_tenth_is_news(held: int, verdict: str) -> None:
    verdicts = judge(make_profile(10, rows=2_000), held=make_profile(9, rows=held))

    found = verdict_of(verdicts, "volume")
    assert found.verdict == verdict
    assert found.details.endswith("as in the week that was quarantined") is (verdict == "warn")


@pytest.mark.parametrize(("fallen", "verdict"), [(0, "pass"), (20, "pass"), (21, "quarantine")])
def test_totals_may_fall_for_two_percent(fallen: int, verdict: str) -> None:
    found = verdict_of(judge(with_column(fallen_count=fallen)), "falling")

    assert found.verdict == verdict
    assert found.direction == -int(fallen > 0)


def test_gauges_may_fall() -> None:
    recent = [with_column(week, FOLLOWERS) for week in range(1, 9)]

    verdicts = judge(with_column(name=FOLLOWERS, fallen_count=1_000), recent)

    assert "falling" not in {verdict.check_name for verdict in verdicts}
    assert {verdict.verdict for verdict in verdicts} == {"pass"}


def test_falling_totals_are_never_released_by_repetition() -> None:
    fallen = with_column(fallen_count=300)

    found = verdict_of(judge(replace(fallen), held=fallen), "falling")

    assert found.verdict == "quarantine"


@pytest.mark.parametrize(
    ("times", "check", "verdict"),
    [
        (2.99, "level_jump", "pass"),
        (3.01, "level_jump", "quarantine"),
        (1 / 2.99, "level_jump", "pass"),
        (1 / 3.01, "level_jump", "quarantine"),
        (99.0, "level_jump", "quarantine"),
        (101.0, "units", "quarantine"),
        (1 / 1_000, "units", "quarantine"),
    ],
)
def test_median_may_move_by_less_than_a_factor_of_three(
    times: float, check: Check, verdict: str
) -> None:
    found = verdict_of(judge(with_column(median_log_ratio=float(np.log(times)))), check)

    assert found.verdict == verdict
    assert found.direction == (1 if times > 1 else -1)
    assert "times its value of the week before" in found.details


@pytest.mark.parametrize(
    ("held", "verdict"), [(4.0, "warn"), (3.7, "warn"), (3.6, "quarantine"), (4.5, "quarantine")]
)
def test_level_that_repeats_within_a_tenth_is_news(held: float, verdict: str) -> None:
    verdicts = judge(
        with_column(10, median_log_ratio=float(np.log(4.0))),
        held=with_column(9, median_log_ratio=float(np.log(held))),
    )

    assert verdict_of(verdicts, "level_jump").verdict == verdict


@pytest.mark.parametrize("times", [1_000.0, 1 / 1_000])
def test_other_units_are_never_released_by_repetition(times: float) -> None:
    again = with_column(10, median_log_ratio=float(np.log(times)))

    verdicts = judge(again, held=with_column(9, median_log_ratio=float(np.log(times))))

    assert verdict_of(verdicts, "units").verdict == "quarantine"


def test_level_of_a_column_that_was_not_held_is_not_released() -> None:
    held = make_profile(9, make_column(LIKES, median_log_ratio=float(np.log(4))))

    verdicts = judge(with_column(10, median_log_ratio=float(np.log(4.0))), held=held)

    assert verdict_of(verdicts, "level_jump").verdict == "quarantine"


@pytest.mark.parametrize(
    ("usual", "equal", "verdict"),
    [
        (0, 949, "pass"),
        (0, 951, "quarantine"),
        (900, 951, "quarantine"),
        (940, 965, "pass"),  # of the 60 that usually move, 25 stopped
        (940, 971, "quarantine"),  # and now 31 did
        (997, 1_000, "pass"),  # nearly all stand still anyway, and chance explains the rest
    ],
)
def test_standstill_counts_beyond_what_is_usual(usual: int, equal: int, verdict: str) -> None:
    recent = [with_column(week, equal_count=usual) for week in range(1, 9)]

    found = verdict_of(judge(with_column(equal_count=equal), recent), "frozen")

    assert found.verdict == verdict


def test_usual_standstill_is_the_most_of_the_recent_weeks() -> None:
    recent = [with_column(week, equal_count=980 if week == 3 else 0) for week in range(1, 9)]

    assert verdict_of(judge(with_column(equal_count=985), recent), "frozen").verdict == "pass"


def test_standstill_is_never_released_by_repetition() -> None:
    frozen = with_column(equal_count=1_000)

    assert verdict_of(judge(frozen, held=frozen), "frozen").verdict == "quarantine"


def test_standstill_is_not_judged_without_a_recent_week_that_has_the_column() -> None:
    frozen = with_column(equal_count=1_000)
    lacking = [make_profile(week, make_column(LIKES)) for week in range(1, 9)]
    few = [with_column(week, compared_count=FEWEST_COMPARED - 1) for week in range(1, 9)]

    for recent in (lacking, few):
        assert "frozen" not in {verdict.check_name for verdict in judge(frozen, recent)}


@pytest.mark.parametrize(("missing", "verdict"), [(249, "pass"), (250, "quarantine")])
def test_gaps_may_grow_by_less_than_twenty_points(missing: int, verdict: str) -> None:
    recent = [with_column(week, missing_count=50) for week in range(1, 9)]

    found = verdict_of(judge(with_column(missing_count=missing), recent), "missing_jump")

    assert found.verdict == verdict
    assert found.details == f"missing for {missing / 1_000:.0%} of tracks, usually 5%"


def test_gaps_may_close_at_once() -> None:
    recent = [with_column(week, missing_count=800) for week in range(1, 9)]

    assert verdict_of(judge(with_column(missing_count=0), recent), "missing_jump").verdict == "pass"


def test_gaps_that_the_last_accepted_week_had_are_not_new() -> None:
    recent = [with_column(week, missing_count=500 if week == 8 else 0) for week in range(1, 9)]

    found = verdict_of(judge(with_column(missing_count=500), recent), "missing_jump")

    assert found.verdict == "pass"
    assert found.statistic == pytest.approx(0)


@pytest.mark.parametrize(("held", "verdict"), [(400, "warn"), (300, "quarantine")])
def test_gaps_that_repeat_within_a_tenth_are_news(held: int, verdict: str) -> None:
    verdicts = judge(with_column(10, missing_count=420), held=with_column(9, missing_count=held))

    assert verdict_of(verdicts, "missing_jump").verdict == verdict


def test_ranks_are_exempt() -> None:
    recent = [with_column(week, RANK) for week in range(1, 9)]
    broken = with_column(
        name=RANK, median_log_ratio=9.0, equal_count=1_000, fallen_count=900, missing_count=900
    )

    assert [verdict.check_name for verdict in judge(broken, recent)] == ["volume"]


def test_changes_of_too_few_tracks_say_nothing() -> None:
    few, enough = (
        with_column(compared_count=count, median_log_ratio=9.0, fallen_count=25)
        for count in (FEWEST_COMPARED - 1, FEWEST_COMPARED)
    )

    assert {verdict.check_name for verdict in judge(few)} == {"volume", "missing_jump"}
    assert {v.check_name for v in judge(enough) if v.verdict == "quarantine"} == {
        "units",
        "falling",
    }


@pytest.mark.parametrize("times", [1, 10])
def test_rule_does_not_depend_on_the_number_of_rows(times: int) -> None:
    def scaled(week: int, fallen: int, equal: int, missing: int) -> WeekProfile:
        column = make_column(
            compared_count=1_000 * times,
            fallen_count=fallen * times,
            equal_count=equal * times,
            missing_count=missing * times,
        )
        return make_profile(week, column, tracks=1_000 * times)

    recent = [scaled(week, 0, 100, 50) for week in range(1, 9)]
    statistics = [verdict.statistic for verdict in judge(scaled(9, 30, 960, 300), recent)]

    assert statistics == pytest.approx([0.0, 0.25, 0.1, 0.96, 0.03])


def test_volume_that_was_accepted_is_not_new_in_later_weeks() -> None:
    usual = [make_profile(week, rows=1_000) for week in range(1, 8)]
    grown = make_profile(8, rows=1_500)
    references = References(recent=(*usual, grown))

    verdicts = judge_plausibility(make_profile(9, rows=1_500), references, SPEC, DriftSettings())

    assert [v.verdict for v in verdicts if v.check_name == "volume"] == ["pass"]


def test_few_falling_tracks_of_a_small_feed_are_no_fault() -> None:
    def judge_fallen(count: int) -> list[str]:
        column = make_column(compared_count=40, fallen_count=count)
        references = References(recent=tuple(make_profile(week) for week in range(1, 9)))
        verdicts = judge_plausibility(make_profile(9, column), references, SPEC, DriftSettings())
        return [v.verdict for v in verdicts if v.check_name == "falling"]

    assert judge_fallen(4) == ["pass"]
    assert judge_fallen(5) == ["quarantine"]
