"""The mixture of tracks, and how metrics go together."""

from dataclasses import replace

import numpy as np
import pytest

from songpop.drift.joint import judge_associations, judge_mixture
from songpop.drift.profile import WeekProfile
from songpop.drift.references import References
from songpop.drift.verdict import Verdict
from songpop.settings import DriftSettings
from tests.songpop.drift.builders import METRICS, STREAMS, make_column, make_profile

SETTINGS = DriftSettings()


def of_ages(week: int, *ages: int, common: int | None = None) -> WeekProfile:
    counts = np.array([*ages, *[0] * (6 - len(ages))])
    return make_profile(week, tracks=sum(ages), ages=counts, common=common)


def mixture(now: WeekProfile, training: tuple[WeekProfile, ...], check: str) -> Verdict:
    verdicts = judge_mixture(now, References(training=training), SETTINGS)
    (found,) = [verdict for verdict in verdicts if verdict.check_name == check]
    return found


EVEN = tuple(of_ages(week, 2_000, 2_000, 2_000, 2_000, 2_000) for week in range(2, 10))


@pytest.mark.parametrize(
    ("young", "old", "verdict", "is_strong"),
    [
        (2_900, 1_100, "pass", False),
        (3_100, 900, "fail", False),
        (900, 3_100, "fail", False),
        (4_600, 0, "fail", True),
    ],
)
def test_mixture_of_ages_fails_from_a_tenth(
    young: int,
    old: int,
    verdict: str,
    is_strong: bool,  # noqa: FBT001 - a case
) -> None:
    rest = (10_000 - young - old) // 3
    now = of_ages(10, young, rest, rest, rest, old)

    found = mixture(now, EVEN, "ages")

    assert (found.verdict, found.is_strong) == (verdict, is_strong)
    assert ("younger" if young > old else "older") in found.details
    assert found.direction == (-1 if young > old else 1)
    assert found.reference == "training weeks"


@pytest.mark.parametrize(
    ("common", "verdict"), [(9_600, "pass"), (8_600, "pass"), (8_400, "warn"), (5_000, "warn")]
)
def test_many_new_tracks_are_told_and_never_retrain(common: int, verdict: str) -> None:
    usual = tuple(of_ages(week, 10_000, common=9_500) for week in range(2, 10))

    found = mixture(of_ages(10, 10_000, common=common), usual, "newcomers")

    assert found.verdict == verdict
    assert found.statistic == pytest.approx(0.95 - common / 10_000)
    assert found.reference == "training weeks"
    assert found.details.endswith("were not listed the week before, usually 5%")


def test_newcomers_are_not_counted_without_a_week_before() -> None:
    first = replace(of_ages(1, 1_000, common=0), before_week=None)
    checks = [
        verdict.check_name for verdict in judge_mixture(first, References(training=EVEN), SETTINGS)
    ]

    assert checks == ["ages"]


def test_tracks_that_came_in_several_weeks_are_not_compared_with_those_of_one() -> None:
    now = of_ages(10, 10_000, common=8_000)
    after_gap = replace(now, before_week=of_ages(7, 1).week)
    usual = tuple(of_ages(week, 10_000, common=9_500) for week in range(2, 10))

    checks = {
        verdict.check_name
        for verdict in judge_mixture(after_gap, References(training=usual), SETTINGS)
    }

    assert mixture(now, usual, "newcomers").verdict == "warn"
    assert checks == {"ages"}


def test_mixture_is_not_judged_by_two_weeks() -> None:
    verdicts = judge_mixture(of_ages(10, 5_000), References(training=EVEN[:2]), SETTINGS)

    assert list(verdicts) == []


def correlated(week: int, *others: float, tracks: int = 1_000) -> WeekProfile:
    """Return a week whose first metric has the given correlations, and whose others have 0.5."""
    table = np.full((4, 4), 0.5)
    table[0, 1:] = table[1:, 0] = others
    np.fill_diagonal(table, 1.0)
    columns = [
        make_column(name, associations=row) for name, row in zip(METRICS, table, strict=True)
    ]
    return make_profile(week, *columns, tracks=tracks)


