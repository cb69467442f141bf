"""What follows from verdicts."""

import datetime as dt
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from songpop.drift.policy import Decision, PolicyFacts, decide, is_cooling, rank_verdicts
from songpop.drift.verdict import Check, Level, Verdict
from songpop.settings import DriftSettings
from tests.builders import week_number
from tests.songpop.drift.builders import FOLLOWERS, LIKES, STREAMS, make_facts, make_verdict

SETTINGS = DriftSettings()


def decide_on(
    *verdicts: Verdict, settings: DriftSettings = SETTINGS, facts: PolicyFacts | None = None
) -> Decision:
    return decide(verdicts, facts or make_facts(), settings)


def test_no_verdict_at_all_is_quiet() -> None:
    assert decide_on() == Decision("quiet", "", ())


def test_passing_verdicts_are_quiet_and_lead_nothing() -> None:
    assert decide_on(make_verdict(verdict="pass")) == Decision("quiet", "", ())


def test_warnings_alone_only_warn_however_long() -> None:
    warning = make_verdict("newcomers", None, "warn", statistic=0.9)

    found = decide_on(warning, facts=make_facts(earlier=[[warning]] * 5))

    assert found == Decision("warn", "noticed", (warning,))


def test_strong_failure_retrains_at_once() -> None:
    strong = make_verdict(is_strong=True)

    assert decide_on(strong) == Decision("retrain", "strong", (strong,))


def test_failure_of_one_week_only_warns() -> None:
    assert decide_on(make_verdict()).decision == "warn"
    assert decide_on(make_verdict()).because == "not lasting yet"


def test_same_failure_in_two_weeks_retrains() -> None:
    failing = make_verdict()

    found = decide_on(failing, facts=make_facts(earlier=[[failing]]))

    assert (found.decision, found.because) == ("retrain", "lasting 2 weeks")


@pytest.mark.parametrize(
    "earlier",
    [
        make_verdict("change"),
        make_verdict(column=LIKES),
        make_verdict(verdict="warn"),
        make_verdict(verdict="pass"),
    ],
)
def test_another_failure_the_week_before_is_no_lasting_one(earlier: Verdict) -> None:
    assert decide_on(make_verdict(), facts=make_facts(earlier=[[earlier]])).decision == "warn"


def test_weeks_have_to_follow_each_other() -> None:
    failing = make_verdict()

    found = decide_on(failing, facts=make_facts(earlier=[[], [failing]]))

    assert found.decision == "warn"


def test_weeks_before_the_ones_that_count_do_not() -> None:
    failing = make_verdict()

    found = decide_on(failing, facts=make_facts(earlier=[[failing], []]))

    assert found.because == "lasting 2 weeks"


def test_classifier_lasts_though_the_leading_column_changes() -> None:
    now, before = (make_verdict("domain", column) for column in (STREAMS, LIKES))

    found = decide_on(now, facts=make_facts(earlier=[[before]]))

    assert (found.decision, found.because) == ("retrain", "lasting 2 weeks")


@pytest.mark.parametrize(("weeks", "decision"), [(1, "retrain"), (2, "retrain"), (3, "warn")])
def test_weeks_that_a_failure_has_to_last_are_a_setting(weeks: int, decision: str) -> None:
    settings = DriftSettings(persistence_weeks=weeks)
    facts = make_facts(earlier=[[make_verdict()]])

    assert decide_on(make_verdict(), settings=settings, facts=facts).decision == decision


def test_three_lasting_weeks_retrain_where_three_are_asked_for() -> None:
    facts = make_facts(earlier=[[make_verdict()], [make_verdict()]])

    found = decide_on(make_verdict(), settings=DriftSettings(persistence_weeks=3), facts=facts)

    assert found.because == "lasting 3 weeks"


@pytest.mark.parametrize(
    ("now", "before", "because"),
    [
        ((STREAMS,), (LIKES,), None),
        ((STREAMS, FOLLOWERS), (LIKES,), "columns that weigh 20% for 2 weeks"),
        ((LIKES,), (STREAMS, FOLLOWERS), "columns that weigh 20% for 2 weeks"),
        ((STREAMS, FOLLOWERS), ("unheard_of",), None),
    ],
)
def test_failing_columns_count_by_their_weight_in_both_weeks(
    now: tuple[str, ...], before: tuple[str, ...], because: str | None
) -> None:
    weights = {STREAMS: 0.15, FOLLOWERS: 0.1, LIKES: 0.2, "others": 0.55}
    facts = make_facts(
        weights=weights, earlier=[[make_verdict("change", column) for column in before]]
    )

    found = decide_on(*[make_verdict("level", column) for column in now], facts=facts)

    assert found.because == (because or "not lasting yet")
    assert found.decision == ("retrain" if because else "warn")


def test_column_that_fails_in_several_respects_weighs_once() -> None:
    facts = make_facts(weights={STREAMS: 0.15, LIKES: 0.3}, earlier=[[make_verdict(column=LIKES)]])

    found = decide_on(make_verdict("change"), make_verdict("missing"), facts=facts)

    assert found.decision == "warn"


