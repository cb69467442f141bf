import numpy as np
import pytest

from songpop.simulate.ages import TURNOVER_SHARE, draw_newcomer_ages, draw_stationary_ages

COUNT = 200_000


@pytest.mark.parametrize("young_share", [0.0, 0.4])
def test_turnover_keeps_the_age_mix(young_share: float) -> None:
    rng = np.random.default_rng(1)
    ages = draw_stationary_ages(rng, COUNT, young_share)
    newcomers = draw_newcomer_ages(rng, round(COUNT * TURNOVER_SHARE), young_share)
    later = np.concatenate([ages[newcomers.size :] + 7, newcomers])

    for age_days in (7, 28, 91, 365, 1_000, 3_000):
        assert (later <= age_days).mean() == pytest.approx((ages <= age_days).mean(), abs=0.002)


def test_the_age_mix_is_the_real_one() -> None:
    ages = draw_stationary_ages(np.random.default_rng(2), COUNT)

    # Quartiles of the real snapshot: 309, 745 and 1,795 days.
    assert np.quantile(ages, [0.25, 0.5, 0.75]) == pytest.approx([309, 745, 1_795], rel=0.08)
    assert ages.min() >= 1


def test_a_young_mix_is_younger() -> None:
    usual = draw_stationary_ages(np.random.default_rng(3), 20_000)
    young = draw_stationary_ages(np.random.default_rng(3), 20_000, young_share=1.0)

    assert np.median(young) < np.median(usual) / 3


def test_a_quarter_of_the_newcomers_are_fresh() -> None:
    ages = draw_newcomer_ages(np.random.default_rng(4), 50_000)

    assert (ages <= 7).mean() == pytest.approx(0.247, abs=0.01)


def test_most_releases_are_on_fridays() -> None:
    ages = draw_stationary_ages(np.random.default_rng(5), 50_000)

    assert (ages % 7 == 0).mean() == pytest.approx(0.525, abs=0.01)
