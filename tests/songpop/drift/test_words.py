"""Decisions in words."""

from typing import get_args

import pytest

from songpop.drift.policy import Decision
from songpop.drift.verdict import Check
from songpop.drift.words import (
    CHECK_WORDS,
    MOST_REASONS,
    describe_decision,
    describe_verdict,
    name_platforms,
)
from tests.songpop.drift.builders import FOLLOWERS, LIKES, RANK, SPEC, STREAMS, make_verdict


def test_reasons_begin_with_the_leading_verdicts_and_end_with_the_decision() -> None:
    leading = (
        make_verdict(details="values higher", segment="tracks under 4 weeks"),
        make_verdict("ages", None, details="tracks are younger"),
    )

    reasons = describe_decision(Decision("retrain", "strong", leading), leading, SPEC)

    assert reasons == (
        "Spinner streams: values higher, most of all tracks under 4 weeks",
        "the week: tracks are younger",
        "therefore retrain: strong",
    )


def test_columns_of_one_platform_are_named_together() -> None:
    leading = tuple(make_verdict(column=column) for column in (STREAMS, FOLLOWERS, LIKES))

    reasons = describe_decision(Decision("warn", "not lasting yet", leading), leading, SPEC)

    assert reasons[3:] == (
        "platform Spinner: Spinner streams, Spinner likes",
        "therefore warn: not lasting yet",
    )


def test_platform_of_one_column_or_of_none_is_not_named() -> None:
    twice = [make_verdict("level"), make_verdict("change")]
    without_platform = [make_verdict(column=RANK), make_verdict("ages", None)]

    assert name_platforms(twice, SPEC) == []
    assert name_platforms(without_platform, SPEC) == []


def test_many_verdicts_are_counted_after_the_first_ten() -> None:
    leading = tuple(make_verdict(details=f"no {number}") for number in range(MOST_REASONS + 3))

    reasons = describe_decision(Decision("warn", "noticed", leading), leading, SPEC)

    assert reasons[MOST_REASONS - 1 : MOST_REASONS + 1] == (
        f"Spinner streams: no {MOST_REASONS - 1}",
        "and 3 more",
    )
    ten = Decision("warn", "noticed", leading[:MOST_REASONS])
    assert not any("more" in reason for reason in describe_decision(ten, leading, SPEC))


def test_quiet_week_names_the_check_that_came_nearest() -> None:
    verdicts = [
        make_verdict(verdict="pass", statistic=0.01),
        make_verdict("missing", LIKES, "pass", statistic=-0.085),
        make_verdict("ages", None, "pass", statistic=0.08),
    ]

    assert describe_decision(Decision("quiet", "", ()), verdicts, SPEC) == (
        (
            "quiet: of 3 checks the nearest to an alarm is Spinner likes: missing values, at 85% "
            "of what counts"
        ),
    )


def test_week_that_nothing_could_be_compared_with_says_so() -> None:
    assert describe_decision(Decision("quiet", "", ()), [], SPEC) == (
        "not judged: fewer than three weeks to compare with",
    )


def test_verdict_of_the_week_has_the_week_as_its_subject() -> None:
    assert describe_verdict(make_verdict("volume", None, details="9 tracks"), SPEC) == (
        "the week: 9 tracks"
    )


def test_every_check_has_words() -> None:
    assert set(CHECK_WORDS) == set(get_args(Check))


@pytest.mark.parametrize(
    ("details", "plain"),
    [
        (
            "a classifier tells the week from one of training with AUC 0.71",
            "a classifier names the right one more often than by chance (AUC 0.71; 0.50 is chance",
        ),
        (
            "the model expects a log loss of 0.612, before 0.571",
            "the model is less sure of its scores than before (log loss 0.612, before 0.571;",
        ),
        (
            "log loss on week 2024-01-04 is +0.080 from what the model expected, before +0.010",
            (
                "forecasts for week 2024-01-04 were more wrong than the model expected (log "
                "loss +0.080, before +0.010)"
            ),
        ),
    ],
)
def test_what_statisticians_say_is_said_plainly_with_the_number_kept(
    details: str, plain: str
) -> None:
    assert plain in describe_verdict(make_verdict("domain", None, details=details), SPEC)
