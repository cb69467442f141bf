"""Levels, changes and gaps of one metric against the weeks of training."""

from dataclasses import replace

import numpy as np
import pytest

from songpop.drift.bins import CHANGE_BINS, LEVEL_BINS, Counts
from songpop.drift.columns import AGE_NAMES, judge_columns
from songpop.drift.profile import WeekProfile
from songpop.drift.references import References
from songpop.drift.verdict import Check, Verdict
from songpop.settings import DriftSettings
from tests.songpop.drift.builders import (
    LIKES,
    STREAMS,
    make_column,
    make_counts,
    make_profile,
    spread,
)

SETTINGS = DriftSettings()
TRAINING = tuple(make_profile(week) for week in range(1, 9))


def judge(
    now: WeekProfile,
    training: tuple[WeekProfile, ...] = TRAINING,
    year_ago: tuple[WeekProfile, ...] = (),
) -> list[Verdict]:
    references = References(training=training, year_ago=year_ago)
    return judge_columns(now, references, SETTINGS)


def verdict_of(verdicts: list[Verdict], check: Check, column: str = STREAMS) -> Verdict:
    (found,) = [v for v in verdicts if (v.check_name, v.column_name) == (check, column)]
    return found


def with_level(level: Counts, week: int = 9, tracks: int = 1_000) -> WeekProfile:
    return make_profile(week, make_column(level=level), tracks=tracks)


def test_week_of_training_is_at_no_distance_in_any_respect() -> None:
    verdicts = judge(make_profile(9))

    assert [verdict.check_name for verdict in verdicts] == ["change", "level", "missing"]
    assert [verdict.statistic for verdict in verdicts] == pytest.approx([0, 0, 0], abs=1e-12)
    assert {verdict.verdict for verdict in verdicts} == {"pass"}


@pytest.mark.parametrize(("tracks", "verdict"), [(29, "pass"), (30, "fail")])
def test_so_few_tracks_never_drift(tracks: int, verdict: str) -> None:
    column = make_column(level=make_counts(LEVEL_BINS, {150: tracks}), missing_count=0)

    verdicts = judge(make_profile(9, column, tracks=tracks))

    assert verdict_of(verdicts, "level").verdict == verdict


@pytest.mark.parametrize(("tracks", "verdict"), [(29, "pass"), (30, "fail")])
def test_so_few_tracks_lack_nothing(tracks: int, verdict: str) -> None:
    column = make_column(level=make_counts(LEVEL_BINS, {}), missing_count=tracks)

    verdicts = judge(make_profile(9, column, tracks=tracks))

    assert verdict_of(verdicts, "missing").verdict == verdict


@pytest.mark.parametrize(
    ("moved", "verdict", "is_strong"),
    [(9, "pass", False), (11, "fail", False), (24, "fail", False), (26, "fail", True)],
)
@pytest.mark.parametrize("check", ["level", "change"])
def test_distance_fails_from_a_tenth_and_is_strong_from_a_quarter(
    check: Check,
    moved: int,
    verdict: str,
    is_strong: bool,  # noqa: FBT001 - a case
) -> None:
    column = (
        make_column(level=spread(start=100 + moved))
        if check == "level"
        else make_column(change=spread(start=100 + moved, bins=CHANGE_BINS))
    )
    now = make_profile(9, column)

    found = verdict_of(judge(now), check)

    assert (found.verdict, found.is_strong) == (verdict, is_strong)
    assert found.statistic == pytest.approx(moved / 100)
    assert found.direction == 1


@pytest.mark.parametrize(
    ("moved", "check", "words"),
    [
        (20, "level", "values higher than tracks of their age had in training"),
        (-20, "level", "values lower than tracks of their age had in training"),
        (20, "change", "weekly changes larger than tracks of their age had in training"),
        (-20, "change", "weekly changes smaller than tracks of their age had in training"),
    ],
)
def test_words_say_which_way_and_how_far(moved: int, check: Check, words: str) -> None:
    column = make_column(
        level=spread(start=100 + moved), change=spread(start=100 + moved, bins=CHANGE_BINS)
    )

    found = verdict_of(judge(make_profile(9, column)), check)

    assert found.details == f"{words} (distance 0.20, usually up to 0.00)"
    assert found.direction == np.sign(moved)
    assert found.reference == "training weeks"


