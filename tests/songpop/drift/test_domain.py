"""Whether a classifier tells a week from one of training."""

import numpy as np
import polars as pl
import pytest

from songpop.drift.domain import CHANCE, DomainSample, judge_domain, rate_auc, sample_week
from songpop.settings import DriftSettings
from tests.songpop.drift.builders import FOLLOWERS, LIKES, METRICS, SPEC, STREAMS, make_rows

SETTINGS = DriftSettings()
USUAL = [0.5, 0.5, 0.5]


def draw(
    seed: int, correlation: float = 0.9, shift: float = 0.0, count: int = 800, first: int = 0
) -> DomainSample:
    rng = np.random.default_rng(seed)
    one = rng.normal(size=count)
    other = correlation * one + np.sqrt(1 - correlation**2) * rng.normal(size=count)
    values = np.column_stack([one, np.full(count, np.nan), other + shift, rng.normal(size=count)])
    ids = pl.Series([f"t{number}" for number in range(first, first + count)])
    return DomainSample(ids, values, (STREAMS, LIKES))


def test_sample_holds_levels_and_changes_by_track() -> None:
    now = make_rows([9, 99, None], metrics={FOLLOWERS: [1, 2, 3]})
    before = make_rows([4, 9], metrics={FOLLOWERS: [1, 5]}).reverse()

    sample = sample_week(now, before, SPEC, most=10)

    assert sample.names == METRICS
    assert sample.track_ids.to_list() == ["t0", "t1", "t2"]
    logs = np.log1p(np.array([9, 99, np.nan]))
    changes = logs - np.log1p(np.array([4, 9, np.nan]))
    assert sample.values[:, 0] == pytest.approx(logs, nan_ok=True)
    assert sample.values[:, 1] == pytest.approx(changes, nan_ok=True)
    assert sample.values[:, 5].tolist()[0] == 0.0


def test_sample_without_a_week_before_has_no_changes() -> None:
    values = sample_week(make_rows([1, 2]), None, SPEC, most=10).values

    assert np.isfinite(values[:, 0]).all()
    assert np.isnan(values[:, 1::2]).all()


def test_samples_of_two_weeks_take_the_same_tracks() -> None:
    now = sample_week(make_rows(range(1_000)), None, SPEC, most=100)
    later = sample_week(make_rows(range(1_000)).reverse(), None, SPEC, most=100)

    assert 50 < len(now.track_ids) < 160
    assert set(now.track_ids) == set(later.track_ids)


def test_weeks_of_one_kind_are_not_told_apart() -> None:
    found = judge_domain(draw(1), draw(2, first=800), USUAL, SETTINGS)

    assert found is not None
    assert found.statistic == pytest.approx(CHANCE, abs=0.05)
    assert (found.verdict, found.column_name) == ("pass", None)


def test_known_tracks_do_not_give_the_week_away() -> None:
    # The very same tracks in both weeks: who remembers tracks gains nothing.
    found = judge_domain(draw(1), draw(1), USUAL, SETTINGS)

    assert found is not None
    assert found.statistic < 0.55


def test_moved_column_is_found_and_named() -> None:
    found = judge_domain(draw(1, shift=2.0), draw(2), USUAL, SETTINGS)

    assert found is not None
    assert found.statistic > 0.8
    assert (found.verdict, found.is_strong, found.column_name) == ("fail", True, LIKES)
    assert found.details == ("a classifier tells the week from one of training with AUC 1.00")


def test_broken_tie_of_two_columns_is_found_where_each_alone_looks_the_same() -> None:
    found = judge_domain(draw(1, correlation=-0.9), draw(2), USUAL, SETTINGS)

    assert found is not None
    assert found.verdict == "fail"
    assert found.statistic > 0.75


def test_no_column_is_named_where_none_alone_tells_the_weeks_apart() -> None:
    # The same values, given to other tracks.
    shuffled = draw(1)
    shuffled.values[:, 2] = np.random.default_rng(3).permutation(shuffled.values[:, 2])

    found = judge_domain(shuffled, draw(1, first=800), USUAL, SETTINGS)

    assert found is not None
    assert (found.verdict, found.column_name) == ("fail", None)


def test_same_weeks_give_the_same_area() -> None:
    first = judge_domain(draw(1, shift=0.3), draw(2), USUAL, SETTINGS)

    assert judge_domain(draw(1, shift=0.3), draw(2), USUAL, SETTINGS) == first


@pytest.mark.parametrize("counts", [(99, 800), (800, 99)])
def test_too_few_tracks_teach_nothing(counts: tuple[int, int]) -> None:
    now, reference = (draw(seed, count=count) for seed, count in enumerate(counts))

    assert judge_domain(now, reference, USUAL, SETTINGS) is None


def test_a_hundred_tracks_of_either_week_are_enough() -> None:
    assert judge_domain(draw(1, count=100), draw(2, count=100), USUAL, SETTINGS) is not None


def test_columns_without_two_values_are_left_out() -> None:
    constant = DomainSample(draw(1).track_ids, np.full((800, 4), 7.0), (STREAMS, LIKES))

    found = judge_domain(constant, constant, USUAL, SETTINGS)

    assert found is not None
    assert found.statistic == CHANCE


@pytest.mark.parametrize(
    ("auc", "level", "is_strong"),
    [
        (0.549, "pass", False),
        (0.55, "warn", False),
        (0.599, "warn", False),
        (0.60, "fail", False),
        (0.749, "fail", False),
        (0.75, "fail", True),
    ],
)
def test_area_is_rated_at_its_thresholds(
    auc: float,
    level: str,
    is_strong: bool,  # noqa: FBT001 - a case
) -> None:
    assert rate_auc(auc, USUAL, SETTINGS) == (level, pytest.approx(0.6), is_strong)


def test_usual_area_is_added_to_the_thresholds() -> None:
    usual = [0.7] * 10

    assert rate_auc(0.79, usual, SETTINGS) == ("warn", pytest.approx(0.8), False)
    assert rate_auc(0.81, usual, SETTINGS) == ("fail", pytest.approx(0.8), False)
    assert rate_auc(0.96, usual, SETTINGS)[2]


def test_usual_area_below_chance_takes_nothing_off() -> None:
    assert rate_auc(0.54, [0.4] * 5, SETTINGS) == ("pass", pytest.approx(0.6), False)


def test_nothing_fails_before_three_weeks_showed_what_is_usual() -> None:
    assert rate_auc(0.99, [0.5, 0.5], SETTINGS)[0] == "pass"
    assert rate_auc(0.99, [], SETTINGS)[0] == "pass"
