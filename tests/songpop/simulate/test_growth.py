from dataclasses import replace

import numpy as np

from songpop.simulate.columns import COUNTERS
from songpop.simulate.growth import RESPONSES, draw_gains, feel_season, start_counters
from songpop.simulate.heat import GENERAL, HEAT_MEAN, SOCIAL
from songpop.simulate.panel import Panel
from songpop.simulate.roster import World
from songpop.simulate.tracks import FIRST_WEEK_ORDINAL, Regime, first_panel

WORLD = World(1, 2_000)


def _panel() -> Panel:
    # A week in June: no December in the gains.
    panel = first_panel(WORLD, Regime())
    return replace(panel, week_ordinal=FIRST_WEEK_ORDINAL + 161, releases=panel.releases + 161)


def _usual_heat() -> np.ndarray:
    return np.repeat(np.array(HEAT_MEAN, dtype=np.float32)[:, np.newaxis], 2_000, axis=1)


def test_every_counter_says_how_it_responds() -> None:
    assert tuple(RESPONSES) == COUNTERS


def test_gains_decay_with_age() -> None:
    panel = _panel()
    rng = np.random.default_rng(1)
    young = replace(panel, releases=np.full(2_000, panel.week_ordinal - 60))
    old = replace(panel, releases=np.full(2_000, panel.week_ordinal - 600))
    gains = [draw_gains(each, _usual_heat(), rng) for each in (young, old)]

    assert np.all(gains[0] >= 0)
    assert np.all(np.median(gains[0], axis=1) > np.median(gains[1], axis=1))


def test_momentum_moves_the_platforms_that_respond() -> None:
    panel, usual = _panel(), _usual_heat()
    hot = usual.copy()
    hot[SOCIAL] += 2
    ratio = draw_gains(panel, hot, np.random.default_rng(2)) / draw_gains(
        panel, usual, np.random.default_rng(2)
    )

    assert np.allclose(ratio[COUNTERS.index("TikTok Views")], np.exp(1.6), rtol=1e-3)
    assert np.allclose(ratio[COUNTERS.index("AirPlay Spins")], 1, rtol=1e-3)


def test_december_lifts_every_gain_and_heats_december_songs() -> None:
    panel, usual = _panel(), _usual_heat()
    shift = 738_890 + 357 - panel.week_ordinal
    december = replace(
        panel, week_ordinal=panel.week_ordinal + shift, releases=panel.releases + shift
    )
    gains = [draw_gains(each, usual, np.random.default_rng(3)) for each in (panel, december)]
    is_holiday = np.arange(2_000) < 10
    felt = feel_season(usual, is_holiday, december.week_ordinal)

    assert np.all(gains[1] > gains[0] * 1.1)
    assert np.all(felt[GENERAL, :10] > usual[GENERAL, :10] + 1.5)
    assert np.array_equal(felt[:, 10:], usual[:, 10:])
    assert np.array_equal(feel_season(usual, is_holiday, panel.week_ordinal), usual)


def test_totals_start_at_the_fitted_curve() -> None:
    levels = np.zeros((20, 1), dtype=np.float32)

    assert np.allclose(start_counters(levels, np.array([0.0])), 1.0)