def test_large_distance_of_few_tracks_is_chance() -> None:
    now = with_level(spread(100, start=115), tracks=100)

    found = verdict_of(judge(now), "level")

    assert found.statistic == pytest.approx(0.15)
    assert found.verdict == "pass"


def test_more_columns_ask_for_a_smaller_chance() -> None:
    # The chance of this distance among 300 and 1,000 tracks is 0.003.
    column = make_column(level=spread(300, start=112))
    alone = make_profile(9, column, tracks=300)
    many = [make_column(f"column_{number}") for number in range(20)]
    among = make_profile(9, column, *many, tracks=300)

    assert verdict_of(judge(alone), "level").verdict == "fail"
    assert verdict_of(judge(among), "level").verdict == "pass"


def test_weeks_that_differ_by_themselves_raise_the_threshold() -> None:
    restless = tuple(
        with_level(spread(start=100 + moved), week)
        for week, moved in enumerate((-20, 20) * 4, start=1)
    )

    found = verdict_of(judge(with_level(spread(start=122)), restless), "level")

    assert found.threshold > 0.3
    assert found.verdict == "pass"
    assert verdict_of(judge(with_level(spread(start=180)), restless), "level").verdict == "fail"


@pytest.mark.parametrize(
    ("a_year_ago", "verdict"), [(120, "warn"), (112, "warn"), (100, "fail"), (140, "fail")]
)
def test_what_differed_so_a_year_ago_is_the_season_and_only_told(
    a_year_ago: int, verdict: str
) -> None:
    now = with_level(spread(start=120), week=60)

    found = verdict_of(judge(now, year_ago=(with_level(spread(start=a_year_ago), 8),)), "level")

    assert (found.verdict, found.is_strong) == (verdict, False)
    assert f"a year ago {abs(a_year_ago - 120) / 100:.2f}" in found.details


def test_season_excuses_a_strong_distance_too() -> None:
    now = with_level(spread(start=150), week=60)

    plain = verdict_of(judge(now), "level")
    # Half as far from that week as from training's, though beyond the threshold.
    found = verdict_of(judge(now, year_ago=(with_level(spread(start=130), 8),)), "level")

    assert (plain.verdict, plain.is_strong) == ("fail", True)
    assert (found.verdict, found.is_strong) == ("warn", False)


def test_age_that_moved_most_is_named() -> None:
    def week(number: int, old_start: int) -> WeekProfile:
        level = spread(500) + spread(500, start=old_start, group=3)
        return with_level(level, number)

    training = tuple(week(number, 300) for number in range(1, 9))

    found = verdict_of(judge(week(9, 340), training), "level")

    assert found.verdict == "fail"
    assert found.segment == AGE_NAMES[3] == "tracks of 1 to 5 years"


def test_no_age_is_named_where_all_moved_or_none_did() -> None:
    all_moved = verdict_of(judge(with_level(spread(start=130))), "level")

    assert (all_moved.verdict, all_moved.segment) == ("fail", None)
    assert verdict_of(judge(make_profile(9)), "level").segment is None


def test_too_few_weeks_of_training_judge_nothing() -> None:
    assert judge(with_level(spread(start=300)), TRAINING[:2]) == []


def test_column_that_training_weeks_lack_is_not_judged() -> None:
    now = make_profile(9, make_column(), make_column(LIKES, level=spread(start=400)))

    assert {verdict.column_name for verdict in judge(now)} == {STREAMS}


def with_gaps(missing: int, week: int = 9, tracks: int = 1_000) -> WeekProfile:
    column = make_column(missing_count=missing, level=spread(tracks - missing))
    return make_profile(week, column, tracks=tracks)


@pytest.mark.parametrize(
    ("missing", "verdict"), [(2_200, "pass"), (2_400, "fail"), (1_800, "pass"), (1_600, "fail")]
)
def test_share_of_gaps_fails_from_three_points(missing: int, verdict: str) -> None:
    training = tuple(with_gaps(2_000, week, 10_000) for week in range(1, 9))

    found = verdict_of(judge(with_gaps(missing, tracks=10_000), training), "missing")

    assert found.verdict == verdict
    assert found.statistic == pytest.approx(missing / 10_000 - 0.2)
    assert found.threshold == pytest.approx(0.03)
    assert found.direction == np.sign(found.statistic)


