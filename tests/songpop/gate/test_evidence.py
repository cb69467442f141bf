from dataclasses import replace

import numpy as np
import pytest

from songpop.errors import CheckError
from tests.builders import week_number
from tests.songpop.gate.make_evidence import FIRST, make_evidence


@pytest.mark.parametrize("model", ["champion", "challenger"])
def test_a_model_that_saw_the_gate_weeks_cannot_be_entered(model: str) -> None:
    message = (
        f"gate: expected weeks from {week_number(FIRST + 1)} on, 4 weeks after the {model} saw "
        f"{week_number(FIRST - 3)}, got week {week_number(FIRST)}; compare on later weeks only"
    )

    with pytest.raises(CheckError, match=message):
        make_evidence(**{f"{model}_seen_until": week_number(FIRST - 3)})  # type: ignore[arg-type] - a field by name


def test_a_challenger_trained_on_its_own_gate_weeks_cannot_be_entered() -> None:
    with pytest.raises(CheckError, match="after the challenger saw"):
        make_evidence(challenger_seen_until=week_number(FIRST + 25))


def test_the_last_week_that_was_seen_is_the_horizon_before_the_gate() -> None:
    evidence = make_evidence(horizon_weeks=2, challenger_seen_until=week_number(FIRST - 2))

    assert (evidence.first_week, evidence.last_week) == (week_number(21), week_number(46))
    assert evidence.weeks_count == 26


ROWS = ["y", "champion", "challenger", "artists", "weeks", "age_weeks"]


@pytest.mark.parametrize("short", ROWS)
def test_rows_that_do_not_match_are_refused_with_their_numbers(short: str) -> None:
    evidence = make_evidence()
    told = ", ".join(f"{name} {3 if name == short else 5_200}" for name in ROWS)

    with pytest.raises(
        CheckError,
        match=f"^gate: expected rows, each with its week, got {told}; leave the gate out where "
        "there are none$",
    ):
        replace(evidence, **{short: getattr(evidence, short)[:3]})


def test_rows_without_their_week_are_refused() -> None:
    weeks = make_evidence().weeks.scatter(0, None)

    with pytest.raises(CheckError, match="gate: expected rows, each with its week, got y 5200, "):
        replace(make_evidence(), weeks=weeks)


def test_no_rows_are_no_evidence() -> None:
    with pytest.raises(CheckError, match="gate: expected rows, each with its week, got y 0, "):
        make_evidence(weeks=0)


@pytest.mark.parametrize("wrong", [np.nan, -0.1, 1.1])
def test_scores_that_are_no_probabilities_are_refused(wrong: float) -> None:
    p = make_evidence().challenger.copy()
    p[:2] = wrong

    with pytest.raises(
        CheckError,
        match=r"^scores of the challenger: expected probabilities in \[0, 1\], got 2 others; "
        "retrain with --force-retrain$",
    ):
        make_evidence(challenger=p)


def test_scores_of_nothing_and_of_certainty_are_probabilities() -> None:
    p = make_evidence().challenger.copy()
    p[:2] = 0, 1

    assert make_evidence(challenger=p).challenger is p