USUAL = tuple(correlated(week, 0.5, 0.5, 0.5) for week in range(1, 9))
HALF = np.arctanh(0.5)


def associations(now: WeekProfile, training: tuple[WeekProfile, ...] = USUAL) -> dict[str, Verdict]:
    found = judge_associations(now, References(training=training), SETTINGS)
    return {str(verdict.column_name): verdict for verdict in found}


@pytest.mark.parametrize(
    ("moved", "verdict", "is_strong"),
    [(0.14, "pass", False), (0.16, "fail", False), (0.29, "fail", False), (0.31, "fail", True)],
)
def test_lost_correlations_fail_from_a_change_of_fishers_z(
    moved: float,
    verdict: str,
    is_strong: bool,  # noqa: FBT001 - a case
) -> None:
    now = correlated(9, *[float(np.tanh(HALF - moved))] * 3)

    found = associations(now)

    assert found[STREAMS].statistic == pytest.approx(moved)
    assert (found[STREAMS].verdict, found[STREAMS].is_strong) == (verdict, is_strong)
    # The others lost one of their three correlations, which is no median.
    assert {found[name].verdict for name in METRICS[1:]} == {"pass"}
    assert f"Fisher's z moved by {moved:.2f}" in found[STREAMS].details


def test_one_lost_correlation_is_not_a_columns_own() -> None:
    assert {v.verdict for v in associations(correlated(9, -0.5, 0.5, 0.5)).values()} == {"pass"}


def test_correlations_of_few_tracks_move_by_chance() -> None:
    now = correlated(9, *[float(np.tanh(HALF - 0.2))] * 3, tracks=100)

    assert associations(now)[STREAMS].verdict == "pass"


@pytest.mark.parametrize("tracks", [0, 2, 3])
def test_no_tracks_at_all_say_nothing(tracks: int) -> None:
    now = correlated(9, 0.0, 0.0, 0.0, tracks=tracks)

    assert associations(now)[STREAMS].p_value == 1.0


def test_correlations_that_wander_raise_the_threshold() -> None:
    restless = tuple(
        correlated(week, *[float(np.tanh(HALF + moved))] * 3)
        for week, moved in enumerate((-0.2, 0.2) * 4, start=1)
    )
    now = correlated(9, *[float(np.tanh(HALF - 0.2))] * 3)

    assert associations(now)[STREAMS].verdict == "fail"
    assert associations(now, restless)[STREAMS].verdict == "pass"


def test_unknown_correlations_are_left_out() -> None:
    nothing = correlated(9, np.nan, np.nan, np.nan)
    one = correlated(9, np.nan, np.nan, 0.0)

    assert set(associations(nothing)) == set(METRICS[1:])
    assert associations(one)[STREAMS].statistic == pytest.approx(HALF)
    assert STREAMS not in associations(correlated(9, 0.5, 0.5, 0.5), (nothing,) * 3)


def test_perfect_correlations_stay_finite() -> None:
    perfect = tuple(correlated(week, 1.0, 1.0, 1.0) for week in range(1, 9))

    assert associations(correlated(9, -1.0, 1.0, 1.0), perfect)[STREAMS].statistic == 0.0


def test_two_metrics_or_two_weeks_have_no_usual_correlations() -> None:
    short = [make_column(name, associations=np.array([1.0, 0.5])) for name in METRICS[:2]]
    weeks = tuple(make_profile(week, *short) for week in range(1, 9))

    assert associations(make_profile(9, *short), weeks) == {}
    assert associations(correlated(9, 0.0, 0.0, 0.0), USUAL[:2]) == {}
    assert associations(correlated(9, 0.0, 0.0, 0.0), weeks) == {}