def test_gaps_are_those_of_the_weeks_own_ages() -> None:
    def week(number: int, young: int, old: int) -> WeekProfile:
        # Of the old tracks half lack the value, of the young ones none.
        level = spread(young) + spread(old // 2, group=4)
        column = make_column(missing_count=old // 2, level=level)
        ages = np.array([young, 0, 0, 0, old, 0])
        return replace(make_profile(number, column, tracks=young + old), ages=ages)

    training = tuple(week(number, 8_000, 2_000) for number in range(1, 9))

    found = verdict_of(judge(week(9, 2_000, 8_000), training), "missing")

    assert found.details == "missing for 40.0% of tracks, 40.0% of such ages in training"
    assert found.verdict == "pass"
    assert found.threshold == pytest.approx(0.03)  # no training week differs from the others


def test_ages_that_training_lacks_expect_no_share_of_gaps() -> None:
    column = make_column(missing_count=2_000, level=spread(4_000) + spread(4_000, group=4))
    ages = np.array([5_000, 0, 0, 0, 5_000, 0])
    now = replace(make_profile(9, column, tracks=10_000), ages=ages)
    training = tuple(with_gaps(2_000, week, 10_000) for week in range(1, 9))

    found = verdict_of(judge(now, training), "missing")

    assert found.details == "missing for 20.0% of tracks, 20.0% of such ages in training"
    assert found.verdict == "pass"


def test_gaps_of_few_tracks_are_chance() -> None:
    training = tuple(with_gaps(200, week) for week in range(1, 9))

    found = verdict_of(judge(with_gaps(30, tracks=130), training), "missing")

    assert found.statistic == pytest.approx(30 / 130 - 0.2)
    assert abs(found.statistic) > found.threshold
    assert found.verdict == "pass"


@pytest.mark.parametrize("times", [1, 10])
def test_distance_is_the_same_for_a_tenth_of_the_rows(times: int) -> None:
    def scaled(start: int, week: int) -> WeekProfile:
        return with_level(spread(1_000 * times, start=start), week, tracks=1_000 * times)

    training = tuple(scaled(100, week) for week in range(1, 9))

    assert verdict_of(judge(scaled(113, 9), training), "level").statistic == pytest.approx(0.13)


def test_changes_over_several_weeks_are_compared_with_their_like_alone() -> None:
    column = make_column(change=spread(start=140, bins=CHANGE_BINS), level=spread(start=140))
    after_gap = replace(make_profile(12, column), before_week=make_profile(9).week)
    three_weekly = tuple(
        replace(make_profile(week), before_week=make_profile(week - 3).week)
        for week in range(4, 12)
    )

    checks = {verdict.check_name for verdict in judge(after_gap)}
    found = verdict_of(judge(after_gap, three_weekly), "change")

    assert checks == {"level", "missing"}
    assert found.verdict == "fail"


def test_weeks_after_a_gap_are_no_reference_for_the_changes_of_others() -> None:
    odd = make_column(change=spread(start=200, bins=CHANGE_BINS))
    after_gap = replace(make_profile(8, odd), before_week=make_profile(5).week)

    found = verdict_of(judge(make_profile(9), (*TRAINING[:5], after_gap)), "change")

    assert found.statistic == pytest.approx(0)


def test_gaps_that_came_a_year_ago_as_well_are_only_told() -> None:
    def with_gaps(week: int, missing: int) -> WeekProfile:
        return make_profile(
            week, make_column(missing_count=missing, level=spread(1_000 - missing)), tracks=1_000
        )

    now, then = with_gaps(60, 400), with_gaps(8, 300)

    alone = verdict_of(judge(now), "missing")
    seasonal = verdict_of(judge(now, year_ago=(then,)), "missing")

    assert (alone.verdict, seasonal.verdict) == ("fail", "warn")
    assert "a year ago as well" in seasonal.details
