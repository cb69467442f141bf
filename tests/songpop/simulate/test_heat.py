import numpy as np

from songpop.simulate.heat import (
    BROADCAST,
    GENERAL,
    HEAT_MEAN,
    SOCIAL,
    choose_leavers,
    draw_heat,
    shock_variance,
    step_heat,
)

COUNT = 20_000
ARTISTS = np.arange(COUNT)


def _run(weeks: int, *, is_concept_flipped: bool = False) -> np.ndarray:
    rng = np.random.default_rng(1)
    heat = draw_heat(rng, COUNT)
    for _ in range(weeks):
        heat = step_heat(heat, ARTISTS, COUNT, is_concept_flipped=is_concept_flipped, rng=rng)
    return heat


def test_momentum_keeps_variance_one() -> None:
    assert 0 < shock_variance() < 1
    # Viral hits add a little to what the shocks are made for.
    assert np.all(np.abs(_run(50).std(axis=1) - 1.0) < 0.06)


def test_social_momentum_lifts_and_broadcast_lowers_until_the_concept_flips() -> None:
    usual, flipped = np.corrcoef(_run(50)), np.corrcoef(_run(50, is_concept_flipped=True))

    assert usual[GENERAL, SOCIAL] > 0.3
    assert usual[GENERAL, BROADCAST] < -0.3
    assert flipped[GENERAL, SOCIAL] < -0.3
    assert flipped[GENERAL, BROADCAST] > 0.3


def test_a_concept_flip_changes_no_other_momentum() -> None:
    usual, flipped = _run(3), _run(3, is_concept_flipped=True)

    assert np.array_equal(usual[SOCIAL:], flipped[SOCIAL:])
    assert not np.array_equal(usual[GENERAL], flipped[GENERAL])


def test_tracks_of_one_artist_move_together() -> None:
    rng = np.random.default_rng(2)
    artists = np.arange(COUNT) // 2
    heat = np.zeros((3, COUNT), dtype=np.float32)
    moved = step_heat(heat, artists, COUNT, is_concept_flipped=False, rng=rng)[GENERAL]

    assert np.corrcoef(moved[0::2], moved[1::2])[0, 1] > 0.15
    assert abs(np.corrcoef(moved[1:-1:2], moved[2::2])[0, 1]) < 0.05


def test_leavers_are_cold_and_as_many_as_asked() -> None:
    rng = np.random.default_rng(3)
    heat = _run(10)
    leavers = choose_leavers(heat, 0.03, rng)

    assert 0.025 < leavers.size / COUNT < 0.035
    assert np.unique(leavers).size == leavers.size
    assert heat[GENERAL, leavers].mean() < heat[GENERAL].mean() - 0.5


def test_nobody_leaves_without_turnover() -> None:
    assert choose_leavers(_run(1), 0.0, np.random.default_rng(4)).size == 0


def test_listed_tracks_settle_at_the_stated_mean() -> None:
    rng = np.random.default_rng(5)
    heat = draw_heat(rng, COUNT)
    for _ in range(60):
        leavers = choose_leavers(heat, 0.03, rng)
        heat = step_heat(heat, ARTISTS, COUNT, is_concept_flipped=False, rng=rng)
        heat[:, leavers] = draw_heat(rng, leavers.size)

    assert np.all(np.abs(heat.mean(axis=1) - HEAT_MEAN) < 0.05)
