"""What the champion says, how sure it is, and how it did."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from songpop.drift.performance import (
    SCORE_BINS,
    MaturedLoss,
    ScoreProfile,
    judge_loss,
    judge_scores,
    measure_loss,
    profile_scores,
)
from songpop.drift.verdict import Verdict
from songpop.settings import DriftSettings
from tests.builders import week_number
from tests.songpop.drift.builders import make_counts

SETTINGS = DriftSettings()


def make_scores(week: int, start: int = 60, loss: float = 0.4, each: int = 10) -> ScoreProfile:
    """Return scores spread evenly over a hundred bins of log-odds."""
    counts = make_counts(SCORE_BINS, dict.fromkeys(range(start, start + 100), each))[:1]
    return ScoreProfile(week_number(week), "m", counts, loss)


def make_loss(week: int, excess: float = 0.0, error: float = 0.001) -> MaturedLoss:
    return MaturedLoss(week_number(week), "m", excess, error, 1_000)


EARLIER = [make_scores(week) for week in range(1, 6)]
MATURED = [make_loss(week) for week in range(1, 6)]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50))
def test_every_score_has_a_bin_and_a_finite_loss(scores: list[float]) -> None:
    profile = profile_scores(week_number(1), "m", np.array(scores))

    assert profile.counts.shape == (1, SCORE_BINS)
    assert profile.counts.sum() == len(scores)
    assert 0 <= profile.estimated_loss <= np.log(2) + 1e-9


def test_estimated_loss_is_the_mean_entropy() -> None:
    scores = np.array([0.5, 0.9])

    found = profile_scores(week_number(1), "m", scores).estimated_loss

    entropy = -(0.9 * np.log(0.9) + 0.1 * np.log(0.1))
    assert found == pytest.approx((np.log(2) + entropy) / 2)


def test_bins_of_scores_are_symmetric_about_one_half() -> None:
    counts = profile_scores(week_number(1), "m", np.array([0.0, 0.4, 0.6, 1.0])).counts[0]

    assert np.array_equal(counts, counts[::-1])
    assert counts[[0, -1]].tolist() == [1, 1]


@pytest.mark.parametrize(
    ("moved", "verdict", "is_strong"),
    [(9, "pass", False), (11, "fail", False), (-11, "fail", False), (26, "fail", True)],
)
def test_scores_fail_from_a_tenth(
    moved: int,
    verdict: str,
    is_strong: bool,  # noqa: FBT001 - a case
) -> None:
    found = judge_scores(make_scores(6, 60 + moved), EARLIER, SETTINGS)[0]

    assert (found.check_name, found.verdict, found.is_strong) == ("scores", verdict, is_strong)
    assert found.statistic == pytest.approx(abs(moved) / 100)
    assert found.direction == np.sign(moved)
    way = "higher" if moved > 0 else "lower"
    assert found.details == f"scores are {way} than the model gave before ({abs(moved) / 100:.2f})"


def test_scores_that_wander_raise_the_threshold() -> None:
    restless = [make_scores(week, 60 + moved) for week, moved in enumerate((-20, 20) * 3, 1)]

    assert judge_scores(make_scores(7, 80), restless, SETTINGS)[0].verdict == "pass"


def test_scores_of_two_weeks_say_nothing_yet() -> None:
    assert judge_scores(make_scores(6, 130), EARLIER[:2], SETTINGS) == []
    assert len(judge_scores(make_scores(6, 130), EARLIER[:3], SETTINGS)) == 2


@pytest.mark.parametrize(
    ("loss", "verdict", "is_strong"),
    [(0.42, "pass", False), (0.431, "fail", False), (0.461, "fail", True), (0.2, "pass", False)],
)
def test_expected_loss_fails_when_it_rises_by_the_threshold(
    loss: float,
    verdict: str,
    is_strong: bool,  # noqa: FBT001 - a case
) -> None:
    found = judge_scores(make_scores(6, loss=loss), EARLIER, SETTINGS)[1]

    assert (found.check_name, found.verdict, found.is_strong) == (
        "estimated_loss",
        verdict,
        is_strong,
    )
    assert found.statistic == pytest.approx(loss - 0.4)
    assert found.p_value is None
    assert found.details == f"the model expects a log loss of {loss:.3f}, before 0.400"


def test_excess_is_what_scores_lost_beyond_their_own_expectation() -> None:
    scores = np.array([0.8, 0.8, 0.8, 0.8, 0.8])
    calibrated = np.array([True, True, True, True, False])
    artists = np.arange(5)

    right = measure_loss(week_number(1), "m", scores, calibrated, artists)
    wrong = measure_loss(week_number(1), "m", scores, ~calibrated, artists)

    assert right.excess == pytest.approx(0)
    assert wrong.excess == pytest.approx(0.6 * np.log(0.8 / 0.2))
    assert (right.week, right.model_version, right.rows_count) == (week_number(1), "m", 5)


def test_rows_of_one_artist_count_as_little_evidence() -> None:
    scores = np.full(100, 0.8)
    y = np.arange(100) < 50
    own = measure_loss(week_number(1), "m", scores, y, np.arange(100))

    shared = measure_loss(week_number(1), "m", scores, y, np.arange(100) // 50)

    assert own.excess == shared.excess
    assert own.standard_error == pytest.approx(np.log(4) / 2 / np.sqrt(100))
    assert shared.standard_error == pytest.approx(np.sqrt(50) * own.standard_error)


def test_certain_and_wrong_scores_lose_no_infinity() -> None:
    found = measure_loss(
        week_number(1), "m", np.array([0.0, 1.0]), np.array([True, False]), np.arange(2)
    )

    assert np.isfinite(found.excess)
    assert found.excess > 20


@pytest.mark.parametrize(
    ("excess", "verdict", "is_strong"),
    [(0.029, "pass", False), (0.031, "fail", False), (0.061, "fail", True), (-0.5, "pass", False)],
)
def test_realised_loss_fails_when_it_rises_by_the_threshold(
    excess: float,
    verdict: str,
    is_strong: bool,  # noqa: FBT001 - a case
) -> None:
    found = judge_loss(make_loss(6, excess), MATURED, SETTINGS)

    assert (found.check_name, found.verdict, found.is_strong) == (
        "realised_loss",
        verdict,
        is_strong,
    )
    assert found.details == (
        f"log loss on week {week_number(6)} is {excess:+.3f} from what the model expected, "
        "before +0.000"
    )


@pytest.mark.parametrize(("excess", "direction"), [(0.001, 1), (0.0, -1), (-0.5, -1)])
def test_loss_without_a_rise_points_downwards(excess: float, direction: int) -> None:
    found = judge_loss(make_loss(6, excess), MATURED, SETTINGS)

    assert found.direction == direction
    assert found.reference == "weeks that the model scored before"


@pytest.mark.parametrize(("error", "verdict"), [(0.03, "fail"), (0.04, "pass")])
def test_rise_that_few_artists_explain_is_chance(error: float, verdict: str) -> None:
    assert judge_loss(make_loss(6, 0.1, error), MATURED, SETTINGS).verdict == verdict


def test_calibration_that_was_off_all_along_is_no_news() -> None:
    off = [make_loss(week, 0.2) for week in range(1, 6)]

    assert judge_loss(make_loss(6, 0.22), off, SETTINGS).verdict == "pass"
    assert judge_loss(make_loss(6, 0.24), off, SETTINGS).verdict == "fail"


def test_losses_that_wander_raise_the_threshold() -> None:
    restless = [make_loss(week, moved) for week, moved in enumerate((-0.05, 0.05) * 3, 1)]

    found = judge_loss(make_loss(7, 0.06), restless, SETTINGS)

    assert found.verdict == "pass"
    assert found.threshold == pytest.approx(1.5 * 0.05)


@pytest.mark.parametrize(("excess", "verdict"), [(0.059, "pass"), (0.061, "fail")])
def test_loss_of_a_new_model_counts_from_twice_the_threshold(excess: float, verdict: str) -> None:
    found: Verdict = judge_loss(make_loss(3, excess), MATURED[:2], SETTINGS)

    assert found.verdict == verdict
    assert found.statistic == excess  # what two weeks showed is not taken off


def test_loss_without_any_error_is_still_judged() -> None:
    found = judge_loss(replace(make_loss(6, 0.1), standard_error=0.0), MATURED, SETTINGS)

    assert (found.verdict, found.p_value) == ("fail", 0.0)
