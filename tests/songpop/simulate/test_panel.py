import numpy as np

from songpop.simulate.panel import replace_tracks
from songpop.simulate.roster import World
from songpop.simulate.tracks import Regime, first_panel


def test_replacing_touches_the_named_slots_alone() -> None:
    panel = first_panel(World(1, 50), Regime())
    newcomers = first_panel(World(2, 3), Regime())
    slots = np.array([4, 9, 30])
    merged = replace_tracks(panel, slots, newcomers)
    others = np.setdiff1d(np.arange(50), slots)

    for name in ("serials", "releases", "levels", "absences", "heat", "counters", "weekly"):
        before, after = getattr(panel, name), getattr(merged, name)
        assert np.array_equal(after[..., slots], getattr(newcomers, name))
        assert np.array_equal(after[..., others], before[..., others])


def test_replacing_changes_no_input() -> None:
    panel = first_panel(World(1, 50), Regime())
    counters = panel.counters.copy()
    replace_tracks(panel, np.array([0]), first_panel(World(2, 1), Regime()))

    assert np.array_equal(panel.counters, counters)


def test_ages_count_from_the_release_to_the_week_s_end() -> None:
    panel = first_panel(World(1, 50), Regime())

    assert np.array_equal(panel.ages_days, panel.week_ordinal - panel.releases)
    assert np.allclose(np.exp(panel.log_ages), panel.ages_days + 7)