def test_all_metrics_weigh_the_same_where_no_reasons_are_known() -> None:
    one, two = ([make_verdict("level", f"metric_{n}") for n in range(k)] for k in (1, 2))
    others = [make_verdict("change", f"metric_{n}") for n in (5, 6)]

    assert decide_on(*one, facts=make_facts(earlier=[others])).decision == "warn"
    assert decide_on(*two, facts=make_facts(earlier=[others])).decision == "retrain"
    assert decide_on(*two, facts=make_facts(earlier=[others], metrics=())).decision == "warn"


def test_checks_of_the_whole_week_weigh_nothing() -> None:
    facts = make_facts(metrics=["a"], earlier=[[make_verdict("scores", None)]])

    assert decide_on(make_verdict("ages", None), facts=facts).decision == "warn"


@pytest.mark.parametrize(
    ("weeks", "days", "is_cool"), [(1, 0, True), (3, 3, True), (4, -3, False), (4, 0, False)]
)
def test_cool_down_ends_after_four_weeks_give_or_take_a_few_days(
    weeks: int,
    days: int,
    is_cool: bool,  # noqa: FBT001 - a case
) -> None:
    trained = week_number(20) - dt.timedelta(weeks=weeks, days=days)
    strong = make_verdict(is_strong=True)

    found = decide_on(strong, facts=make_facts(last_trained_week=trained))

    assert found.decision == ("warn" if is_cool else "retrain")
    assert found.because == ("strong, but a model was trained recently" if is_cool else "strong")


def test_feed_that_was_never_trained_needs_no_cool_down() -> None:
    assert not is_cooling(make_facts(last_trained_week=None), SETTINGS)


def test_cool_down_may_be_switched_off() -> None:
    facts = make_facts(last_trained_week=week_number(19))

    assert is_cooling(facts, SETTINGS)
    assert not is_cooling(facts, DriftSettings(cool_down_weeks=0))


def test_quarantine_comes_before_everything_and_names_its_own_reasons_alone() -> None:
    kept_out = make_verdict("units", verdict="quarantine")

    found = decide_on(
        make_verdict(is_strong=True),
        kept_out,
        make_verdict(verdict="warn"),
        facts=make_facts(last_trained_week=week_number(19)),
    )

    assert found == Decision("quarantine", "implausible", (kept_out,))


def test_leading_verdicts_are_failures_first_then_warnings() -> None:
    told = make_verdict("newcomers", None, "warn", statistic=9.0)
    weak, far, strong = (
        make_verdict(column="a", statistic=0.11),
        make_verdict(column="b", statistic=-0.3),
        make_verdict(column="c", statistic=0.26, is_strong=True),
    )

    found = decide_on(told, weak, far, make_verdict(verdict="pass"), strong)

    assert found.leading == (strong, far, weak, told)


def test_excess_is_in_terms_of_the_threshold_on_either_side() -> None:
    assert make_verdict(statistic=-0.3).excess == pytest.approx(3)
    assert make_verdict(statistic=0.3, threshold=0.0).excess == 0


CHECKS: list[Check] = ["level", "change", "missing", "domain", "scores", "units"]
LEVELS: list[Level] = ["pass", "warn", "fail"]
VERDICTS = st.builds(
    make_verdict,
    check=st.sampled_from(CHECKS),
    column=st.sampled_from([None, STREAMS, LIKES, FOLLOWERS]),
    verdict=st.sampled_from(LEVELS),
    statistic=st.sampled_from([-0.4, 0.12, 0.2]),
    is_strong=st.booleans(),
)
# One verdict a check and column, as the warehouse holds them.
WEEKS = st.lists(
    VERDICTS, max_size=8, unique_by=lambda verdict: (verdict.check_name, verdict.column_name or "")
)


@given(WEEKS, WEEKS, WEEKS, st.randoms(use_true_random=False))
def test_decision_does_not_depend_on_the_order_of_verdicts(
    now: list[Verdict], before: list[Verdict], older: list[Verdict], source: random.Random
) -> None:
    facts = make_facts(earlier=[before, older], weights={STREAMS: 0.15, LIKES: 0.15})
    mixed = replace(facts, earlier=[source.sample(week, len(week)) for week in facts.earlier])

    assert decide(source.sample(now, len(now)), mixed, SETTINGS) == decide(now, facts, SETTINGS)


@given(WEEKS, st.randoms(use_true_random=False))
def test_ranking_keeps_every_verdict(verdicts: list[Verdict], source: random.Random) -> None:
    ranked = rank_verdicts(verdicts)

    assert sorted(map(repr, ranked)) == sorted(map(repr, verdicts))
    assert rank_verdicts(source.sample(verdicts, len(verdicts))) == ranked


@given(WEEKS, st.integers(1, 30))
def test_cooling_never_makes_a_decision_louder(verdicts: list[Verdict], weeks: int) -> None:
    order = ["quiet", "warn", "retrain"]
    free = decide(verdicts, make_facts(earlier=[verdicts]), SETTINGS)

    trained = make_facts(
        earlier=[verdicts], last_trained_week=week_number(20) - dt.timedelta(weeks=weeks)
    )

    cooled = decide(verdicts, trained, SETTINGS)
    assert order.index(cooled.decision) <= order.index(free.decision)
    assert cooled.leading == free.leading
